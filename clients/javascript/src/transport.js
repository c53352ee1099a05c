import { ConnectionError, PaylinksError, TimeoutError, errorFrom } from "./errors.js";
import { checkOptions } from "./options.js";
import { randomKey } from "./random.js";
import { after } from "./timers.js";

/** How long the first pause is at most; each further one is twice as long, up to the last. */
const firstPauseMs = 250;
const longestPauseMs = 8_000;
/** A server that asks for more patience than this is not waited for. */
const longestRetryAfterSeconds = 60;

/**
 * What may be sent again when no answer came.
 *
 * `always`: repeating it changes nothing. `keyed`: it carries an idempotency key, so that it is done once. `refused`:
 * only what was refused at the door, with nothing begun, is sent again.
 */
export const Repeat = { always: "always", keyed: "keyed", refused: "refused" };

/** Sends requests, and sends again what is safe to. */
export class Transport {
  constructor(options = {}) {
    checkOptions(options);
    const { apiKey, baseUrl, timeoutMs = 45_000, maxRetries = 4, fetch, sleep } = options;
    const address = baseUrl ?? globalThis.process?.env?.PAYLINKS_BASE_URL;
    if (!address) throw new TypeError("Say where the API is: new Client({ baseUrl: 'https://…' }).");
    this.baseUrl = String(address).replace(/\/+$/, "").replace(/\/v1$/, "");
    this.apiKey = apiKey;
    this.timeoutMs = timeoutMs;
    this.maxRetries = maxRetries;
    this.fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.sleep = sleep ?? pause;
  }

  /** The answer's body, or the error that it tells of. The idempotency key is made once, however often it is sent. */
  async send(method, path, { body, query, repeat = Repeat.always, options = {} } = {}) {
    checkOptions(options);
    const headers = this.headers("application/json", options);
    if (body !== undefined) headers["content-type"] = "application/json";
    if (repeat === Repeat.keyed) headers["idempotency-key"] = options.idempotencyKey ?? (await randomKey());
    const request = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    return this.persist(this.baseUrl + path + queryText(query), request, repeat, options);
  }

  headers(accept, options) {
    const headers = { accept };
    if (this.apiKey) headers.authorization = `Bearer ${this.apiKey}`;
    if (options.wait !== undefined) headers.prefer = options.wait === 0 ? "respond-async" : `wait=${options.wait}`;
    return headers;
  }

  async persist(url, request, repeat, options) {
    const most = options.maxRetries ?? this.maxRetries;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt(url, request, options);
      if (!outcome.error) return outcome.body;
      // What was deleted by an attempt whose answer was lost is not there for the next.
      if (request.method === "DELETE" && attempt > 0 && outcome.error.status === 404) return null;
      if (attempt >= most || !mayRepeat(outcome.error, repeat)) throw keyed(outcome.error, request);
      await this.sleep(pauseBefore(attempt, outcome.error.retryAfter), options.signal);
    }
  }

  /** One exchange: a body or an error, never both. What the caller's own signal ends is thrown. */
  async attempt(url, request, options) {
    const limit = limited(options.timeoutMs ?? this.timeoutMs, options.signal);
    try {
      const answer = await this.fetch(url, { ...request, signal: limit.signal, redirect: "error" });
      const text = await answer.text();
      if (answer.ok) return { body: text === "" ? null : JSON.parse(text) };
      return { error: errorFrom(answer.status, parsed(text), answer.headers) };
    } catch (cause) {
      return { error: noAnswer(cause, limit, options) };
    } finally {
      limit.clear();
    }
  }

  /**
   * The lines of the answer to some lines, each as it comes. Throws what ended the exchange; nothing is sent again. The
   * time-out starts anew with whatever is waited for; the reader's own time does not count. Whoever stops reading ends
   * the exchange.
   */
  async *exchangeLines(path, body, options) {
    const limit = limited(options.timeoutMs ?? this.timeoutMs, options.signal);
    const headers = { ...this.headers("application/x-ndjson", options), "content-type": "application/x-ndjson" };
    const request = { method: "POST", headers, body, signal: limit.signal, redirect: "error" };
    try {
      const answer = await this.fetch(this.baseUrl + path, request);
      if (!answer.ok) throw errorFrom(answer.status, parsed(await answer.text()), answer.headers);
      yield* linesOf(answer.body, limit);
    } catch (cause) {
      throw cause instanceof PaylinksError ? cause : noAnswer(cause, limit, options);
    } finally {
      limit.end();
    }
  }
}

/** The error, with the key under which the same may be sent again. */
function keyed(error, request) {
  error.idempotencyKey = request.headers["idempotency-key"] ?? null;
  return error;
}

/** The JSON values of a stream of lines. */
async function* linesOf(stream, limit) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  // An answer that has come whole, and is aborted before it is read, would leave its reader waiting for ever.
  limit.signal.addEventListener("abort", () => reader.cancel().catch(() => {}), { once: true });
  let rest = "";
  for (let part; !(part = await nextPart(reader, limit)).done; ) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

/** What is read next, within the time-out, which counts for nothing else. */
async function nextPart(reader, limit) {
  limit.signal.throwIfAborted();
  limit.restart();
  const part = await reader.read();
  limit.stop();
  limit.signal.throwIfAborted();
  return part;
}

/** What an exchange without an answer is told as. What the caller's own signal ended is thrown. */
function noAnswer(cause, limit, options) {
  if (options.signal?.aborted) throw options.signal.reason;
  return limit.isOver()
    ? new TimeoutError("No answer came in time; whether the request was heard is not known.", { cause })
    : new ConnectionError("No answer came; whether the request was heard is not known.", { cause });
}

/** Codes of answers that began nothing. */
const refusedAtTheDoor = new Set(["RATE_LIMIT_EXCEEDED", "OVERLOADED"]);

/** Whether what failed so may be sent again. A 429 without our code is a proxy's, and may come after all was done. */
export function mayRepeat(error, repeat) {
  if ((error.retryAfter ?? 0) > longestRetryAfterSeconds) return false;
  if (refusedAtTheDoor.has(error.code)) return true;
  if (repeat === Repeat.refused) return false;
  if (error instanceof ConnectionError || error.code === "IDEMPOTENCY_IN_PROGRESS") return true;
  return error.status >= 500 || error.status === 429;
}

/** Full jitter, so that many who failed together do not come back together; never before `Retry-After`. */
export function pauseBefore(attempt, retryAfter) {
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
  return (retryAfter ?? 0) * 1_000 + Math.random() * ceiling;
}

/** Resolves after a while, or rejects as soon as the signal says so. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = after(milliseconds, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A signal that goes off at the time-out or with the caller's own, whichever is first. */
function limited(milliseconds, signal) {
  const controller = new AbortController();
  let isOver = false;
  const start = () => after(milliseconds, () => {
    isOver = true;
    controller.abort();
  });
  let cancel = start();
  const forward = () => controller.abort(signal.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    stop: () => cancel(),
    restart() {
      this.stop();
      cancel = start();
    },
    clear() {
      this.stop();
      signal?.removeEventListener("abort", forward);
    },
    /** Ends the exchange too, if it still goes on. */
    end() {
      this.clear();
      controller.abort();
    },
  };
}

function queryText(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? "" : "?" + new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
