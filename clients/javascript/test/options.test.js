import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client, verifyWebhook } from "../src/index.js";
import { after } from "../src/timers.js";

const longestDelayMs = 2 ** 31 - 1;

/** A client whose fetch counts requests and answers after `delayMs`, unless its signal aborts first. */
function counting({ delayMs = 0, status = 200, ...options } = {}) {
  const requests = [];
  const fetch = (url, request) => new Promise((resolve, reject) => {
    requests.push(url);
    const timer = setTimeout(() => resolve(new Response("{}", { status })), delayMs);
    request.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(request.signal.reason);
    });
  });
  return { client: new Client({ baseUrl: "http://localhost", fetch, sleep: async () => {}, ...options }), requests };
}

const wrong = [
  ["timeoutMs", RangeError, [NaN, 0, -0, -1, -Infinity]],
  ["timeoutMs", TypeError, [null, "45000", 1n, true, {}]],
  ["maxRetries", RangeError, [NaN, -1, 1.5, -Infinity]],
  ["maxRetries", TypeError, [null, "4", 4n, false, []]],
];
const wrongForCalls = [
  ...wrong,
  ["wait", RangeError, [NaN, -1, 1.5, 31, Infinity]],
  ["wait", TypeError, [null, "7", 7n]],
  ["idempotencyKey", TypeError, [7, {}]],
  ["signal", TypeError, [7, "stop", {}]],
];
const wrongForClients = [
  ...wrong,
  ["apiKey", TypeError, [7, {}]],
  ["fetch", TypeError, [7, "fetch"]],
  ["sleep", TypeError, [7, {}]],
];

const each = (table) => table.flatMap(([name, type, values]) => values.map((value) => [name, type, value]));

test("a client refuses an option that is out of range or of another type, by name", () => {
  for (const [name, type, value] of each(wrongForClients)) {
    const make = () => new Client({ baseUrl: "http://localhost", [name]: value });
    assert.throws(make, (error) => error instanceof type && error.message.startsWith(`${name} must be `), name);
  }
  assert.throws(() => new Client(null), TypeError);
});

test("an error about an option does not show a value of the wrong type, which may be a secret", () => {
  const make = () => new Client({ baseUrl: "http://localhost", timeoutMs: "wg_live_secret" });
  assert.throws(make, (error) => !error.message.includes("wg_live_secret"));
});

test("every kind of call refuses a wrong option by name, and sends nothing", async () => {
  const { client, requests } = counting();
  const calls = [
    (options) => client.wallets.get("wal_1", options),
    (options) => client.paymentLinks.create({}, options),
    (options) => client.paymentLinks.list({}, options),
    (options) => client.webhooks.rotateSecret("hook_1", options),
    (options) => client.webhooks.replay("hook_1", 0, options),
    async (options) => { for await (const _ of client.paymentLinks.list({}, options)); },
    async (options) => { for await (const _ of client.paymentLinks.createBatch([{}], options)); },
    async (options) => { for await (const _ of client.paymentLinks.claimBatch([{}], options)); },
  ];
  for (const call of calls) {
    for (const [name, type, value] of each(wrongForCalls)) {
      const isRight = (error) => error instanceof type && error.message.startsWith(`${name} must be `);
      await assert.rejects(async () => call({ [name]: value }), isRight, `${name}: ${String(value)}`);
    }
  }
  await assert.rejects(client.webhooks.replay("hook_1", NaN), RangeError);
  assert.deepEqual(requests, []);
});

test("a time limit beyond a timer's range is one request that may take its time, and Infinity is no limit", async () => {
  for (const timeoutMs of [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 53, Number.MAX_VALUE, Infinity]) {
    const { client, requests } = counting({ delayMs: 20, timeoutMs });
    assert.deepEqual(await client.wallets.get("wal_1"), {}, `${timeoutMs}`);
    assert.deepEqual(await client.wallets.get("wal_1", { timeoutMs }), {}, `${timeoutMs}`);
    assert.equal(requests.length, 2, `${timeoutMs}`);
  }
});

test("a batch keeps to the same limits", async () => {
  const server = createServer((request, response) => {
    request.resume().on("end", () => setTimeout(() => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.end(JSON.stringify({ index: 0, status: 201, body: { id: "lnk_1" }, retryAfter: -5 }) + "\n");
    }, 20));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const client = new Client({ baseUrl: `http://127.0.0.1:${server.address().port}`, maxRetries: 0 });
    for (const timeoutMs of [2 ** 31, Infinity]) {
      for await (const result of client.paymentLinks.createBatch([{}], { timeoutMs })) assert.equal(result.ok, true);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("maxRetries counts the retries, and Infinity sets no limit", async () => {
  for (const [maxRetries, count] of [[0, 1], [1, 2], [3, 4]]) {
    const { client, requests } = counting({ status: 503, maxRetries });
    await assert.rejects(client.wallets.get("wal_1"));
    assert.equal(requests.length, count);
  }
  const controller = new AbortController();
  let pauses = 0;
  const sleep = async (_, signal) => {
    pauses += 1;
    if (pauses === 50) controller.abort(new Error("enough"));
    signal.throwIfAborted();
  };
  const { client } = counting({ status: 503, maxRetries: Infinity, sleep });
  await assert.rejects(client.wallets.get("wal_1", { signal: controller.signal }), { message: "enough" });
});

test("a long delay runs through several timers, and can be canceled in each of them", () => {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const timers = new Map();
  globalThis.setTimeout = (callback, delay) => {
    timers.set(timers.size, { callback, delay });
    return timers.size - 1;
  };
  globalThis.clearTimeout = (number) => Object.assign(timers.get(number) ?? {}, { isCleared: true });
  const delays = () => [...timers.values()].map((timer) => timer.delay);
  let calls = 0;
  try {
    const cancel = after(2 * longestDelayMs + 5, () => (calls += 1));
    for (const number of [0, 1]) timers.get(number).callback();
    assert.deepEqual([delays(), calls], [[longestDelayMs, longestDelayMs, 5], 0]);
    cancel();
    assert.equal(timers.get(2).isCleared, true);
    timers.get(2).callback();
    assert.equal(calls, 1);
    after(Infinity, () => (calls += 1))();
    assert.equal(timers.size, 3);
  } finally {
    Object.assign(globalThis, real);
  }
});

test("a verification refuses a tolerance or a time that would accept every delivery", async () => {
  const table = [
    [{ toleranceSeconds: NaN }, RangeError], [{ toleranceSeconds: -1 }, RangeError], [{ now: NaN }, RangeError],
    [{ now: Infinity }, RangeError], [{ toleranceSeconds: "300" }, TypeError], [{ now: new Date() }, TypeError],
    [{ toleranceSeconds: null }, TypeError],
  ];
  const headers = { "webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };
  for (const [options, type] of table) await assert.rejects(verifyWebhook("{}", headers, "whsec_AAAA", options), type);
  const old = { "webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };
  const anyAge = verifyWebhook("{}", old, "whsec_AAAA", { toleranceSeconds: Infinity });
  await assert.rejects(anyAge, { name: "WebhookVerificationError", message: /signature is wrong/ });
});
