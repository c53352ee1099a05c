"""Uses the client that openapi-generator (its generator `python`) makes from openapi.yaml on a running system.

Usage: generated_openapi_generator.py FOLDER, where FOLDER holds the generated package `paylinks_og`.
"""

import json
import os
import sys
import time

sys.path.insert(0, sys.argv[1])

from paylinks_og import ApiClient, ClaimsApi, Configuration, EventsApi, PaymentLinksApi, WalletsApi, WebhooksApi
from paylinks_og.exceptions import NotFoundException
from paylinks_og.models import (
    BankAccount, Delivery, DeliveryStatus, EntryPage, EventPage, LinkLine, NewClaim, NewClaimDestination,
    NewPaymentLink, NewWebhook, PaymentLink, PaymentLinkPage, WalletAccount,
)

base, key = os.environ["PAYLINKS_BASE_URL"], os.environ["PAYLINKS_API_KEY"]
payee, payer = os.environ["PAYLINKS_PAYEE_WALLET"], os.environ["PAYLINKS_PAYER_WALLET"]
client, stranger = ApiClient(Configuration(host=base, access_token=key)), ApiClient(Configuration(host=base))
links, claims, webhooks = PaymentLinksApi(client), ClaimsApi(client), WebhooksApi(client)


def is_a(value, kind):
    """The value, once it is of the type that the document promises."""
    assert isinstance(value, kind), f"{value!r} is not a {kind.__name__}"
    return value


def claim_of(method, account):
    return NewClaim(method=method, destination=NewClaimDestination(account))


def lines(send, bodies):
    """Sends a batch, and returns the lines of its response."""
    content = "".join(json.dumps(body) + "\n" for body in bodies).encode()
    return [json.loads(line) for line in bytes(send(content)).splitlines()]


link = is_a(links.create_payment_link(NewPaymentLink(walletId=payee, amount="1.50", description="Tea")), PaymentLink)
assert (link.wallet_id, link.amount, link.description) == (payee, "1.50", "Tea")
assert ClaimsApi(stranger).read_link_details(link.slug).amount == "1.50"
wallet = claim_of("wallet", WalletAccount(type="WALLET", walletId=payer))
assert claims.claim_payment_link(link.slug, wallet).status == "SETTLED"

try:
    links.read_payment_link("lnk_01JQRGX5R0A1B2C3D4E5F6G7H8")
    raise AssertionError("a link that does not exist was read")
except NotFoundException as error:
    assert error.data.error.code == "PAYMENT_LINK_NOT_FOUND" and error.data.error.message

made = lines(links.create_payment_links, [{"walletId": payee, "amount": "2.00"}, {"walletId": payee, "amount": "3.00"}])
made = [is_a(LinkLine.from_dict(line), LinkLine) for line in made if "index" in line]
assert [line.status for line in made] == [201, 201], made
account = BankAccount(type="ACH", routingNumber="021000021", accountNumber="1234567890", accountName="Acme Corp")
bodies = [wallet.to_dict(), claim_of("ach", account).to_dict()]
slugs = [line.body.actual_instance.slug for line in made]
paid = lines(claims.claim_payment_links, [body | {"slug": slug} for body, slug in zip(bodies, slugs)])
assert [line["status"] for line in paid if "index" in line] == [200, 200], paid

hook = webhooks.create_webhook(NewWebhook(url="http://127.0.0.1:1/nobody"))
links.create_payment_link(NewPaymentLink(walletId=payee, amount="1.50"))
deadline = time.monotonic() + 30
found = []
while not found and time.monotonic() < deadline:  # The webhook worker makes it in a moment.
    found = webhooks.list_deliveries(hook.id, status=DeliveryStatus.PENDING).data
assert (is_a(found[0], Delivery).webhook_id, found[0].status) == (hook.id, DeliveryStatus.PENDING)
webhooks.delete_webhook(hook.id)

assert is_a(links.list_payment_links(limit=2), PaymentLinkPage).has_more
assert is_a(WalletsApi(client).list_wallet_transactions(payer), EntryPage).data[0].direction == "DEBIT"
assert is_a(EventsApi(client).list_events(limit=1), EventPage).data[0].id.startswith("evt_")
print("openapi-generator: links, claims, refusals, batches, deliveries, entries, and events are read as their types")
