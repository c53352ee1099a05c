/** The numbers that options take. `Infinity` means no limit where the form says so. */
const numbers = {
  timeoutMs: { takes: (value) => value > 0, form: "a number of milliseconds above 0, or Infinity for no limit" },
  maxRetries: {
    takes: (value) => value === Infinity || (Number.isInteger(value) && value >= 0),
    form: "a whole number from 0, or Infinity for no limit",
  },
  wait: {
    takes: (value) => Number.isInteger(value) && value >= 0 && value <= 30,
    form: "a whole number of seconds from 0 to 30",
  },
  toleranceSeconds: { takes: (value) => value >= 0, form: "a number of seconds from 0, or Infinity for no limit" },
  now: { takes: Number.isFinite, form: "a number of milliseconds since 1970" },
};

/** The types of the other options. `null` and `undefined` mean that the option is not given. */
const types = { apiKey: "string", idempotencyKey: "string", fetch: "function", sleep: "function" };

/** Throws a RangeError for a number out of range, and a TypeError for a value of another type, by the option's name. */
export function checkOptions(options) {
  if (typeof options !== "object" || options === null) throw new TypeError("The options must be an object.");
  for (const [name, rule] of Object.entries(numbers)) checkNumber(name, options[name], rule);
  for (const [name, type] of Object.entries(types)) checkType(name, options[name] ?? undefined, type);
  const { signal } = options;
  if (signal && typeof signal.addEventListener !== "function") throw new TypeError("signal must be an AbortSignal.");
}

function checkNumber(name, value, { takes, form }) {
  if (value === undefined) return;
  if (typeof value !== "number") throw new TypeError(`${name} must be ${form}; the value is ${kindOf(value)}.`);
  if (!takes(value)) throw new RangeError(`${name} must be ${form}; the value is ${value}.`);
}

function checkType(name, value, type) {
  if (value !== undefined && typeof value !== type) {
    throw new TypeError(`${name} must be a ${type}; the value is ${kindOf(value)}.`);
  }
}

/** The type alone: a value of the wrong type may be a secret. */
const kindOf = (value) => (value === null ? "null" : `of type ${typeof value}`);
