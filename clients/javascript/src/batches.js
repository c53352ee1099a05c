import { ConnectionError, PaylinksError, errorOf } from "./errors.js";
import { checkOptions } from "./options.js";
import { randomKey } from "./random.js";
import { Repeat, mayRepeat, pauseBefore } from "./transport.js";

/** What one request holds at most, and so what the client has in hand at a time. */
const mostLines = 1_024;
const mostCharacters = 1 << 20;
/** A source that says nothing for so long is not waited for: the lines that are there go out. */
const lingerMs = 5;

/**
 * Sends lines as their source gives them, and yields what becomes of each, in their order.
 *
 * Lines go out in requests that end, so that it works on platforms whose requests cannot be sent and answered at once.
 * The source is read no faster than the results are. Each line has a key of its own, and is sent again under it, alone
 * or with others, until it has an outcome.
 */
export async function* batch(transport, path, lines, options = {}) {
  checkOptions(options);
  const source = new LineSource(lines);
  try {
    for (let some; (some = await source.take()).length > 0; ) yield* outcomes(transport, path, some, options);
  } finally {
    await source.close();
  }
}

/** The results of some lines. What breaks them off is thrown after all that came, and names those that have none. */
async function* outcomes(transport, path, some, options) {
  const due = [...some];
  try {
    yield* exchanges(transport, path, due, options);
  } catch (error) {
    const unanswered = due.filter((line) => !lastWord(line));
    yield* due.map(lastWord).filter((result) => result);
    if (error instanceof PaylinksError) error.unanswered = unanswered.map(named);
    throw error;
  }
}

const lastWord = (line) => line.result ?? line.refusal;
const named = ({ index, idempotencyKey }) => ({ index, idempotencyKey });

/** The results that are due, of as many exchanges as it takes. */
async function* exchanges(transport, path, due, options) {
  const most = options.maxRetries ?? transport.maxRetries;
  for (let attempt = 0; due.length > 0; attempt += 1) {
    const open = due.filter((line) => !line.result);
    const failure = yield* exchange(transport, path, open, due, options);
    const left = open.filter((line) => !line.result);
    if (left.length < open.length) attempt = 0;
    if (failure && !mayRepeat(failure, Repeat.keyed)) throw failure;
    if (attempt >= most) {
      for (const line of left) line.result = line.refusal;
      yield* decided(due);
      if (due.length > 0) throw failure;
    } else if (left.length > 0) {
      const waits = [failure, ...left.map((line) => line.refusal?.error)].map((error) => error?.retryAfter ?? 0);
      await transport.sleep(pauseBefore(attempt, Math.max(...waits)), options.signal);
    }
  }
}

/** Sends lines once, and yields the results that are due; returns what broke it off, if anything did. */
async function* exchange(transport, path, open, due, options) {
  // Once a line is sent again, what it was told before says nothing of what becomes of it.
  for (const line of open) line.refusal = undefined;
  const answers = transport.exchangeLines(path, open.map((line) => line.text).join(""), options);
  let isComplete = false;
  try {
    for (;;) {
      const { done, value } = await answers.next();
      if (done) break;
      if (value?.summary) {
        isComplete = true;
        continue;
      }
      note(open[value?.index], value ?? {});
      yield* decided(due);
    }
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return error;
  } finally {
    await answers.return();
  }
  if (open.every(lastWord)) return null;
  return new ConnectionError(isComplete
    ? "Some lines have no answer." : "The answer was cut off before its summary; what became of the other lines is not known.");
}

/** Takes the results that have come from the front. */
function* decided(due) {
  while (due[0]?.result) yield due.shift().result;
}

/** Keeps what a line is answered; an answer that says "try again" is none yet. */
function note(line, { status, body, replayed = false, retryAfter = null }) {
  if (!line) throw new ConnectionError("An answer is to no line that was sent.");
  const { index, idempotencyKey } = line;
  const ok = status < 300;
  const error = ok ? null : errorOf(status, body, { requestId: null, retryAfter: secondsFrom(retryAfter) });
  if (error) error.idempotencyKey = idempotencyKey;
  const result = { index, idempotencyKey, status, ok, value: ok ? body : null, error, replayed };
  if (ok || !mayRepeat(error, Repeat.keyed)) line.result = result;
  else line.refusal = result;
}

/** The seconds to wait that a line's answer names; null where they are no such number. */
const secondsFrom = (value) => (typeof value === "number" && value >= 0 ? value : null);

/** Lines as they are sent, taken from what a caller gives. */
class LineSource {
  constructor(lines) {
    this.isAsynchronous = Symbol.asyncIterator in lines;
    this.iterator = this.isAsynchronous ? lines[Symbol.asyncIterator]() : lines[Symbol.iterator]();
    this.count = 0;
  }

  /** At least one line, and those that are there with it; none at the end. */
  async take() {
    const some = [];
    for (let size = 0; some.length < mostLines && size < mostCharacters; size += some.at(-1).text.length) {
      // A step that does not come in time, or fails, is the next call's.
      this.step ??= this.nextStep();
      const step = some.length > 0 ? await soon(this.step, this.isAsynchronous) : await this.step;
      if (!step) break;
      if (step.done) {
        this.isAtEnd = true;
        break;
      }
      this.step = undefined;
      some.push(await this.line(step.value));
    }
    return some;
  }

  async nextStep() {
    return this.iterator.next();
  }

  async line(fields) {
    const idempotencyKey = fields.idempotencyKey ?? (await randomKey());
    const index = this.count;
    this.count += 1;
    return { index, idempotencyKey, text: JSON.stringify({ ...fields, idempotencyKey }) + "\n" };
  }

  /** Lets the source go, where it was not read to its end. */
  async close() {
    if (!this.isAtEnd) await this.iterator.return?.();
  }
}

/** What a promise brings, if it does and, where that may take time, does so soon. */
async function soon(promise, mayTakeTime) {
  let timer;
  const late = mayTakeTime ? [new Promise((resolve) => (timer = setTimeout(resolve, lingerMs)))] : [];
  try {
    return await Promise.race([promise, ...late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
