import { batch } from "./batches.js";
import { List } from "./pages.js";
import { Repeat } from "./transport.js";
import { verifyWebhook } from "./webhooks.js";

const segment = encodeURIComponent;

/** A resource's calls over one transport. */
function calls(transport) {
  const send = (method, path, request) => transport.send(method, "/v1" + path, request);
  return {
    get: (path, query, options) => send("GET", path, { query, options }),
    /** Done once, however often it is sent. */
    keyed: (path, body, options) => send("POST", path, { body, repeat: Repeat.keyed, options }),
    /** Sent again only when nothing was begun. */
    once: (path, body, options) => send("POST", path, { body, repeat: Repeat.refused, options }),
    /** To the same effect, however often it is done. */
    set: (method, path, body, options) => send(method, path, { body, options }),
    /** Many at once, each done once. */
    many: (path, lines, options) => batch(transport, "/v1" + path, lines, options),
    /** An offset is for the first page: from then on the cursor tells the place. */
    list: (path, { cursor, offset, ...query } = {}, options) =>
      new List((cursor) => send("GET", path, { query: { ...query, ...(cursor ? { cursor } : { offset }) }, options }), cursor),
  };
}

export function paymentLinks(transport) {
  const call = calls(transport);
  const claimed = (slug) => `/payment-links/claim/${segment(slug)}`;
  return {
    create: (link, options) => call.keyed("/payment-links", link, options),
    createBatch: (links, options) => call.many("/payment-links/batch", links, options),
    list: (query, options) => call.list("/payment-links", query, options),
    get: (id, options) => call.get(`/payment-links/${segment(id)}`, undefined, options),
    cancel: (id, options) => call.set("PATCH", `/payment-links/${segment(id)}`, { status: "CANCELLED" }, options),
    update: async (id, changes, options) => call.set("PATCH", `/payment-links/${segment(id)}`, someOf(changes), options),
    /** Without the claim's id it is not repeated: another claim may hold the link by then. */
    release: (id, claim, options) => {
      const path = `/payment-links/${segment(id)}/release`;
      return claim?.claimId ? call.set("POST", path, claim, options) : call.once(path, undefined, options);
    },
    getBySlug: (slug, options) => call.get(claimed(slug), undefined, options),
    claim: (slug, claim, options) => call.keyed(`${claimed(slug)}/claim`, claim, options),
    claimBatch: (claims, options) => call.many("/payment-links/claims/batch", claims, options),
    getClaim: (slug, claimId, options) => call.get(`${claimed(slug)}/claims/${segment(claimId)}`, undefined, options),
    releaseClaim: (slug, claimId, claim, options) =>
      call.set("POST", `${claimed(slug)}/claims/${segment(claimId)}/release`, claim, options),
  };
}

export function wallets(transport) {
  const call = calls(transport);
  const one = (id) => `/wallets/${segment(id)}`;
  return {
    create: (wallet, options) => call.keyed("/wallets", wallet, options),
    list: (query, options) => call.list("/wallets", query, options),
    get: (id, options) => call.get(one(id), undefined, options),
    update: (id, changes, options) => call.set("PATCH", one(id), changes, options),
    getBalance: (id, options) => call.get(`${one(id)}/balance`, undefined, options),
    fund: (id, funding, options) => call.keyed(`${one(id)}/fund`, funding, options),
    freeze: (id, options) => call.set("POST", `${one(id)}/freeze`, undefined, options),
    unfreeze: (id, options) => call.set("POST", `${one(id)}/unfreeze`, undefined, options),
    listTransactions: (id, query, options) => call.list(`${one(id)}/transactions`, query, options),
    listHolds: (id, query, options) => call.list(`${one(id)}/holds`, query, options),
  };
}

export function transactions(transport) {
  const call = calls(transport);
  return { get: (id, options) => call.get(`/transactions/${segment(id)}`, undefined, options) };
}

export function sandbox(transport) {
  const call = calls(transport);
  return { fund: (funding, options) => call.keyed("/sandbox/fund", funding, options) };
}

export function organization(transport) {
  const call = calls(transport);
  return {
    get: (options) => call.get("/organization", undefined, options),
    update: (changes, options) => call.set("PATCH", "/organization", changes, options),
  };
}

export function apiKeys(transport) {
  const call = calls(transport);
  const one = (id) => `/api-keys/${segment(id)}`;
  return {
    create: (key, options) => call.once("/api-keys", key, options),
    list: (query, options) => call.list("/api-keys", query, options),
    get: (id, options) => call.get(one(id), undefined, options),
    update: (id, changes, options) => call.set("PATCH", one(id), changes, options),
    revoke: (id, { cascade, ...options } = {}) =>
      call.set("DELETE", cascade ? `${one(id)}?cascade=true` : one(id), undefined, options),
  };
}

/** The changes, of which there must be at least one: the API reads an empty body as a cancellation. */
function someOf(changes) {
  if (Object.values(changes ?? {}).some((value) => value !== undefined)) return changes;
  throw new TypeError("Send at least one change: description, expiresAt, or metadata. To cancel the link, call cancel.");
}

/** A time as text, or an event's id as it is. */
function replayStart(since) {
  return typeof since === "string" && since.startsWith("evt_") ? since : new Date(since).toISOString();
}

export function webhooks(transport) {
  const call = calls(transport);
  const one = (id) => `/webhooks/${segment(id)}`;
  const dead = (id) => `/webhooks/dlq/${segment(id)}`;
  return {
    create: (webhook, options) => call.once("/webhooks", webhook, options),
    list: (query, options) => call.list("/webhooks", query, options),
    get: (id, options) => call.get(one(id), undefined, options),
    update: (id, changes, options) => call.set("PATCH", one(id), changes, options),
    delete: (id, options) => call.set("DELETE", one(id), undefined, options),
    rotateSecret: (id, options) => call.once(`${one(id)}/rotate-secret`, undefined, options),
    test: (id, options) => call.once(`${one(id)}/test`, undefined, options),
    listDeliveries: (id, query, options) => call.list(`${one(id)}/deliveries`, query, options),
    redeliver: (id, deliveryId, options) =>
      call.once(`${one(id)}/deliveries/${segment(deliveryId)}/redeliver`, undefined, options),
    replay: async (id, since, options) =>
      call.once(`${one(id)}/replay`, { since: replayStart(since) }, options),
    listDead: (query, options) => call.list("/webhooks/dlq", query, options),
    retryDead: (id, options) => call.once(`${dead(id)}/retry`, undefined, options),
    discardDead: (id, options) => call.set("POST", `${dead(id)}/discard`, undefined, options),
    verify: verifyWebhook,
  };
}

export function events(transport) {
  const call = calls(transport);
  return { list: (query, options) => call.list("/events", query, options) };
}
