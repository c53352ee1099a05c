"""What Schemathesis cannot know from the document alone: which wallets exist, what the time is, how check digits work.

Only requests that are meant to be right are mended; wrong ones go out as they were made.
PAYLINKS_PAYEE_WALLET and PAYLINKS_PAYER_WALLET name wallets of the key's organization.
"""

import json
import os

import schemathesis
from schemathesis.generation import GenerationMode

PAYEE = os.environ["PAYLINKS_PAYEE_WALLET"]
PAYER = os.environ["PAYLINKS_PAYER_WALLET"]
FUTURE = "2035-04-01T00:00:00Z"


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def lines(context, value):
    """Sends the lines of a batch as they are. A value of another type goes out as JSON."""
    value = getattr(value, "data", value)  # Schemathesis keeps binary values in a string without characters.
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.hook
def before_call(context, case, **_):
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if isinstance(case.body, dict):
        case.body = mended(case.body)
        if case.headers and "Idempotency-Key" in case.headers:
            case.body.pop("idempotencyKey", None)
    if isinstance(case.query, dict):
        if "walletId" in case.query:
            case.query["walletId"] = PAYEE
        if "cursor" in case.query:
            # A page begins at one place. A document of OpenAPI cannot say that two parameters exclude each other.
            case.query.pop("offset", None)


def mended(body):
    body = dict(body)
    if "walletId" in body:
        body["walletId"] = PAYEE
    if isinstance(body.get("expiresAt"), str):
        body["expiresAt"] = FUTURE
    if "url" in body:
        body["url"] = "https://example.com/hooks"
    if isinstance(body.get("allowedIps"), list):
        body["allowedIps"] = ["192.0.2.0/24", "2001:db8::1"]
    if isinstance(body.get("amount"), float):
        body["amount"] = max(round(body["amount"], 2), 0.01)
    if isinstance(body.get("destination"), dict):
        body["destination"] = mended_destination(body["destination"])
    return body


def mended_destination(destination):
    """An account that may well pay: a number that is some bank's, an address in one case, a wallet that is there."""
    destination = dict(destination)
    if "routingNumber" in destination:
        destination |= {"routingNumber": "021000021", "accountName": "Acme Corp"}
    if "address" in destination:
        destination["address"] = destination["address"].lower()
    if "walletId" in destination:
        destination["walletId"] = PAYER
    return destination
