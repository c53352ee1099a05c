"""The API's own Python client, unchanged, against a running system.

Every method of its resources that speak of what we have is called, by the synchronous and by the asynchronous client;
its typed models read every answer; every error arrives as its class. PAYLINKS_BASE_URL, PAYLINKS_API_KEY (sandbox, all
permissions) and PAYLINKS_LIVE_API_KEY (of the same organization) say where and as whom. The system must take endpoints
on loopback, as a development system does.
"""

import asyncio
import inspect
import logging
import os
import time
import unittest
import uuid

from receiver import Receiver
from wallgent import AsyncWallgent, Wallgent, exceptions, models
from wallgent.pagination import Page
from wallgent.webhooks import verify_webhook_signature

BASE_URL = os.environ["PAYLINKS_BASE_URL"] + "/v1"
KEY = os.environ["PAYLINKS_API_KEY"]
LIVE_KEY = os.environ["PAYLINKS_LIVE_API_KEY"]
RESOURCES = ("wallets", "sandbox", "payment_links", "webhooks", "api_keys")
PATIENCE_SECONDS = 20


def client(key=KEY):
    return Wallgent(key, base_url=BASE_URL)


class Recorder:
    """A resource whose calls are noted."""

    def __init__(self, resource, name, called):
        self._resource, self._name, self._called = resource, name, called

    def __getattr__(self, method):
        self._called.add(f"{self._name}.{method}")
        return getattr(self._resource, method)


class Synchronous:
    """The synchronous client, called as the asynchronous one is, so that one story tells of both."""

    def __init__(self, called):
        self._client = client()
        for name in RESOURCES:
            setattr(self, name, Recorder(Waitable(getattr(self._client, name)), name, called))

    async def request(self, *arguments, **options):
        return self._client._request(*arguments, **options)


class Waitable:
    def __init__(self, resource):
        self._resource = resource

    def __getattr__(self, method):
        async def call(*arguments, **options):
            return getattr(self._resource, method)(*arguments, **options)

        return call


class Asynchronous:
    def __init__(self, called):
        self._client = AsyncWallgent(KEY, base_url=BASE_URL)
        for name in RESOURCES:
            setattr(self, name, Recorder(getattr(self._client, name), name, called))

    async def request(self, *arguments, **options):
        return await asyncio.to_thread(client()._request, *arguments, **options)


async def eventually(ask):
    """What `ask` answers, once it is something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = await ask()
        if answer:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


class MethodTests(unittest.IsolatedAsyncioTestCase):
    async def test_every_method_of_the_synchronous_client(self):
        await self.tell(Synchronous)

    async def test_every_method_of_the_asynchronous_client(self):
        await self.tell(Asynchronous)

    async def tell(self, make):
        called = set()
        wg = make(called)
        await self.wallets(wg)
        await self.payment_links(wg)
        await self.webhooks(wg)
        await self.dead_letters(wg)
        await self.api_keys(wg)
        self.assertEqual(self.methods() - called, set())

    def methods(self):
        wg = client()
        return {
            f"{name}.{method}"
            for name in RESOURCES
            for method, _ in inspect.getmembers(getattr(wg, name), inspect.ismethod)
            if not method.startswith("_")
        }

    async def wallets(self, wg):
        made = models.Wallet.model_validate(
            await wg.wallets.create("Agent", agent_name="Ada", metadata={"team": "data", "size": 3, "paid": True})
        )
        self.assertEqual((made.name, made.agent_name, made.status, made.balance), ("Agent", "Ada", "ACTIVE", "0.00"))
        self.assertEqual(made.metadata, {"team": "data", "size": 3, "paid": True})
        changed = models.Wallet.model_validate(
            await wg.wallets.update(made.id, name="Agent 2", agent_name="Bob", metadata={"team": "ops"})
        )
        self.assertEqual((changed.name, changed.agent_name, changed.metadata), ("Agent 2", "Bob", {"team": "ops"}))
        self.assertEqual(models.Wallet.model_validate(await wg.wallets.retrieve(made.id)), changed)
        page = models.WalletPage.model_validate(await wg.wallets.list(limit=1))
        self.assertEqual([wallet.id for wallet in page.data], [made.id])
        self.assertTrue(page.has_more)
        rest = Page.from_dict(await wg.wallets.list(limit=1, cursor=page.cursor))
        self.assertEqual(len(rest), 1)
        self.assertNotEqual(rest.data[0]["id"], made.id)

        key = str(uuid.uuid4())
        first = await wg.wallets.fund(made.id, "100.25", idempotency_key=key)
        self.assertEqual(await wg.wallets.fund(made.id, "100.25", idempotency_key=key), first)
        self.assertEqual((first["walletId"], first["amount"], first["newBalance"]), (made.id, "100.25", "100.25"))
        self.assertEqual((await wg.sandbox.fund(wallet_id=made.id, amount="1.00"))["newBalance"], "101.25")
        self.assertEqual((await wg.sandbox.fund(wallet_id=made.id, amount=0.75))["newBalance"], "102.00")
        self.assertEqual((await wg.sandbox.fund(wallet_id=made.id, amount=8))["newBalance"], "110.00")
        raw = await wg.wallets.get_balance(made.id)
        balance = models.WalletBalance.model_validate(raw)
        self.assertEqual((raw["balance"], balance.available, balance.pending), ("110.00", "110.00", "0.00"))
        entries = await wg.wallets.list_transactions(made.id, limit=3)
        self.assertTrue(entries["hasMore"])
        entries = entries["data"] + (await wg.wallets.list_transactions(made.id, cursor=entries["cursor"]))["data"]
        entries = [models.WalletTransaction.model_validate(entry) for entry in entries]
        self.assertEqual([entry.amount for entry in entries], ["8.00", "0.75", "1.00", "100.25"])
        self.assertEqual({entry.direction for entry in entries}, {"CREDIT"})
        self.assertEqual(entries[-1].related_transaction_id, first["transactionId"])

    async def payment_links(self, wg):
        payee, payer = await wg.wallets.create("Payee"), await wg.wallets.create("Payer")
        await wg.wallets.fund(payer["id"], "50.00")
        link = await wg.payment_links.create(
            walletId=payee["id"], amount="12.50", currency="USD", description="Tea", maxUses=1,
            expiresAt="2035-04-01T00:00:00Z", metadata={"order": "A-1"},
        )
        self.assertEqual((link["status"], link["amount"], link["walletId"]), ("ACTIVE", "12.50", payee["id"]))
        self.assertTrue(link["url"].endswith(link["slug"]))
        listed = await wg.payment_links.list(wallet_id=payee["id"], status="ACTIVE", limit=5)
        self.assertEqual([one["id"] for one in listed], [link["id"]])
        cancelled = await wg.payment_links.cancel(link["id"])
        self.assertEqual(cancelled["status"], "CANCELLED")
        self.assertEqual((await wg.payment_links.cancel(link["id"]))["cancelledAt"], cancelled["cancelledAt"])
        self.assertEqual(await wg.payment_links.list(wallet_id=payee["id"], status="ACTIVE"), [])

        link = await wg.payment_links.create(walletId=payee["id"], amount="12.50")
        destination = {"type": "ACH", "routingNumber": "021000021", "accountNumber": "1234569999", "accountName": "A"}
        claim = await wg.request(
            "POST", f"/payment-links/claim/{link['slug']}/claim", json={"method": "ach", "destination": destination}
        )
        self.assertEqual(claim["status"], "PENDING")
        holds = (await wg.wallets.list_holds(payee["id"], status="PENDING"))["data"]
        self.assertEqual([(hold["claimId"], hold["amount"]) for hold in holds], [(claim["claimId"], "12.50")])
        self.assertEqual((await wg.wallets.list_holds(payee["id"], status="RELEASED"))["data"], [])
        self.assertEqual((await wg.wallets.get_balance(payee["id"]))["pending"], "12.50")

    async def webhooks(self, wg):
        with Receiver() as receiver:
            raw = await wg.webhooks.create(receiver.url, ["wallet.funded", "payment.completed"])
            made = models.Webhook.model_validate(raw)
            self.assertTrue(made.enabled and made.secret.startswith("whsec_"))
            self.assertIn(made.id, [one["id"] for one in await wg.webhooks.list()])
            self.assertIsNone(models.Webhook.model_validate(await wg.webhooks.retrieve(made.id)).secret)
            changed = await wg.webhooks.update(made.id, url=receiver.url + "/2", enabled=False, events=["*"])
            self.assertEqual((changed["url"], changed["enabled"], changed["events"]), (receiver.url + "/2", False, ["*"]))
            await wg.webhooks.update(made.id, enabled=True)
            test = await wg.webhooks.test(made.id)
            self.assertEqual((test["delivered"], test["statusCode"]), (True, 200))
            self.assertGreaterEqual(test["durationMs"], 0)
            wallet = await wg.wallets.create("Told of")
            await wg.wallets.fund(wallet["id"], "1.00")
            await eventually(lambda: self.told_of(receiver, wallet["id"], made.secret))
            self.assertIsNone(await wg.webhooks.delete(made.id))
            with self.assertRaises(exceptions.WebhookNotFoundError):
                await wg.webhooks.retrieve(made.id)

    async def told_of(self, receiver, wallet_id, secret):
        for request in receiver.requests:
            signature = request.headers["Wallgent-Signature"]
            self.assertTrue(verify_webhook_signature(request.body, signature, secret))
            self.assertFalse(verify_webhook_signature(request.body + b" ", signature, secret))
            self.assertFalse(verify_webhook_signature(request.body, signature, secret + "x"))
        return any(request.json["data"].get("walletId") == wallet_id for request in receiver.requests)

    async def dead_letters(self, wg):
        """An endpoint that says 410 is not asked again, so its delivery is a dead one at once."""
        wallet = await wg.wallets.create("Dead")
        dead = [await self.dead_letter(wg, wallet["id"]) for _ in range(2)]
        self.assertEqual(len((await wg.webhooks.list_dlq(limit=1, offset=1))["data"]), 1)
        retried = await wg.webhooks.retry_dlq(dead[0].id)
        self.assertEqual((retried["id"], retried["status"]), (dead[0].id, "PENDING"))
        discarded = await wg.webhooks.discard_dlq(dead[1].id)
        self.assertEqual((discarded["id"], discarded["status"]), (dead[1].id, "FAILED"))
        self.assertNotIn(dead[1].id, [one["id"] for one in (await wg.webhooks.list_dlq())["data"]])
        with self.assertRaises(exceptions.NotFoundError):
            await wg.webhooks.retry_dlq("dlv_00000000000000000000000000")

    async def dead_letter(self, wg, wallet_id):
        with Receiver(status=410) as receiver:
            webhook = await wg.webhooks.create(receiver.url, ["wallet.funded"])
            await wg.wallets.fund(wallet_id, "1.00")

            async def find():
                entries = (await wg.webhooks.list_dlq(limit=100))["data"]
                return [entry for entry in entries if entry["webhookId"] == webhook["id"]]

            entry = models.WebhookDlqEntry.model_validate((await eventually(find))[0])
            self.assertEqual((entry.event_type, entry.attempts), ("wallet.funded", 1))
            self.assertEqual(entry.payload["data"]["walletId"], wallet_id)
            return entry

    async def api_keys(self, wg):
        made = models.ApiKey.model_validate(
            await wg.api_keys.create("Till", ["wallets:read"], environment="SANDBOX")
        )
        self.assertEqual((made.status, made.environment, made.permissions), ("ACTIVE", "SANDBOX", ["wallets:read"]))
        self.assertTrue(made.secret.startswith(made.key_prefix))
        self.assertEqual(len(client(made.secret).wallets.list(limit=1)["data"]), 1)
        page = await wg.api_keys.list(limit=1)
        self.assertEqual(models.ApiKey.model_validate(page["data"][0]).id, made.id)
        self.assertTrue(page["hasMore"])
        self.assertEqual(len((await wg.api_keys.list(cursor=page["cursor"]))["data"][:1]), 1)
        changed = await wg.api_keys.update(made.id, name="Till 2", permissions=["wallets:read", "payments:read"])
        self.assertEqual((changed["name"], changed["permissions"]), ("Till 2", ["payments:read", "wallets:read"]))
        self.assertIsNone(models.ApiKey.model_validate(await wg.api_keys.retrieve(made.id)).secret)
        self.assertIsNone(await wg.api_keys.delete(made.id))
        self.assertEqual((await wg.api_keys.retrieve(made.id))["status"], "REVOKED")


class ErrorTests(unittest.TestCase):
    """Each error of ours that the client has a class for is raised as that class, with our code and details."""

    def setUp(self):
        self.wg = client()
        self.wallet = self.wg.wallets.create("Errors")["id"]

    def expect(self, kind, code, call, *arguments, **options):
        with self.assertRaises(kind) as raised:
            call(*arguments, **options)
        self.assertIs(type(raised.exception), kind)
        self.assertEqual(raised.exception.error_code, code)
        self.assertTrue(raised.exception.message)
        return raised.exception

    def claim(self, slug, wallet):
        body = {"method": "wallet", "destination": {"type": "WALLET", "walletId": wallet}}
        return self.wg._request("POST", f"/payment-links/claim/{slug}/claim", json=body)

    def test_keys(self):
        self.expect(exceptions.UnauthorizedError, "UNAUTHORIZED", client("wg_test_" + "x" * 33).wallets.list)
        revoked = self.wg.api_keys.create("Revoked", ["wallets:read"])
        self.wg.api_keys.delete(revoked["id"])
        self.expect(exceptions.ApiKeyRevokedError, "API_KEY_REVOKED", client(revoked["secret"]).wallets.list)
        poor = client(self.wg.api_keys.create("Poor", [])["secret"])
        denied = self.expect(exceptions.PermissionDeniedError, "PERMISSION_DENIED", poor.payment_links.list)
        self.assertEqual(denied.message, "Missing required permission: payments:read")

    def test_environments(self):
        live = client(LIVE_KEY)
        self.expect(
            exceptions.EnvironmentMismatchError, "ENVIRONMENT_MISMATCH", live.wallets.retrieve, self.wallet)
        wallet = live.wallets.create("Live")["id"]
        self.expect(exceptions.SandboxOnlyError, "SANDBOX_ONLY", live.wallets.fund, wallet, "1.00")
        self.expect(exceptions.SandboxOnlyError, "SANDBOX_ONLY", live.sandbox.fund, wallet_id=wallet, amount="1.00")

    def test_things_that_are_not_there(self):
        none = "0" * 26
        self.expect(exceptions.WalletNotFoundError, "WALLET_NOT_FOUND", self.wg.wallets.retrieve, "wal_" + none)
        self.expect(
            exceptions.PaymentLinkNotFoundError, "PAYMENT_LINK_NOT_FOUND", self.wg.payment_links.cancel, "lnk_" + none)
        self.expect(exceptions.WebhookNotFoundError, "WEBHOOK_NOT_FOUND", self.wg.webhooks.retrieve, "hook_" + none)
        self.expect(exceptions.NotFoundError, "NOT_FOUND", self.wg.api_keys.retrieve, "key_" + none)

    def test_wrong_input(self):
        create = self.wg.payment_links.create
        self.expect(exceptions.InvalidAmountError, "INVALID_AMOUNT", create, walletId=self.wallet, amount="-1.00")
        error = self.expect(exceptions.ValidationError, "VALIDATION_ERROR", create, walletId="x", amount=1)
        self.assertEqual({field["field"] for field in error.details["fields"]}, {"walletId", "amount"})
        several = self.expect(
            exceptions.ValidationError, "VALIDATION_ERROR", create, walletId=self.wallet, amount="1.00", maxUses=2)
        self.assertEqual([field["field"] for field in several.details["fields"]], ["maxUses"])

    def test_money(self):
        key = str(uuid.uuid4())
        self.wg.wallets.fund(self.wallet, "1.00", idempotency_key=key)
        self.expect(
            exceptions.IdempotencyKeyReuseError, "IDEMPOTENCY_KEY_REUSE", self.wg.wallets.fund, self.wallet, "2.00",
            idempotency_key=key)
        payee = self.wg.wallets.create("Payee")["id"]
        slug = self.wg.payment_links.create(walletId=payee, amount="1.01")["slug"]
        poor = self.expect(exceptions.InsufficientFundsError, "INSUFFICIENT_FUNDS", self.claim, slug, self.wallet)
        self.assertEqual(poor.details, {"walletId": self.wallet, "requested": "1.01", "balance": "1.00", "debt": "0.00"})
        self.wg._request("POST", f"/wallets/{self.wallet}/freeze")
        self.expect(exceptions.WalletFrozenError, "WALLET_FROZEN", self.wg.wallets.fund, self.wallet, "1.00")
        self.expect(exceptions.WalletFrozenError, "WALLET_FROZEN", self.claim, slug, self.wallet)


if __name__ == "__main__":
    # The event loop's remarks on slow steps, and on connections that the client leaves to the collector, are no news.
    logging.disable(logging.WARNING)
    unittest.main(verbosity=2, warnings="ignore")
