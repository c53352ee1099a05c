/** Anything that did not work. What the API said is in `code`, `status`, `details`, `requestId` and `retryAfter`. */
export class PaylinksError extends Error {
  constructor(message, { code = null, status = null, details = {}, requestId = null, retryAfter = null, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = this.constructor.name;
    this.code = code;
    this.status = status;
    this.details = details;
    this.requestId = requestId;
    /** The seconds to wait before the next try; null where the API said nothing of it. */
    this.retryAfter = retryAfter;
    /** Whoever sends the same again with this key has it done once; null where the call has no key. */
    this.idempotencyKey = null;
    /** The `index` and `idempotencyKey` of each line of a batch that has no answer: what became of it is not known. */
    this.unanswered = [];
  }
}

/** 400, 413, 415: what was sent is wrong; `details.fields` names every wrong field. */
export class ValidationError extends PaylinksError {
  get fields() {
    return this.details.fields ?? [];
  }
}

/** 401: no key that counts, or no authority over the wallet. */
export class AuthenticationError extends PaylinksError {}

/** 402: the wallet does not hold enough. */
export class InsufficientFundsError extends PaylinksError {}

/** 403: the key, the payer or the wallet may not do this. */
export class PermissionError extends PaylinksError {}

/** 404: there is no such thing. */
export class NotFoundError extends PaylinksError {}

/** 409, 410: something else came first: the link is taken, cancelled or expired, or the key was used before. */
export class ConflictError extends PaylinksError {}

/** 422: it is right in itself, and cannot be done. */
export class UnprocessableError extends PaylinksError {}

/** 429: too many requests; `retryAfter` says for how many seconds. */
export class RateLimitError extends PaylinksError {}

/** 5xx: a fault on the other side. Whether anything was done is not known; ask, or send the same again with its key. */
export class ServerError extends PaylinksError {}

/** No answer came: whether the request was heard is not known; ask, or send the same again with its key. */
export class ConnectionError extends PaylinksError {}

/** No answer came in time: "not known yet", never "failed". */
export class TimeoutError extends ConnectionError {}

/** A delivery that did not come from where it says, or too long ago. */
export class WebhookVerificationError extends PaylinksError {}

const classes = {
  400: ValidationError, 401: AuthenticationError, 402: InsufficientFundsError, 403: PermissionError,
  404: NotFoundError, 409: ConflictError, 410: ConflictError, 413: ValidationError, 415: ValidationError,
  422: UnprocessableError, 429: RateLimitError,
};

/** A date begins with the name of its day; numbers, which `Date.parse` takes for years, do not. */
const isDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*(GMT|[0-9]{4})$/;
/** The form of C's `asctime`, which says nothing of GMT and means it. */
const isDateWithoutZone = /[0-9]{4}$/;

/** The error that an answer tells of. */
export function errorFrom(status, body, headers) {
  return errorOf(status, body, { requestId: headers.get("request-id"), retryAfter: secondsOf(headers) });
}

/** The error that a body tells of, with what stood beside it. */
export function errorOf(status, body, { requestId, retryAfter }) {
  const error = body?.error ?? {};
  const Kind = classes[status] ?? (status >= 500 ? ServerError : PaylinksError);
  return new Kind(error.message ?? `The answer was ${status}.`, {
    code: error.code ?? null,
    status,
    details: error.details ?? {},
    requestId,
    retryAfter,
  });
}

/** What `Retry-After` says, in seconds, never below 0; null when it says nothing. */
function secondsOf(headers) {
  const text = headers.get("retry-after") ?? "";
  if (/^[0-9]+$/.test(text)) return Number(text);
  const date = dateOf(text);
  // Counted from the answer's own date where it has one: clocks need not agree.
  return date === null ? null : Math.max(0, Math.ceil((date - (dateOf(headers.get("date")) ?? Date.now())) / 1_000));
}

/** The milliseconds since 1970 of a date in any of HTTP's three forms (RFC 9110, 5.6.7); null where it is none. */
function dateOf(text) {
  const zone = isDateWithoutZone.test(text) ? " GMT" : "";
  const date = isDate.test(text) ? Date.parse(text + zone) : NaN;
  return Number.isNaN(date) ? null : date;
}
