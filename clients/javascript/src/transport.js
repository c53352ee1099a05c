import { ConnectionError, TimeoutError, errorFrom, secondsOf } from "./errors.js";
import { randomKey } from "./random.js";

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
  constructor({ apiKey, baseUrl, timeoutMs = 45_000, maxRetries = 4, fetch, sleep } = {}) {
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
    const headers = { accept: "application/json" };
    if (this.apiKey) headers.authorization = `Bearer ${this.apiKey}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    if (options.wait !== undefined) headers.prefer = options.wait === 0 ? "respond-async" : `wait=${options.wait}`;
    if (repeat === Repeat.keyed) headers["idempotency-key"] = options.idempotencyKey ?? (await randomKey());
    const request = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    return this.persist(this.baseUrl + path + queryText(query), request, repeat, options);
  }

  async persist(url, request, repeat, options) {
    const most = options.maxRetries ?? this.maxRetries;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt(url, request, options);
      if (!outcome.error) return outcome.body;
      // What was deleted by an attempt whose answer was lost is not there for the next.
      if (request.method === "DELETE" && attempt > 0 && outcome.error.status === 404) return null;
      if (attempt >= most || !mayRepeat(outcome, repeat)) throw outcome.error;
      await this.sleep(pauseBefore(attempt, outcome.retryAfter), options.signal);
    }
  }

  /** One exchange: a body or an error, never both. What the caller's own signal ends is thrown. */
  async attempt(url, request, options) {
    const limit = limited(options.timeoutMs ?? this.timeoutMs, options.signal);
    try {
      const answer = await this.fetch(url, { ...request, signal: limit.signal, redirect: "error" });
      const text = await answer.text();
      if (answer.ok) return { body: text === "" ? null : JSON.parse(text) };
      return { error: errorFrom(answer.status, parsed(text), answer.headers), retryAfter: secondsOf(answer.headers) };
    } catch (cause) {
      if (options.signal?.aborted) throw options.signal.reason;
      const error = limit.isOver()
        ? new TimeoutError("No answer came in time; whether the request was heard is not known.", { cause })
        : new ConnectionError("No answer came; whether the request was heard is not known.", { cause });
      return { error };
    } finally {
      limit.clear();
    }
  }
}

/** Codes of answers that began nothing. */
const refusedAtTheDoor = new Set(["RATE_LIMIT_EXCEEDED", "OVERLOADED"]);

function mayRepeat({ error, retryAfter }, repeat) {
  if ((retryAfter ?? 0) > longestRetryAfterSeconds) return false;
  if (refusedAtTheDoor.has(error.code)) return true;
  if (repeat === Repeat.refused) return false;
  return error instanceof ConnectionError || error.status >= 500 || error.code === "IDEMPOTENCY_IN_PROGRESS";
}

/** Full jitter, so that many who failed together do not come back together; never before `Retry-After`. */
function pauseBefore(attempt, retryAfter) {
  const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
  return (retryAfter ?? 0) * 1_000 + Math.random() * ceiling;
}

/** Resolves after a while, or rejects as soon as the signal says so. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A signal that goes off at the time-out or with the caller's own, whichever is first. */
function limited(milliseconds, signal) {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, milliseconds);
  const forward = () => controller.abort(signal.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", forward);
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
