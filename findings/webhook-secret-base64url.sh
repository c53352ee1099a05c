#!/usr/bin/env bash
# standardwebhooks 1.1.0 and svix 2.9.1 drop - and _ of a webhook secret. A secret in the URL-safe alphabet of base64
# is either refused, by the number of the characters that are left, or becomes a shorter key without an error;
# signatures by the whole key are then refused.
#
# The input is valid base64url (RFC 4648, section 5), which other senders use. The Standard Webhooks text says base64.
# For this reason this project writes secrets in the standard alphabet, and its own verifiers refuse the other one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check standardwebhooks==1.1.0 svix==2.9.1

venv/bin/python >seen 2>log <<'PYTHON'
import base64
from datetime import datetime, timezone
import standardwebhooks.webhooks
import svix.webhooks

text = base64.b64encode(b"\xfb\xef\xbe" * 2 + b"twenty-six further bytes..").decode()
url_safe = text.replace("+", "-").replace("/", "_")
now = datetime.now(timezone.utc)
for module in (standardwebhooks.webhooks, svix.webhooks):
    whole, given, rest = (module.Webhook("whsec_" + form) for form in (text, url_safe, url_safe.replace("-", "")))
    headers = {"webhook-id": "1", "webhook-timestamp": str(int(now.timestamp()))}
    headers["webhook-signature"] = whole.sign("1", now, "{}")
    whole.verify("{}", headers)
    try:
        outcome = given.verify("{}", headers)
    except module.WebhookVerificationError as error:
        outcome = error
    print(module.__name__, outcome, given.sign("1", now, "{}") == rest.sign("1", now, "{}"), sep="; ")
PYTHON
cat seen
diff seen - <<'SEEN'
standardwebhooks.webhooks; No matching signature found; True
svix.webhooks; No matching signature found; True
SEEN
