// Every part of the client's surface, as TypeScript sees it: `tsc --strict --noEmit test/types.ts`. Nothing here is run.
import Default, {
  ApiKey, AuthenticationError, Balance, BatchLine, BatchResult, CallOptions, Claim, Client, ClientOptions, ConflictError,
  ConnectionError, DeadDelivery, Delivery, Entry, Event, Funding, Hold, InsufficientFundsError, KeylessOptions,
  LinkDetails, List, NewClaim, NewPaymentLink, NotFoundError, Page, PaylinksError, PaymentLink, PermissionError,
  ProcessingLink, RateLimitError, ServerError, TimeoutError, Transaction, UnprocessableError, ValidationError, Wallet,
  Webhook, WebhookVerificationError, verifyWebhook,
} from "../src/index.js";

/** Compiles only where both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <Wanted>() => <Given>(_value: Given, _same: Same<Wanted, Given>): void => {};

const options: ClientOptions = { apiKey: "wg_test_x", baseUrl: new URL("https://pay.example.com"), timeoutMs: 1, maxRetries: 0, fetch };
const client = new Client(options);
const call: CallOptions = { signal: new AbortController().signal, timeoutMs: 1, maxRetries: 2, idempotencyKey: "a", wait: 0 };
const link: NewPaymentLink = {
  walletId: "wal_1", amount: "1.00", currency: "USD", description: "Tea", expiresAt: "2035-04-01T00:00:00Z",
  recipientRestrictions: { emails: ["a@example.com"], walletIds: [] }, metadata: { a: "b", c: 1, d: true },
};
const ach: NewClaim = {
  method: "ach", recipientEmail: "a@example.com",
  destination: { type: "ACH", routingNumber: "021000021", accountNumber: "1234", accountName: "Acme" },
};
const usdc: NewClaim = { method: "usdc", destination: { type: "USDC", address: "0x00", chain: "base" } };
const wallet: NewClaim = { method: "wallet", destination: { type: "WALLET", walletId: "wal_1" } };
// @ts-expect-error: a method and a destination that do not agree
const wrong: NewClaim = { method: "ach", destination: { type: "WALLET", walletId: "wal_1" } };
// @ts-expect-error: an amount is a text
const number: NewPaymentLink = { walletId: "wal_1", amount: 1 };

async function paymentLinks({ paymentLinks }: Client): Promise<void> {
  const made = await paymentLinks.create(link, call);
  if (made.status === "PROCESSING") is<ProcessingLink>()(made, true);
  else is<[PaymentLink, string]>()([made, made.slug] as [typeof made, typeof made.slug], true);
  // @ts-expect-error: a link that is not made yet may have no slug
  const slug: string = made.slug;
  is<List<PaymentLink>>()(paymentLinks.list({ walletId: "wal_1", status: "ACTIVE", limit: 1, cursor: "c" }, call), true);
  is<Page<PaymentLink>>()(await paymentLinks.list(), true);
  for await (const one of paymentLinks.list()) is<PaymentLink>()(one, true);
  is<Page<PaymentLink> | null>()(await (await paymentLinks.list()).nextPage(), true);
  is<PaymentLink | ProcessingLink>()(await paymentLinks.get(made.id + slug), true);
  is<PaymentLink>()(await paymentLinks.cancel("lnk_1"), true);
  is<LinkDetails>()(await paymentLinks.getBySlug("abc"), true);
  for (const claim of [ach, usdc, wallet]) is<Claim>()(await paymentLinks.claim("abc", claim, { wait: 5 }), true);
  is<Claim>()(await paymentLinks.getClaim("abc", "clm_1", { wait: 30 }), true);
  is<Claim>()(await paymentLinks.releaseClaim("abc", "clm_1", ach), true);
  is<PaymentLink>()(await paymentLinks.release("lnk_1", { claimId: "clm_1" }), true);
  is<PaymentLink>()(await paymentLinks.release("lnk_1"), true);
}

async function batches({ paymentLinks }: Client): Promise<void> {
  const lines: BatchLine<NewPaymentLink>[] = [link, { ...link, idempotencyKey: "a" }];
  async function* claims() {
    for await (const result of paymentLinks.createBatch(lines, { wait: 1, signal: call.signal, timeoutMs: 1, maxRetries: 1 })) {
      is<BatchResult<PaymentLink | ProcessingLink>>()(result, true);
      if (result.ok && result.value.status !== "PROCESSING") yield { slug: result.value.slug, ...wallet };
      if (!result.ok) is<PaylinksError>()(result.error, true);
    }
  }
  for await (const { index, idempotencyKey, status, replayed, value } of paymentLinks.claimBatch(claims())) {
    is<[number, string, number, boolean, Claim | null]>()(
      [index, idempotencyKey, status, replayed, value] as [typeof index, typeof idempotencyKey, typeof status, typeof replayed, typeof value],
      true);
  }
  // @ts-expect-error: a claim's line has its link's slug
  paymentLinks.claimBatch([wallet]);
}

async function wallets({ wallets, transactions, sandbox }: Client): Promise<void> {
  is<Wallet>()(await wallets.create({ name: "A", agentName: null, currency: "USDC", metadata: {}, allowPublicClaims: true }), true);
  is<Page<Wallet>>()(await wallets.list({ limit: 1 }), true);
  is<Wallet>()(await wallets.get("wal_1"), true);
  is<Wallet>()(await wallets.update("wal_1", { agentName: null }), true);
  is<Balance>()(await wallets.getBalance("wal_1"), true);
  is<Funding>()(await wallets.fund("wal_1", { amount: "1.00" }, { idempotencyKey: "a" }), true);
  is<Wallet>()(await wallets.freeze("wal_1"), true);
  is<Wallet>()(await wallets.unfreeze("wal_1"), true);
  is<Page<Entry>>()(await wallets.listTransactions("wal_1", { limit: 1 }), true);
  is<Page<Hold>>()(await wallets.listHolds("wal_1", { status: "PENDING" }), true);
  is<Transaction>()(await transactions.get("txn_1"), true);
  is<Funding>()(await sandbox.fund({ walletId: "wal_1", amount: 2.5 }), true);
}

async function apiKeys({ apiKeys }: Client): Promise<void> {
  is<ApiKey>()(
    await apiKeys.create({
      name: "A", permissions: ["payments:read"], environment: "SANDBOX", walletScope: ["wal_1"], allowedIps: ["::1"],
      expiresAt: "2035-04-01T00:00:00Z", rateLimit: 5,
    }),
    true);
  const keyless: KeylessOptions = { signal: call.signal, timeoutMs: 1, maxRetries: 2 };
  is<ApiKey>()(await apiKeys.create({ name: "A", permissions: [] }, keyless), true);
  // @ts-expect-error: the making of a key has no idempotency key
  await apiKeys.create({ name: "A", permissions: [] }, { idempotencyKey: "a" });
  is<Page<ApiKey>>()(await apiKeys.list(), true);
  is<ApiKey>()(await apiKeys.get("key_1"), true);
  is<ApiKey>()(await apiKeys.update("key_1", { name: "B", permissions: [], rateLimit: null }), true);
  is<null>()(await apiKeys.revoke("key_1"), true);
}

async function webhooks({ webhooks, events }: Client): Promise<void> {
  is<Webhook>()(await webhooks.create({ url: "https://example.com", events: ["*"], enabled: true, description: "A" }), true);
  // @ts-expect-error: the making of an endpoint has no idempotency key, nor have the calls that are made anew each time
  await webhooks.create({ url: "https://example.com" }, call);
  // @ts-expect-error
  await webhooks.rotateSecret("hook_1", call);
  // @ts-expect-error
  await webhooks.test("hook_1", call);
  // @ts-expect-error
  await webhooks.redeliver("hook_1", "dlv_1", call);
  // @ts-expect-error
  await webhooks.replay("hook_1", new Date(), call);
  // @ts-expect-error
  await webhooks.retryDead("dlv_1", call);
  is<Page<Webhook>>()(await webhooks.list(), true);
  is<Webhook>()(await webhooks.get("hook_1"), true);
  is<Webhook>()(await webhooks.update("hook_1", { description: null }), true);
  is<null>()(await webhooks.delete("hook_1"), true);
  is<Webhook>()(await webhooks.rotateSecret("hook_1"), true);
  is<boolean>()((await webhooks.test("hook_1")).delivered, true);
  is<Page<Delivery>>()(await webhooks.listDeliveries("hook_1", { status: "FAILED" }), true);
  is<string>()((await webhooks.redeliver("hook_1", "dlv_1")).status, true);
  is<number>()((await webhooks.replay("hook_1", new Date())).replayed, true);
  is<Event | null>()((await webhooks.listDead({ limit: 1, offset: 2 })).data[0].payload, true);
  is<DeadDelivery[]>()((await webhooks.listDead()).data, true);
  for await (const dead of webhooks.listDead({ limit: 1 })) is<string | null>()(dead.backoffReason, true);
  is<string>()((await webhooks.retryDead("dlv_1")).id, true);
  is<string>()((await webhooks.discardDead("dlv_1")).id, true);
  is<Event>()(await webhooks.verify("{}", new Headers(), "whsec_x"), true);
  is<Event>()(await verifyWebhook(new Uint8Array(), { a: ["b"], c: undefined }, "whsec_x", { toleranceSeconds: 1, now: 2 }), true);
  is<Page<Event>>()(await events.list({ limit: 1 }), true);
}

function errors(error: unknown): void {
  if (error instanceof ValidationError) is<string[]>()(error.fields.map(({ field, code, message }) => field + code + message), true);
  if (error instanceof RateLimitError) is<number | null>()(error.retryAfter, true);
  if (error instanceof PaylinksError) is<(string | null)[]>()([error.code, error.idempotencyKey], true);
  if (error instanceof PaylinksError) is<{ index: number; idempotencyKey: string }[]>()(error.unanswered, true);
  const kinds: (new (message: string) => PaylinksError)[] = [
    AuthenticationError, ConflictError, ConnectionError, InsufficientFundsError, NotFoundError, PermissionError,
    ServerError, TimeoutError, UnprocessableError, WebhookVerificationError,
  ];
  is<number | null>()(new kinds[0]("").status, true);
}

is<typeof Client>()(Default, true);
export { apiKeys, batches, client, errors, number, paymentLinks, wallets, webhooks, wrong };
