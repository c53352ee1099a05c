import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import {
  AuthenticationError, Client, ConflictError, InsufficientFundsError, NotFoundError, PermissionError,
  UnprocessableError, ValidationError, verifyWebhook,
} from "../src/index.js";
import { baseUrl, client, payer } from "./system.js";

const wallet = (name = "A", funds) => client.wallets.create({ name }).then(async (made) => {
  if (funds) await client.wallets.fund(made.id, { amount: funds });
  return made;
});
const fromWallet = (id) => ({ method: "wallet", destination: { type: "WALLET", walletId: id } });

async function eventually(ask) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not happen in time");
}

test("wallets: made, changed, funded, frozen, and their history", async () => {
  const made = await client.wallets.create({ name: "Agent", agentName: "Ada", metadata: { team: "data", size: 3 } });
  assert.deepEqual(await client.wallets.get(made.id), made);
  const changed = await client.wallets.update(made.id, { agentName: null, allowPublicClaims: true });
  assert.deepEqual([changed.name, changed.agentName, changed.allowPublicClaims], ["Agent", null, true]);
  const funding = await client.wallets.fund(made.id, { amount: "10.00" });
  await client.sandbox.fund({ walletId: made.id, amount: 2.5 });
  assert.equal((await client.wallets.getBalance(made.id)).available, "12.50");
  const { data } = await client.wallets.listTransactions(made.id);
  assert.deepEqual(data.map((entry) => entry.amount), ["2.50", "10.00"]);
  const transaction = await client.transactions.get(funding.transactionId);
  assert.deepEqual([transaction.type, transaction.entries.length], ["FUNDING", 2]);
  assert.equal((await client.wallets.freeze(made.id)).status, "FROZEN");
  await assert.rejects(client.wallets.fund(made.id, { amount: "1.00" }), { name: "PermissionError", code: "WALLET_FROZEN" });
  assert.equal((await client.wallets.unfreeze(made.id)).status, "ACTIVE");
});

test("lists: `await` gives a page, `for await` walks through all of them", async () => {
  const payee = await wallet("Payee");
  const links = [];
  for (let number = 1; number <= 5; number += 1) {
    links.unshift(await client.paymentLinks.create({ walletId: payee.id, amount: `${number}.00` }));
  }
  const page = await client.paymentLinks.list({ walletId: payee.id, limit: 2 });
  assert.deepEqual([page.data.length, page.hasMore], [2, true]);
  assert.deepEqual((await page.nextPage()).data, links.slice(2, 4));
  const walked = [];
  for await (const link of client.paymentLinks.list({ walletId: payee.id, limit: 2 })) walked.push(link.id);
  assert.deepEqual(walked, links.map((link) => link.id));
  assert.deepEqual(await client.paymentLinks.list({ walletId: payee.id, status: "EXPIRED" }).then((none) => none.data), []);
});

test("claims: a promise first, then the outcome; the owner's holds", async () => {
  const payee = await wallet("Payee");
  const link = await client.paymentLinks.create({ walletId: payee.id, amount: "3.00" });
  const destination = { type: "ACH", routingNumber: "021000021", accountNumber: "123459999", accountName: "Acme" };
  const claim = await payer.paymentLinks.claim(link.slug, { method: "ach", destination }, { wait: 0 });
  assert.equal(claim.status, "PROCESSING");
  const decided = await payer.paymentLinks.getClaim(link.slug, claim.claimId, { wait: 20 });
  assert.deepEqual([decided.status, decided.amount], ["PENDING", "3.00"]);
  const holds = [];
  for await (const hold of client.wallets.listHolds(payee.id, { status: "PENDING" })) holds.push(hold.claimId);
  assert.deepEqual(holds, [claim.claimId]);
});

test("releases: by the payer with the claim's body, and by the payee", async () => {
  const payee = await wallet("Payee");
  const link = await client.paymentLinks.create({ walletId: payee.id, amount: "3.00" });
  const destination = { type: "USDC", address: "0x000000000000000000000000000000000000dEaD".toLowerCase(), chain: "base" };
  const body = { method: "usdc", destination };
  const offer = await payer.paymentLinks.claim(link.slug, body);
  assert.deepEqual([offer.status, offer.link.status], ["AWAITING_PAYMENT", "ACTIVE"]);
  const released = await payer.paymentLinks.releaseClaim(link.slug, offer.claimId, body);
  assert.equal(released.status, "CANCELLED");
  assert.equal((await client.paymentLinks.release(link.id)).status, "ACTIVE");
  assert.equal((await client.paymentLinks.release(link.id, { claimId: offer.claimId })).status, "ACTIVE");
});

test("errors: a class for each family, with code, status, details and the request's id", async () => {
  const [rich, poor] = [await wallet("Rich", "5.00"), await wallet("Poor")];
  const link = await client.paymentLinks.create({ walletId: poor.id, amount: "5.00" });
  const rejects = async (promise, Kind, code, status) => {
    const error = await promise.then(() => assert.fail("it was answered"), (error) => error);
    assert.ok(error instanceof Kind, `${error}`);
    assert.deepEqual([error.code, error.status, error.name], [code, status, Kind.name]);
    assert.match(error.requestId, /./);
    return error;
  };
  const wrong = client.paymentLinks.create({ walletId: "x", amount: "-1" });
  const validation = await rejects(wrong, ValidationError, "VALIDATION_ERROR", 400);
  assert.deepEqual(validation.fields.map((field) => field.field).sort(), ["amount", "walletId"]);
  const stranger = new Client({ apiKey: "wg_test_" + "x".repeat(33), baseUrl });
  await rejects(stranger.wallets.get(rich.id), AuthenticationError, "UNAUTHORIZED", 401);
  const theft = payer.paymentLinks.claim(link.slug, fromWallet(rich.id));
  await rejects(theft, AuthenticationError, "WALLET_AUTHORIZATION_REQUIRED", 401);
  const other = await wallet("Other", "1.00");
  const short = await rejects(
    client.paymentLinks.claim(link.slug, fromWallet(other.id)), InsufficientFundsError, "INSUFFICIENT_FUNDS", 402);
  assert.deepEqual(short.details, { walletId: other.id, requested: "5.00", balance: "1.00", debt: "0.00" });
  await rejects(client.paymentLinks.claim(link.slug, fromWallet(poor.id)), UnprocessableError, "SELF_CLAIM", 422);
  await rejects(client.paymentLinks.get("lnk_" + "0".repeat(26)), NotFoundError, "PAYMENT_LINK_NOT_FOUND", 404);
  const key = await client.apiKeys.create({ name: "Reader", permissions: ["wallets:read"] });
  const reader = new Client({ apiKey: key.secret, baseUrl });
  await rejects(reader.wallets.create({ name: "B" }), PermissionError, "PERMISSION_DENIED", 403);
  await client.paymentLinks.cancel(link.id);
  await rejects(client.paymentLinks.claim(link.slug, fromWallet(rich.id)), ConflictError, "LINK_CANCELLED", 409);
  const options = { idempotencyKey: `once-${link.id}` };
  await client.wallets.fund(rich.id, { amount: "1.00" }, options);
  await rejects(
    client.wallets.fund(rich.id, { amount: "2.00" }, options), ConflictError, "IDEMPOTENCY_KEY_REUSE", 409);
});

test("a link is changed, and never canceled by a change of nothing", async () => {
  const payee = await wallet("Payee");
  const link = await client.paymentLinks.create({ walletId: payee.id, amount: "5.00", description: "Tea" });
  const changed = await client.paymentLinks.update(link.id, { description: null, metadata: { order: "A-17" } });
  assert.deepEqual([changed.description, changed.metadata, changed.status], [null, { order: "A-17" }, "ACTIVE"]);
  for (const nothing of [{}, { description: undefined }, undefined]) {
    await assert.rejects(client.paymentLinks.update(link.id, nothing), TypeError);
  }
  assert.equal((await client.paymentLinks.get(link.id)).status, "ACTIVE");
});

test("keys: made, changed, listed and revoked", async () => {
  const key = await client.apiKeys.create({ name: "Till", permissions: ["payments:read"] });
  assert.ok(key.secret.startsWith(key.keyPrefix));
  const changed = await client.apiKeys.update(key.id, { name: "Till 2" });
  assert.deepEqual([changed.name, changed.secret], ["Till 2", undefined]);
  assert.equal(await client.apiKeys.revoke(key.id), null);
  assert.equal((await client.apiKeys.get(key.id)).status, "REVOKED");
  for await (const one of client.apiKeys.list({ limit: 1 })) {
    assert.equal(one.id, key.id);
    break;
  }
});

test("keys: a key and what it created are revoked together", async () => {
  const parent = await client.apiKeys.create({ name: "Parent", permissions: ["keys:write"] });
  const child = await new Client({ apiKey: parent.secret, baseUrl }).apiKeys.create({ name: "Child", permissions: [] });
  assert.equal(child.createdBy, parent.id);
  assert.equal(await client.apiKeys.revoke(parent.id, { cascade: true }), null);
  assert.equal((await client.apiKeys.get(child.id)).status, "REVOKED");
});

test("organization: read and changed", async () => {
  assert.equal((await client.organization.get()).reopenAfterReturn, true);
  assert.equal((await client.organization.update({ reopenAfterReturn: false })).reopenAfterReturn, false);
  assert.equal((await client.organization.update({ reopenAfterReturn: true })).environment, "SANDBOX");
});

test("webhooks: made, told, verified, replayed, replaced and deleted; the feed of events", async () => {
  const heard = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    heard.push({ headers: request.headers, body: Buffer.concat(parts) });
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/hook`;
    const hook = await client.webhooks.create({ url, events: ["wallet.funded"] });
    assert.equal((await client.webhooks.update(hook.id, { description: "Till" })).description, "Till");
    assert.equal((await client.webhooks.list()).data.filter((one) => one.id === hook.id).length, 1);
    assert.equal((await client.webhooks.test(hook.id)).delivered, true);
    const funded = await wallet("Told", "1.00");
    const told = (walletId) => heard.find(({ body }) => JSON.parse(body).data.walletId === walletId);
    const { body, headers } = await eventually(() => told(funded.id));
    const event = await verifyWebhook(body, headers, hook.secret);
    assert.deepEqual([event.event, event.data.newBalance], ["wallet.funded", "1.00"]);
    await assert.rejects(client.webhooks.verify(body + " ", headers, hook.secret), { name: "WebhookVerificationError" });

    const rotated = await client.webhooks.rotateSecret(hook.id);
    const next = await wallet("Told again", "1.00");
    const second = await eventually(() => told(next.id));
    for (const secret of [hook.secret, rotated.secret]) {
      assert.equal((await verifyWebhook(second.body, second.headers, secret)).data.walletId, next.id);
    }
    const { data } = await client.webhooks.listDeliveries(hook.id, { status: "DELIVERED" });
    assert.equal((await client.webhooks.redeliver(hook.id, data[0].id)).status, "PENDING");
    assert.ok((await client.webhooks.replay(hook.id, new Date(Date.now() - 60_000))).replayed >= 2);
    assert.ok((await client.webhooks.replay(hook.id, event.id)).replayed >= 1, "the event after the first");
    assert.ok(Array.isArray((await client.webhooks.listDead({ limit: 1 })).data));
    assert.equal(await client.webhooks.delete(hook.id), null);
    await assert.rejects(client.webhooks.get(hook.id), { name: "NotFoundError", code: "WEBHOOK_NOT_FOUND" });

    let found = false;
    for await (const one of client.events.list({ limit: 100 })) found ||= one.id === event.id;
    assert.ok(found, "the feed has what the endpoint was told");
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
