export type Environment = "SANDBOX" | "PRODUCTION";
export type Currency = "USD" | "USDC";
export type ClaimMethod = "ach" | "usdc" | "wallet";
export type Chain = "ethereum" | "base" | "polygon" | "arbitrum" | "optimism" | "avalanche";
export type LinkStatus = "ACTIVE" | "CLAIMED" | "CANCELLED" | "EXPIRED";
export type ClaimStatus =
  | "PROCESSING"
  | "AWAITING_PAYMENT"
  | "PENDING"
  | "SETTLED"
  | "FAILED"
  | "EXPIRED"
  | "CANCELLED";
export type Metadata = Record<string, string | number | boolean>;
/** ISO 8601 in UTC. */
export type Timestamp = string;
/** A decimal, such as "150.00"; never a number, so that nothing rounds it. */
export type Amount = string;

export interface ClientOptions {
  /** `wg_test_…` or `wg_live_…`; none for a payer. */
  apiKey?: string;
  /** Where the API is, such as `https://pay.example.com`; in Node, `PAYLINKS_BASE_URL` unless given. */
  baseUrl?: string | URL;
  /** How long one exchange may take, in milliseconds: above 0, or `Infinity` for no limit. The default is 45,000. */
  timeoutMs?: number;
  /** How many times the client retries a safe request: 0 or more, or `Infinity` for no limit. The default is 4. */
  maxRetries?: number;
  /** What sends requests; the platform's own unless given. */
  fetch?: typeof fetch;
  /** What waits between tries; a timer unless given. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface CallOptions {
  /** Ends the call, its pauses included. */
  signal?: AbortSignal;
  /** As in `ClientOptions`, for this call. */
  timeoutMs?: number;
  /** As in `ClientOptions`, for this call. */
  maxRetries?: number;
  /** Made by the client unless given. Give one of your own where your program itself may come back to the call. */
  idempotencyKey?: string;
  /** How many whole seconds to wait for the outcome, from 0 (do not wait) to 30. */
  wait?: number;
}

/** Of calls that have no idempotency key, and do what they do each time that they are made. */
export interface KeylessOptions extends Omit<CallOptions, "idempotencyKey"> {
  idempotencyKey?: never;
}

export interface Page<Item> extends AsyncIterable<Item> {
  data: Item[];
  cursor: string | null;
  hasMore: boolean;
  /** The next page; null after the last. */
  nextPage(): Promise<Page<Item> | null>;
}

/** `await` gives the first page, `for await` every item of every page. */
export interface List<Item> extends PromiseLike<Page<Item>>, AsyncIterable<Item> {
  catch<Other>(rejected: (reason: unknown) => Other): Promise<Page<Item> | Other>;
  finally(always: () => void): Promise<Page<Item>>;
}

export interface PageQuery {
  /** 1 to 100, 20 unless given. */
  limit?: number;
  cursor?: string;
}

export interface RecipientRestrictions {
  emails?: string[];
  walletIds?: string[];
}

export interface NewPaymentLink {
  walletId: string;
  amount: Amount;
  currency?: Currency;
  description?: string;
  recipientRestrictions?: RecipientRestrictions;
  expiresAt?: Timestamp;
  metadata?: Metadata;
}

/** At least one change. Null removes the description or the expiry. */
export interface LinkChanges {
  description?: string | null;
  expiresAt?: Timestamp | null;
  metadata?: Metadata;
}

export interface PaymentLink {
  id: string;
  organizationId: string;
  environment: Environment;
  walletId: string;
  slug: string;
  url: string;
  amount: Amount;
  currency: Currency;
  description: string | null;
  recipientRestrictions: Required<RecipientRestrictions> | null;
  status: LinkStatus;
  expiresAt: Timestamp | null;
  metadata: Metadata;
  claim: {
    claimId: string;
    method: ClaimMethod;
    status: ClaimStatus;
    transactionId: string;
    claimedAt: Timestamp;
  } | null;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  claimedAt: Timestamp | null;
  cancelledAt: Timestamp | null;
  expiredAt: Timestamp | null;
}

/** A link that is accepted, and not made yet; only `id` and `status` are certain, and `status` tells it from others. */
export interface ProcessingLink
  extends Partial<
    Pick<PaymentLink, "organizationId" | "environment" | "walletId" | "slug" | "url" | "amount" | "currency">
  > {
  id: string;
  status: "PROCESSING";
}

export interface LinkDetails {
  slug: string;
  amount: Amount;
  currency: Currency;
  description: string | null;
  status: LinkStatus;
  expiresAt: Timestamp | null;
  payee: string;
  acceptedMethods: ClaimMethod[];
  restricted: boolean;
}

export type NewClaim = {
  recipientEmail?: string;
} & (
  | {
      method: "ach";
      destination: { type: "ACH"; routingNumber: string; accountNumber: string; accountName: string };
    }
  | { method: "usdc"; destination: { type: "USDC"; address: string; chain: Chain } }
  | { method: "wallet"; destination: { type: "WALLET"; walletId: string } }
);

export interface Claim {
  claimId: string;
  /** Null while the status is PROCESSING, as is everything else that is not known then. */
  transactionId: string | null;
  slug: string;
  method: ClaimMethod | null;
  status: ClaimStatus;
  amount: Amount | null;
  currency: Currency | null;
  link: { status: LinkStatus | null };
  instructions: {
    chain: Chain;
    chainId: number;
    token: string;
    payTo: string;
    amount: Amount;
    amountBaseUnits: string;
    paymentUri: string;
    payBefore: Timestamp | null;
  } | null;
  createdAt: Timestamp | null;
  settledAt: Timestamp | null;
  failure: { code: string; reason: string } | null;
}

/** One line of a batch. The client makes its key unless it has one. */
export type BatchLine<Fields> = Fields & { idempotencyKey?: string };

export interface BatchOptions {
  /** Ends the batch, its pauses included. */
  signal?: AbortSignal;
  /** How long nothing may come while it is waited for; the reader's own time does not count. */
  timeoutMs?: number;
  /** How often the lines without an outcome are sent again before one of them gets any. */
  maxRetries?: number;
  /** How many seconds to wait for the lines' outcomes, at most 30; 0: not at all. */
  wait?: number;
}

/** What became of one line. */
export type BatchResult<Value> = {
  /** Counts the lines from 0. */
  index: number;
  idempotencyKey: string;
  /** As of a request of its own. */
  status: number;
} & (
  | {
      ok: true;
      value: Value;
      error: null;
      /** The outcome is an earlier request's. */
      replayed: boolean;
    }
  | { ok: false; value: null; error: PaylinksError; replayed: boolean }
);

export interface WalletChanges {
  name?: string;
  agentName?: string | null;
  metadata?: Metadata;
  allowPublicClaims?: boolean;
}

export interface NewWallet extends WalletChanges {
  name: string;
  currency?: Currency;
}

export interface Wallet {
  id: string;
  organizationId: string;
  name: string;
  agentName: string | null;
  environment: Environment;
  status: "ACTIVE" | "FROZEN";
  /** What the wallet can spend; null for a key without wallets:read. */
  balance: Amount | null;
  /** What the wallet owes because a payment was returned after its money was spent; null without wallets:read. */
  debt: Amount | null;
  currency: Currency;
  metadata: Metadata;
  allowPublicClaims: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export interface Balance {
  walletId: string;
  balance: Amount;
  available: Amount;
  pending: Amount;
  /** What the wallet owes, because a payment went back after its money was spent; absent before servers told it. */
  debt?: Amount;
  currency: Currency;
}

export interface Funding {
  transactionId: string;
  walletId: string;
  amount: Amount;
  currency: Currency;
  /** Null for a key without wallets:read. */
  newBalance: Amount | null;
}

export interface Entry {
  id: string;
  walletId: string | null;
  account: string;
  amount: Amount;
  currency: Currency;
  direction: "DEBIT" | "CREDIT";
  description: string;
  entryType: "CLAIM" | "SETTLE" | "FAIL" | "REVERSE" | "FUND" | "PAY_DEBT" | "SUSPEND";
  relatedTransactionId: string;
  createdAt: Timestamp;
}

export interface Hold {
  id: string;
  walletId: string;
  claimId: string;
  transactionId: string;
  method: ClaimMethod;
  amount: Amount;
  currency: Currency;
  status: "PENDING" | "RELEASED" | "REVERSED";
  createdAt: Timestamp;
  resolvedAt: Timestamp | null;
}

export interface Transaction {
  id: string;
  environment: Environment;
  type: "CLAIM" | "FUNDING" | "DEBT_PAYMENT" | "SUSPENSE";
  status: "PENDING" | "POSTED" | "FAILED" | "REVERSED";
  claimId: string | null;
  amount: Amount;
  currency: Currency;
  entries: Entry[];
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** The organization, with what it has chosen for the key's environment. */
export interface Organization {
  id: string;
  name: string;
  /** What payers see as the payee. */
  displayName: string;
  environment: Environment;
  /** Whether a link becomes ACTIVE again when its settled money is returned; otherwise it stays CLAIMED. */
  reopenAfterReturn: boolean;
}

export type Permission =
  | "payments:read"
  | "payments:write"
  | "wallets:read"
  | "wallets:write"
  | "webhooks:read"
  | "webhooks:write"
  | "keys:read"
  | "keys:write";

export interface NewApiKey {
  name: string;
  permissions: Permission[];
  environment?: Environment;
  walletScope?: string[];
  allowedIps?: string[];
  expiresAt?: Timestamp;
  /** Requests a second of one gateway. */
  rateLimit?: number;
}

export interface ApiKey {
  id: string;
  name: string;
  keyPrefix: string;
  permissions: Permission[];
  environment: Environment;
  status: "ACTIVE" | "EXPIRED" | "REVOKED";
  /** Once, when the key is made. */
  secret?: string;
  walletScope: string[] | null;
  allowedIps: string[] | null;
  expiresAt: Timestamp | null;
  rateLimit: number | null;
  /** The key that created this one; null for a key from the command line. */
  createdBy: string | null;
  createdAt: Timestamp;
}

export interface WebhookChanges {
  url?: string;
  events?: string[];
  enabled?: boolean;
  description?: string | null;
}

export interface NewWebhook extends WebhookChanges {
  url: string;
}

export interface Webhook {
  id: string;
  organizationId: string;
  environment: Environment;
  url: string;
  enabled: boolean;
  disabledReason: string | null;
  /** When deliveries try again, while they keep away from an endpoint that fails. */
  backoffUntil: Timestamp | null;
  /** The last failure, while there is a back-off. */
  backoffReason: string | null;
  events: string[];
  /** Once, when it is made. */
  secret?: string;
  description: string | null;
  /** The only wallets whose events it gets: the scope of the key that registered it. Null: all events. */
  walletScope: string[] | null;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export interface Delivery {
  id: string;
  webhookId: string;
  eventId: string;
  eventType: string;
  status: "PENDING" | "DELIVERED" | "FAILED" | "DISCARDED";
  attempts: number;
  lastAttemptAt: Timestamp | null;
  nextRetryAt: Timestamp | null;
  /** The end of the endpoint's back-off, while the delivery waits for it. */
  backoffUntil: Timestamp | null;
  backoffReason: string | null;
  statusCode: number | null;
  error: string | null;
  durationMs: number | null;
  responseBody: string | null;
  createdAt: Timestamp;
  finishedAt: Timestamp | null;
}

/** A delivery that was given up. */
export interface DeadDelivery extends Delivery {
  /** Null when the event is kept no more. */
  payload: Event | null;
}

export interface Event {
  id: string;
  event: string;
  timestamp: Timestamp;
  organizationId: string;
  data: Record<string, unknown>;
}

export interface VerifyOptions {
  /** The age that a delivery may have, in seconds: 0 or more, or `Infinity` for any age. The default is 300. */
  toleranceSeconds?: number;
  /** The current time, in milliseconds since 1970. The default is the clock's. */
  now?: number;
}

type Call<Arguments extends unknown[], Value> = (...given: [...given: Arguments, options?: CallOptions]) => Promise<Value>;
type KeylessCall<Arguments extends unknown[], Value> = (
  ...given: [...given: Arguments, options?: KeylessOptions]
) => Promise<Value>;
type ListCall<Arguments extends unknown[], Query, Item> = (
  ...given: [...given: Arguments, query?: Query & PageQuery, options?: CallOptions]
) => List<Item>;

/**
 * Results come in the order of the lines, each as soon as it and those before it are decided. What breaks a batch off
 * is thrown after every result that came, and its `unanswered` names the lines without one.
 */
type BatchCall<Fields, Value> = (
  lines: Iterable<BatchLine<Fields>> | AsyncIterable<BatchLine<Fields>>,
  options?: BatchOptions,
) => AsyncGenerator<BatchResult<Value>, void, undefined>;

export class Client {
  constructor(options?: ClientOptions);

  readonly paymentLinks: {
    /** Resolves with status PROCESSING where the link is accepted and not made in time; see `get`. */
    create: Call<[link: NewPaymentLink], PaymentLink | ProcessingLink>;
    /** Creates as many as there are; nothing is sent before the results are read. */
    createBatch: BatchCall<NewPaymentLink, PaymentLink | ProcessingLink>;
    list: ListCall<[], { walletId?: string; status?: LinkStatus }, PaymentLink>;
    /** Resolves with status PROCESSING while the link is being made. `wait` waits until the link or its claim changes. */
    get: Call<[id: string], PaymentLink | ProcessingLink>;
    cancel: Call<[id: string], PaymentLink>;
    /** Changes an active link. Rejects with a TypeError if there is no change: an empty body would cancel the link. */
    update: Call<[id: string, changes: LinkChanges], PaymentLink>;
    /** Releases the claim that holds the link, or the one that is named. */
    release: Call<[id: string, claim?: { claimId: string }], PaymentLink>;
    getBySlug: Call<[slug: string], LinkDetails>;
    /** Resolves with status PROCESSING where the claim is accepted and not decided in time; see `getClaim`. */
    claim: Call<[slug: string, claim: NewClaim], Claim>;
    claimBatch: BatchCall<{ slug: string } & NewClaim, Claim>;
    getClaim: Call<[slug: string, claimId: string], Claim>;
    /** Releases a claim before its money moves; `claim` is its own body again. */
    releaseClaim: Call<[slug: string, claimId: string, claim: NewClaim], Claim>;
  };
  readonly wallets: {
    create: Call<[wallet: NewWallet], Wallet>;
    list: ListCall<[], {}, Wallet>;
    get: Call<[id: string], Wallet>;
    update: Call<[id: string, changes: WalletChanges], Wallet>;
    getBalance: Call<[id: string], Balance>;
    fund: Call<[id: string, funding: { amount: Amount }], Funding>;
    freeze: Call<[id: string], Wallet>;
    unfreeze: Call<[id: string], Wallet>;
    listTransactions: ListCall<[id: string], {}, Entry>;
    listHolds: ListCall<[id: string], { status?: Hold["status"] }, Hold>;
  };
  readonly transactions: { get: Call<[id: string], Transaction> };
  readonly sandbox: { fund: Call<[funding: { walletId: string; amount: Amount | number }], Funding> };
  readonly organization: {
    get: Call<[], Organization>;
    update: Call<[changes: { reopenAfterReturn?: boolean }], Organization>;
  };
  readonly apiKeys: {
    create: KeylessCall<[key: NewApiKey], ApiKey>;
    list: ListCall<[], {}, ApiKey>;
    get: Call<[id: string], ApiKey>;
    update: Call<[id: string, changes: { name?: string; permissions?: Permission[]; rateLimit?: number | null }], ApiKey>;
    /** With `cascade`, revokes every key that this one created as well, and those that they created. */
    revoke(id: string, options?: CallOptions & { cascade?: boolean }): Promise<null>;
  };
  readonly webhooks: {
    create: KeylessCall<[webhook: NewWebhook], Webhook>;
    list: ListCall<[], {}, Webhook>;
    get: Call<[id: string], Webhook>;
    update: Call<[id: string, changes: WebhookChanges], Webhook>;
    delete: Call<[id: string], null>;
    rotateSecret: KeylessCall<[id: string], Webhook>;
    test: KeylessCall<
      [id: string],
      { id: string; delivered: boolean; statusCode: number | null; durationMs: number | null; error: string | null }
    >;
    listDeliveries: ListCall<[id: string], { status?: Delivery["status"] }, Delivery>;
    redeliver: KeylessCall<[id: string, deliveryId: string], { id: string; status: string }>;
    replay: KeylessCall<
      [id: string, since: Date | string | number],
      { replayed: number; hasMore: boolean; nextSince: string | null }
    >;
    /** Entries may be retried or discarded on the way: none is skipped. An offset counts for the first page alone. */
    listDead: ListCall<[], { offset?: number }, DeadDelivery>;
    retryDead: KeylessCall<[deliveryId: string], { id: string; status: string }>;
    discardDead: Call<[deliveryId: string], { id: string; status: string }>;
    verify: typeof verifyWebhook;
  };
  readonly events: { list: ListCall<[], {}, Event> };
}

export default Client;

/** The event in a delivery, once its signature is found right; rejects with `WebhookVerificationError` otherwise. */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
  secret: string,
  options?: VerifyOptions,
): Promise<Event>;

export class PaylinksError extends Error {
  readonly code: string | null;
  readonly status: number | null;
  readonly details: Record<string, any>;
  readonly requestId: string | null;
  /** The seconds to wait before the next try. */
  readonly retryAfter: number | null;
  /** Whoever sends the same again with this key has it done once; null where the call has no key. */
  readonly idempotencyKey: string | null;
  /** The lines that were sent in a batch and have no answer: what became of them is not known yet. */
  readonly unanswered: { index: number; idempotencyKey: string }[];
}
/** 400, 413, 415 */
export class ValidationError extends PaylinksError {
  readonly fields: { field: string; code: string; message: string }[];
}
/** 401 */
export class AuthenticationError extends PaylinksError {}
/** 402 */
export class InsufficientFundsError extends PaylinksError {}
/** 403 */
export class PermissionError extends PaylinksError {}
/** 404 */
export class NotFoundError extends PaylinksError {}
/** 409, 410 */
export class ConflictError extends PaylinksError {}
/** 422 */
export class UnprocessableError extends PaylinksError {}
/** 429 */
export class RateLimitError extends PaylinksError {}
/** 5xx: whether anything was done is not known; ask, or send the same again with `idempotencyKey`. */
export class ServerError extends PaylinksError {}
/** No answer came: whether the request was heard is not known; ask, or send the same again with `idempotencyKey`. */
export class ConnectionError extends PaylinksError {}
/** No answer came in time. */
export class TimeoutError extends ConnectionError {}
export class WebhookVerificationError extends PaylinksError {}
