import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import {
  AuthenticationError, Client, ConnectionError, RateLimitError, TimeoutError, ValidationError,
} from "../src/index.js";
import { pause } from "../src/transport.js";
import { client, payer } from "./system.js";

/**
 * A server that takes batches, and remembers the lines of each. `answer` is told a line, its place, and how many
 * requests there were before; what it returns, at once or later, is the answer's line, "break" to break the
 * connection off, "cut" to end the answer early, "leave out" to go on with the next line, or, for the first line, a
 * status that the whole request is refused with. An answer that comes to its end has a summary.
 */
async function withServer(answer, body, options = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const lines = Buffer.concat(parts).toString().trimEnd().split("\n").map((line) => JSON.parse(line));
    const number = requests.push(lines) - 1;
    for (const [index, line] of lines.entries()) {
      const given = await answer(line, index, number);
      if (typeof given === "number") return response.writeHead(given).end();
      if (index === 0) response.writeHead(200, { "content-type": "application/x-ndjson" });
      if (given === "break") return response.socket.destroySoon();
      if (given === "cut") return response.end();
      if (given === "leave out") continue;
      response.write(JSON.stringify({ index, status: 201, body: { slug: line.amount }, ...given }) + "\n");
    }
    response.end(JSON.stringify({ summary: { lines: lines.length } }) + "\n");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pauses = [];
  const sleep = async (milliseconds) => void pauses.push(milliseconds);
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  try {
    await body({ client: new Client({ apiKey: "wg_test_x", baseUrl, sleep, ...options }), requests, pauses });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const amounts = (count, from = 1) => Array.from({ length: count }, (_, place) => ({ amount: `${from + place}.00` }));

async function all(results) {
  const found = [];
  for await (const result of results) found.push(result);
  return found;
}

test("a stream that breaks is taken up with the lines that have no answer, under the same keys", async () => {
  const breaks = (line, index, number) => (number < 2 && index === 2 ? "break" : {});
  await withServer(breaks, async ({ client, requests, pauses }) => {
    const found = await all(client.paymentLinks.createBatch(amounts(6)));
    assert.deepEqual(found.map((result) => result.value.slug), amounts(6).map((line) => line.amount));
    assert.deepEqual(found.map((result) => result.index), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(requests.map((lines) => lines.length), [6, 4, 2]);
    assert.deepEqual(requests[1], requests[0].slice(2));
    assert.deepEqual(requests[2], requests[0].slice(4));
    assert.equal(new Set(found.map((result) => result.idempotencyKey)).size, 6);
    assert.deepEqual(found.map((result) => result.idempotencyKey), requests[0].map((line) => line.idempotencyKey));
    assert.equal(pauses.length, 2);
  });
});

test("a line's own key is sent as it is", async () => {
  await withServer(() => ({}), async ({ client, requests }) => {
    await all(client.paymentLinks.createBatch([{ amount: "1.00", idempotencyKey: "order-17" }, { amount: "2.00" }]));
    assert.equal(requests[0][0].idempotencyKey, "order-17");
    assert.match(requests[0][1].idempotencyKey, /^[0-9a-f]{32}$/);
  });
});

test("a line that is told to try again is sent again alone, and those behind it wait for their turn", async () => {
  const limited = { status: 429, retryAfter: 2, body: { error: { code: "RATE_LIMIT_EXCEEDED", message: "Later." } } };
  await withServer((line, index, number) => (number === 0 && index === 1 ? limited : {}), async (given) => {
    const found = await all(given.client.paymentLinks.createBatch(amounts(3)));
    assert.deepEqual(found.map((result) => result.status), [201, 201, 201]);
    assert.deepEqual(given.requests[1], [given.requests[0][1]]);
    assert.ok(given.pauses.length === 1 && given.pauses[0] >= 2_000, `${given.pauses}`);
  });
  await withServer((_, index) => (index === 1 ? limited : {}), async ({ client }) => {
    const found = await all(client.paymentLinks.createBatch(amounts(3), { maxRetries: 0 }));
    assert.deepEqual(found.map((result) => result.ok), [true, false, true]);
    assert.ok(found[1].error instanceof RateLimitError && found[1].error.retryAfter === 2);
  });
});

test("a stream that breaks for good ends with its error, after every result that came", async () => {
  await withServer((line) => (line.amount === "3.00" ? "break" : {}), async ({ client, requests }) => {
    const found = [];
    const reading = (async () => {
      for await (const result of client.paymentLinks.createBatch(amounts(4))) found.push(result.value.slug);
    })();
    await assert.rejects(reading, ConnectionError);
    assert.deepEqual(found, ["1.00", "2.00"]);
    assert.equal(requests.length, 5);
  });
});

test("an answer that ends without its summary was cut off, and its other lines are not known", async () => {
  for (const [end, message] of [["cut", /cut off/], ["leave out", /no answer/]]) {
    await withServer((line) => (line.amount === "2.00" ? end : {}), async ({ client, requests }) => {
      const { found, error } = await broken(client.paymentLinks.createBatch(amounts(2), { maxRetries: 1 }));
      assert.deepEqual(found, [[0, 201]]);
      assert.ok(error instanceof ConnectionError);
      assert.match(error.message, message);
      assert.deepEqual(error.unanswered, keys(requests[0], 1));
      assert.deepEqual(requests[1], [requests[0][1]]);
    });
  }
});

const later = { status: 429, body: { error: { code: "RATE_LIMIT_EXCEEDED", message: "Later." } } };
const unavailable = { status: 503, body: { error: { code: "QUEUE_UNAVAILABLE", message: "Later." } } };

/** What comes of a batch that is broken off: the places of its results, and its error. */
async function broken(results) {
  const found = [];
  try {
    for await (const result of results) found.push([result.index, result.status]);
  } catch (error) {
    return { found, error };
  }
  throw new Error("nothing was thrown");
}

const keys = (lines, ...places) => places.map((index) => ({ index, idempotencyKey: lines[index].idempotencyKey }));

test("a line that was refused, and has no answer since it was sent again, is not known, and not refused", async () => {
  for (const refused of [later, unavailable]) {
    const answer = (line, _, number) => (line.amount !== "2.00" ? {} : number === 0 ? refused : "break");
    await withServer(answer, async ({ client, requests }) => {
      const { found, error } = await broken(client.paymentLinks.createBatch(amounts(3), { maxRetries: 2 }));
      assert.deepEqual(found, [[0, 201], [2, 201]]);
      assert.ok(error instanceof ConnectionError);
      assert.deepEqual(error.unanswered, keys(requests[0], 1));
      assert.equal(requests.length, 3);
    });
  }
});

test("a line that is refused to the last is told so, among others that have no answer", async () => {
  const answer = (line, _, number) => (line.amount === "1.00" ? later : line.amount === "2.00" ? {} : "break");
  await withServer(answer, async ({ client, requests }) => {
    const { found, error } = await broken(client.paymentLinks.createBatch(amounts(4), { maxRetries: 1 }));
    assert.deepEqual(found, [[0, 429], [1, 201]]);
    assert.deepEqual(error.unanswered, keys(requests[0], 2, 3));
  });
});

test("what is decided behind a line that waits is told before a failure that ends the batch", async () => {
  const answer = (line, index, number) => (number > 0 ? 401 : index === 0 ? later : {});
  await withServer(answer, async ({ client, requests }) => {
    const { found, error } = await broken(client.paymentLinks.createBatch(amounts(3)));
    assert.deepEqual(found, [[1, 201], [2, 201]]);
    assert.ok(error instanceof AuthenticationError);
    assert.deepEqual(error.unanswered, keys(requests[0], 0));
    assert.equal(requests.length, 2);
  });
  const controller = new AbortController();
  const sleep = async () => {
    controller.abort();
    throw new Error("enough");
  };
  await withServer((_, index) => (index === 0 ? later : {}), async ({ client }) => {
    const { found, error } = await broken(client.paymentLinks.createBatch(amounts(2), { signal: controller.signal }));
    assert.deepEqual([found, error.message], [[[0, 429], [1, 201]], "enough"]);
  }, { sleep });
});

test("an answer to no line, or two to one, leave a line without an answer, which is sent again", async () => {
  for (const index of [7, 0]) {
    const answer = (line, place, number) => (number === 0 && place === 1 ? { index } : {});
    await withServer(answer, async ({ client, requests }) => {
      assert.deepEqual((await all(client.paymentLinks.createBatch(amounts(2)))).map((result) => result.index), [0, 1]);
      assert.deepEqual(requests[1], [requests[0][1]]);
    });
  }
});

test("a line's error tells its key", async () => {
  const wrong = { status: 400, body: { error: { code: "ANY", message: "No." } } };
  for (const answer of [wrong, later, unavailable]) {
    await withServer(() => answer, async ({ client, requests }) => {
      const [{ error }] = await all(client.paymentLinks.createBatch(amounts(1), { maxRetries: 0 }));
      assert.equal(error.idempotencyKey, requests[0][0].idempotencyKey);
    });
  }
});

test("a source is read no faster than the results are, and let go when the reader stops", async () => {
  let [taken, isClosed] = [0, false];
  async function* source() {
    try {
      for (; taken < 100_000; taken += 1) yield { amount: `${taken}.00` };
    } finally {
      isClosed = true;
    }
  }
  await withServer(() => ({}), async ({ client, requests }) => {
    for await (const result of client.paymentLinks.createBatch(source())) if (result.index === 1_500) break;
    assert.equal(requests.length, 2);
    assert.ok(taken <= 2_048, `${taken}`);
    assert.ok(isClosed);
  });
});

test("the reader's time is not the server's, whose silence is not waited out", { timeout: 20_000 }, async () => {
  const slowly = (line, index) => (index === 0 ? {} : pause(60).then(() => ({})));
  await withServer(slowly, async ({ client, requests }) => {
    const found = [];
    for await (const result of client.paymentLinks.createBatch(amounts(3), { timeoutMs: 1_000 })) {
      found.push(result.index);
      await pause(1_500);
    }
    assert.deepEqual([found, requests.length], [[0, 1, 2], 1]);
  });
  await withServer((line, index) => (index === 0 ? {} : new Promise(() => {})), async ({ client }) => {
    const results = client.paymentLinks.createBatch(amounts(2), { timeoutMs: 1_000, maxRetries: 0 });
    assert.equal((await results.next()).value.index, 0);
    await assert.rejects(results.next(), TimeoutError);
  });
});

test("a signal ends a batch whose answer has come whole, and is not read yet", { timeout: 5_000 }, async () => {
  await withServer((line, index) => (index === 0 ? {} : pause(30).then(() => ({}))), async ({ client }) => {
    const controller = new AbortController();
    const results = client.paymentLinks.createBatch(amounts(3), { signal: controller.signal });
    await results.next();
    await pause(200);
    controller.abort(new Error("enough"));
    await assert.rejects(all(results), { message: "enough" });
  });
});

test("a source may wait for the result of its last line", async () => {
  let proceed = () => {};
  async function* source() {
    for (const line of amounts(3)) {
      const answered = new Promise((resolve) => (proceed = resolve));
      yield line;
      await answered;
    }
  }
  await withServer(() => ({}), async ({ client, requests }) => {
    for await (const result of client.paymentLinks.createBatch(source())) proceed(result);
    assert.deepEqual(requests.map((lines) => lines.length), [1, 1, 1]);
  });
});

test("a source that fails, and a signal, end the batch with their own reason", { timeout: 10_000 }, async () => {
  async function* failing() {
    yield { amount: "1.00" };
    throw new Error("no more lines");
  }
  await withServer(() => ({}), async ({ client, requests }) => {
    await assert.rejects(all(client.paymentLinks.createBatch(failing())), { message: "no more lines" });
    assert.deepEqual(requests.map((lines) => lines.length), [1]);
  });
  const neverMore = (line, index) => (index === 0 ? {} : new Promise(() => {}));
  await withServer(neverMore, async ({ client }) => {
    const controller = new AbortController();
    const results = client.paymentLinks.createBatch(amounts(2), { signal: controller.signal });
    await results.next();
    controller.abort(new Error("enough"));
    await assert.rejects(all(results), { message: "enough" });
  });
  await withServer(() => "break", async ({ client }) => {
    const signal = AbortSignal.abort(new Error("at once"));
    await assert.rejects(all(client.paymentLinks.createBatch(amounts(2), { signal })), { message: "at once" });
  });
});

test("thousands of links are made and paid, one wrong line harming no other", async () => {
  const [payee, source] = [await client.wallets.create({ name: "Payee" }), await client.wallets.create({ name: "Payer" })];
  await client.wallets.fund(source.id, { amount: "5000.00" });
  async function* links() {
    for (let number = 0; number < 2_500; number += 1) {
      yield { walletId: payee.id, amount: number === 1_200 ? "-1.00" : "1.00", metadata: { number } };
    }
  }
  async function* claims() {
    for await (const { ok, index, value, error } of client.paymentLinks.createBatch(links())) {
      assert.equal(ok, index !== 1_200);
      if (!ok) assert.ok(error instanceof ValidationError && error.status === 400);
      if (ok) assert.equal(value.metadata.number, index);
      if (ok) yield { slug: value.slug, method: "wallet", destination: { type: "WALLET", walletId: source.id } };
    }
  }
  let count = 0;
  for await (const result of client.paymentLinks.claimBatch(claims())) {
    assert.deepEqual([result.index, result.status, result.value?.status], [count, 200, "SETTLED"]);
    count += 1;
  }
  assert.equal(count, 2_499);
  assert.equal((await client.wallets.getBalance(payee.id)).available, "2499.00");
});

test("lines sent again under their keys are done once; a batch without a key that counts is refused whole", async () => {
  const payee = await client.wallets.create({ name: "Once" });
  const lines = amounts(3).map((line) => ({ walletId: payee.id, ...line, idempotencyKey: `${payee.id}-${line.amount}` }));
  const first = await all(client.paymentLinks.createBatch(lines));
  const second = await all(client.paymentLinks.createBatch(lines));
  assert.deepEqual(second.map((result) => result.value), first.map((result) => result.value));
  assert.deepEqual([...first, ...second].map((result) => result.replayed), [false, false, false, true, true, true]);
  await assert.rejects(all(payer.paymentLinks.createBatch(lines)), AuthenticationError);
});
