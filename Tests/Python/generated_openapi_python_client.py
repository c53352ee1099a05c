"""Uses the client that openapi-python-client makes from openapi.yaml on a running system.

Usage: generated_openapi_python_client.py FOLDER, where FOLDER holds the generated package `paylinks_opc`.
"""

import json
import os
import sys
import time
from io import BytesIO

sys.path.insert(0, sys.argv[1])

from paylinks_opc import AuthenticatedClient, Client
from paylinks_opc.api.claims import claim_payment_link, claim_payment_links, read_link_details
from paylinks_opc.api.events import list_events
from paylinks_opc.api.payment_links import (
    create_payment_link, create_payment_links, list_payment_links, read_payment_link,
)
from paylinks_opc.api.wallets import list_wallet_transactions
from paylinks_opc.api.webhooks import create_webhook, delete_webhook, list_deliveries, test_webhook
from paylinks_opc.models import (
    BankAccount, Delivery, DeliveryPage, DeliveryStatus, EntryPage, EventPage, LinkLine, Method, NewClaim,
    NewPaymentLink, NewWebhook, PaymentLink, PaymentLinkPage, WalletAccount,
)
from paylinks_opc.types import File

base, key = os.environ["PAYLINKS_BASE_URL"], os.environ["PAYLINKS_API_KEY"]
payee, payer = os.environ["PAYLINKS_PAYEE_WALLET"], os.environ["PAYLINKS_PAYER_WALLET"]
client = AuthenticatedClient(base_url=base, token=key, raise_on_unexpected_status=True)
stranger = Client(base_url=base, raise_on_unexpected_status=True)


def is_a(value, kind):
    """The value, once it is of the type that the document promises."""
    assert isinstance(value, kind), f"{value!r} is not a {kind.__name__}"
    return value


def lines(send, bodies):
    """Sends a batch, and returns the lines of its response."""
    content = "".join(json.dumps(body) + "\n" for body in bodies).encode()
    answer = is_a(send.sync(client=client, body=File(payload=BytesIO(content))), File)
    return [json.loads(line) for line in answer.payload.read().splitlines()]


link = is_a(
    create_payment_link.sync(client=client, body=NewPaymentLink(wallet_id=payee, amount="1.50", description="Tea")),
    PaymentLink,
)
assert (link.wallet_id, link.amount, link.description) == (payee, "1.50", "Tea")
assert read_link_details.sync(link.slug, client=stranger).amount == "1.50"
wallet = NewClaim(method=Method.WALLET, destination=WalletAccount(type_="WALLET", wallet_id=payer))
assert claim_payment_link.sync(link.slug, client=client, body=wallet).status == "SETTLED"

refusal = read_payment_link.sync("lnk_01JQRGX5R0A1B2C3D4E5F6G7H8", client=client)
assert refusal.error.code == "PAYMENT_LINK_NOT_FOUND" and refusal.error.message

made = lines(create_payment_links, [{"walletId": payee, "amount": "2.00"}, {"walletId": payee, "amount": "3.00"}])
links = [LinkLine.from_dict(line) for line in made if "index" in line]
assert [line.status for line in links] == [201, 201], made
account = BankAccount(type_="ACH", routing_number="021000021", account_number="1234567890", account_name="Acme Corp")
claims = [wallet.to_dict(), NewClaim(method=Method.ACH, destination=account).to_dict()]
paid = lines(claim_payment_links, [claim | {"slug": line.body.slug} for claim, line in zip(claims, links)])
assert [line["status"] for line in paid if "index" in line] == [200, 200], paid

hook = create_webhook.sync(client=client, body=NewWebhook(url="http://127.0.0.1:1/nobody"))
assert test_webhook.sync(hook.id, client=client).delivered is False
is_a(create_payment_link.sync(client=client, body=NewPaymentLink(wallet_id=payee, amount="1.50")), PaymentLink)
deadline = time.monotonic() + 30
page = None
while page is None or (not page.data and time.monotonic() < deadline):  # The webhook worker makes it in a moment.
    page = is_a(list_deliveries.sync(hook.id, client=client, status=DeliveryStatus.PENDING), DeliveryPage)
delivery = is_a(page.data[0], Delivery)
assert (delivery.webhook_id, delivery.status) == (hook.id, DeliveryStatus.PENDING)
delete_webhook.sync_detailed(hook.id, client=client)

assert is_a(list_payment_links.sync(client=client, limit=2), PaymentLinkPage).has_more
assert is_a(list_wallet_transactions.sync(payer, client=client), EntryPage).data[0].direction == "DEBIT"
assert is_a(list_events.sync(client=client, limit=1), EventPage).data[0].id.startswith("evt_")
print("openapi-python-client: links, claims, batches, deliveries, entries, and events are read as their types")
