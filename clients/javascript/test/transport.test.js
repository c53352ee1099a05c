import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client, ConnectionError, RateLimitError, ServerError, TimeoutError } from "../src/index.js";
import { pause } from "../src/transport.js";

const claim = { method: "wallet", destination: { type: "WALLET", walletId: "wal_1" } };
const refusal = (code) => ({ error: { code, message: "No." } });

/** A server that answers as it is told, one answer to a request, and remembers what it was asked. */
async function withServer(answers, body, options = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      requests.push({ method: request.method, url: request.url, headers: request.headers });
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      if (answer === "hang") return;
      if (answer === "drop") return request.socket.destroy();
      const [status, json, headers = {}] = answer;
      response.writeHead(status, { "content-type": "application/json", "request-id": "r1", ...headers });
      response.end(JSON.stringify(json));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pauses = [];
  const sleep = async (milliseconds) => void pauses.push(milliseconds);
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const client = new Client({ apiKey: "wg_test_x", baseUrl, sleep, ...options });
  try {
    await body({ client, requests, pauses, baseUrl });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const keysOf = (requests) => new Set(requests.map((request) => request.headers["idempotency-key"]));

test("a claim whose answer is lost is sent again under the same key, and other claims under others", async () => {
  await withServer(["drop", [503, refusal("QUEUE_UNAVAILABLE")], [200, { claimId: "clm_1" }]], async (given) => {
    assert.deepEqual(await given.client.paymentLinks.claim("abc", claim), { claimId: "clm_1" });
    assert.equal(given.requests.length, 3);
    assert.equal(keysOf(given.requests).size, 1);
    assert.match([...keysOf(given.requests)][0], /^[0-9a-f]{32}$/);
    await given.client.paymentLinks.claim("abc", claim);
    assert.equal(keysOf(given.requests).size, 2);
  });
});

test("a caller's own key is sent as it is", async () => {
  await withServer([[200, {}]], async ({ client, requests }) => {
    await client.paymentLinks.create({}, { idempotencyKey: "order-17" });
    assert.deepEqual([...keysOf(requests)], ["order-17"]);
  });
});

test("an error tells the key that its call was sent under, whatever became of it", async () => {
  const answers = ["hang", "drop", [503, refusal("ANY")], [429, refusal("RATE_LIMIT_EXCEEDED")], [404, refusal("ANY")]];
  for (const answer of answers) {
    await withServer([answer, answer, [201, { id: "lnk_1" }]], async ({ client, requests }) => {
      const error = await client.paymentLinks.create({}, { timeoutMs: 200, maxRetries: 1 }).catch((error) => error);
      assert.match(error.idempotencyKey, /^[0-9a-f]{32}$/, `${answer}`);
      await client.paymentLinks.create({}, { idempotencyKey: error.idempotencyKey }).catch(() => {});
      assert.deepEqual([...keysOf(requests)], [error.idempotencyKey]);
    });
  }
  await withServer(["drop"], async ({ client }) => {
    const options = { idempotencyKey: "order-17", maxRetries: 0 };
    await assert.rejects(client.paymentLinks.claim("abc", claim, options), { idempotencyKey: "order-17" });
    await assert.rejects(client.wallets.get("wal_1", options), { idempotencyKey: null });
    await assert.rejects(client.webhooks.create({}, options), { idempotencyKey: null });
  });
});

test("what has no key and is not the same twice is sent again only when it was refused at the door", async () => {
  for (const answer of ["drop", [500, refusal("INTERNAL_ERROR")], [503, refusal("DATABASE_UNAVAILABLE")]]) {
    await withServer([answer, [201, {}]], async ({ client, requests }) => {
      await assert.rejects(client.webhooks.create({ url: "https://example.com" }));
      assert.equal(requests.length, 1);
    });
  }
  for (const code of [[429, refusal("RATE_LIMIT_EXCEEDED")], [503, refusal("OVERLOADED")]]) {
    await withServer([code, [201, { id: "hook_1" }]], async ({ client }) => {
      assert.deepEqual(await client.webhooks.create({ url: "https://example.com" }), { id: "hook_1" });
    });
  }
});

test("Retry-After is honoured, pauses grow and vary, and the number of tries is bounded", async () => {
  await withServer([[429, refusal("RATE_LIMIT_EXCEEDED"), { "retry-after": "2" }], [200, {}]], async (given) => {
    await given.client.wallets.get("wal_1");
    assert.ok(given.pauses[0] >= 2_000 && given.pauses[0] <= 2_250, `${given.pauses}`);
  });
  await withServer([[503, refusal("OVERLOADED")]], async ({ client, requests, pauses }) => {
    await assert.rejects(client.wallets.get("wal_1"), ServerError);
    assert.deepEqual([requests.length, pauses.length], [5, 4]);
    pauses.forEach((pause, attempt) => assert.ok(pause >= 0 && pause <= 250 * 2 ** attempt));
  });
  await withServer([[429, refusal("RATE_LIMIT_EXCEEDED"), { "retry-after": "3600" }]], async ({ client, requests }) => {
    const error = await client.wallets.get("wal_1").catch((error) => error);
    assert.ok(error instanceof RateLimitError);
    assert.deepEqual([error.retryAfter, requests.length], [3600, 1]);
  });
});

test("a 429 without our code is a proxy's: what may be repeated is sent again, all else is not", async () => {
  for (const body of [null, {}, { message: "Too many requests" }]) {
    await withServer([[429, body, { "retry-after": "3" }], [200, { id: "x" }]], async ({ client, pauses }) => {
      assert.deepEqual(await client.wallets.get("wal_1"), { id: "x" });
      assert.ok(pauses.length === 1 && pauses[0] >= 3_000, `${pauses}`);
    });
    await withServer([[429, body], [200, { id: "x" }]], async ({ client, requests }) => {
      assert.deepEqual(await client.paymentLinks.claim("abc", claim), { id: "x" });
      assert.equal(keysOf(requests).size, 1);
    });
    await withServer([[429, body], [200, { id: "x" }]], async ({ client, requests }) => {
      await assert.rejects(client.webhooks.create({ url: "https://example.com" }), RateLimitError);
      assert.equal(requests.length, 1);
    });
  }
});

test("Retry-After may be a date, counted from the answer's own, is never negative, and is bounded too", async () => {
  const date = "Sun, 06 Nov 1994 08:49:37 GMT";
  const forms = [
    ["Sun, 06 Nov 1994 08:49:47 GMT", 10], ["Sunday, 06-Nov-94 08:49:47 GMT", 10], ["Sun Nov  6 08:49:47 1994", 10],
    [date, 0], ["Sat, 05 Nov 1994 08:49:37 GMT", 0], ["Sun, 06 Nov 1994 09:49:37 GMT", 3_600],
    ["-5", null], ["1.5", null], ["soon", null], ["2094-11-06T08:49:37Z", null], ["Sun, 06 Nov", null],
    ["Sun, 99 Nov 1994 08:49:37 GMT", null],
  ];
  for (const [text, seconds] of forms) {
    const answer = [503, refusal("ANY"), { "retry-after": text, date }];
    await withServer([answer], async ({ client, requests, pauses }) => {
      const error = await client.wallets.get("wal_1", { maxRetries: 1 }).catch((error) => error);
      assert.deepEqual([error.retryAfter, requests.length], [seconds, seconds > 60 ? 1 : 2], text);
      for (const pause of pauses) assert.ok(pause >= (seconds ?? 0) * 1_000, `${text}: ${pause}`);
    });
  }
  const inHalfAMinute = new Date(Date.now() + 30_000).toUTCString();
  const headers = new Headers({ "retry-after": inHalfAMinute });
  const undated = { fetch: async () => new Response("{}", { status: 503, headers }), maxRetries: 0 };
  const error = await new Client({ baseUrl: "http://x", ...undated }).wallets.get("wal_1").catch((error) => error);
  assert.ok(error.retryAfter >= 28 && error.retryAfter <= 30, `${error.retryAfter}`);
});

test("refusals are never sent again", async () => {
  for (const status of [400, 401, 402, 403, 404, 409, 410, 422]) {
    await withServer([[status, refusal("ANY")], [200, {}]], async ({ client, requests }) => {
      await assert.rejects(client.paymentLinks.claim("abc", claim), { status, code: "ANY", requestId: "r1" });
      assert.equal(requests.length, 1);
    });
  }
});

test("an equal request that is still worked on is waited for", async () => {
  const busy = [409, refusal("IDEMPOTENCY_IN_PROGRESS"), { "retry-after": "1" }];
  await withServer([busy, [201, { id: "lnk_1" }]], async ({ client }) => {
    assert.deepEqual(await client.paymentLinks.create({}), { id: "lnk_1" });
  });
});

test("a deletion whose answer was lost is done", async () => {
  await withServer(["drop", [404, refusal("WEBHOOK_NOT_FOUND")]], async ({ client }) => {
    assert.equal(await client.webhooks.delete("hook_1"), null);
  });
});

test("a time-out is not known yet, never failed; a server that is not there is told too", async () => {
  await withServer(["hang"], async ({ client, pauses }) => {
    await assert.rejects(client.wallets.get("wal_1", { timeoutMs: 50, maxRetries: 1 }), TimeoutError);
    // Where the machine is slow, a try may be over before its request has come.
    assert.equal(pauses.length, 1);
  });
  const nowhere = new Client({ baseUrl: "http://127.0.0.1:1", sleep: async () => {} });
  await assert.rejects(nowhere.paymentLinks.getBySlug("abc"), ConnectionError);
});

test("a signal ends the exchange and the pauses, with its own reason", async () => {
  await withServer(["hang"], async ({ client }) => {
    const controller = new AbortController();
    const call = client.wallets.get("wal_1", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(call, { message: "enough" });
  });
  const controller = new AbortController();
  const answers = [[429, refusal("RATE_LIMIT_EXCEEDED"), { "retry-after": "30" }]];
  const sleep = (milliseconds, signal) => {
    const pausing = pause(milliseconds, signal);
    controller.abort(new Error("no more"));
    return pausing;
  };
  await withServer(answers, async ({ client }) => {
    const call = client.paymentLinks.getBySlug("abc", { signal: controller.signal });
    await assert.rejects(call, { message: "no more" });
  }, { sleep });
});

test("addresses, queries and preferences are spelt as the API wants them", async () => {
  await withServer([[200, { data: [], cursor: null, hasMore: false }]], async ({ client, requests }) => {
    await client.paymentLinks.list({ walletId: "wal_1", status: undefined, limit: 5 });
    await client.paymentLinks.getClaim("a/b", "clm_1", { wait: 7 });
    assert.deepEqual(requests.map((request) => request.url), [
      "/v1/payment-links?walletId=wal_1&limit=5", "/v1/payment-links/claim/a%2Fb/claims/clm_1",
    ]);
    assert.deepEqual([requests[1].headers.prefer, requests[1].headers.authorization], ["wait=7", "Bearer wg_test_x"]);
    assert.equal(requests[0].headers["content-type"], undefined);
  });
});

test("a client says where the API is, with or without /v1", async () => {
  assert.throws(() => new Client({ baseUrl: "" }), TypeError);
  await withServer([[200, {}]], async ({ requests, baseUrl }) => {
    for (const ending of ["", "/", "/v1", "/v1/"]) await new Client({ baseUrl: baseUrl + ending }).wallets.get("wal_1");
    assert.deepEqual(new Set(requests.map((request) => request.url)), new Set(["/v1/wallets/wal_1"]));
    assert.equal(requests[0].headers.authorization, undefined);
  });
});
