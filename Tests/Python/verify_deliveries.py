"""Lets verifiers that others wrote judge deliveries.

Reads a list of cases from the file that is named: {"name", "secret", "headers", "body" (base64), "laterBySeconds"}, where
the last says how long after its arrival a receiver looks at the delivery. Prints what each verifier said, by case:
{"<name>": {"standardwebhooks": true, "svix": true, "wallgent": true}}.
"""

import base64
import json
import sys
from datetime import datetime, timedelta
from unittest import mock

import standardwebhooks.webhooks
import svix.webhooks
import wallgent.webhooks


def clock_ahead(by):
    """The clock of the verifiers, put forward; `svix` verifies through `standardwebhooks`."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=by)

    return mock.patch.object(standardwebhooks.webhooks, "datetime", Clock)


def accepts(library, case, body):
    try:
        library.Webhook(case["secret"]).verify(body, case["headers"])
        return True
    except library.WebhookVerificationError:
        return False


def judge(case):
    body = base64.b64decode(case["body"])
    signature = case["headers"].get(case.get("signatureHeader", "wallgent-signature"), "")
    with clock_ahead(case.get("laterBySeconds", 0)):
        return {
            "standardwebhooks": accepts(standardwebhooks.webhooks, case, body),
            "svix": accepts(svix.webhooks, case, body),
            "wallgent": wallgent.webhooks.verify_webhook_signature(body, signature, case["secret"]),
        }


with open(sys.argv[1], "rb") as file:
    cases = json.load(file)
print(json.dumps({case["name"]: judge(case) for case in cases}))
