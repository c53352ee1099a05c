import { WebhookVerificationError } from "./errors.js";
import { checkOptions } from "./options.js";
import { webCrypto } from "./random.js";

const tolerance = 300;

/**
 * The event in a delivery, once its signature is found right; throws `WebhookVerificationError` otherwise.
 *
 * Both forms are understood: `webhook-signature` (Standard Webhooks), which also tells an old delivery from a new one,
 * and `Wallgent-Signature`. Where both are sent, both must be right. Comparisons take the same time, whatever they find.
 *
 * @param {string | Uint8Array} body The body as it came, byte for byte.
 * @param {Headers | Record<string, string | string[]>} headers The request's headers.
 * @param {string} secret The endpoint's secret, `whsec_` included.
 * @param {object} options `toleranceSeconds`, the age that a delivery may have (300; `Infinity` for any), and `now`.
 */
export async function verifyWebhook(body, headers, secret, options = {}) {
  checkOptions(options);
  const { toleranceSeconds = tolerance, now = Date.now() } = options;
  if (isEmpty(secret)) throw new WebhookVerificationError("There is no secret to verify the delivery with.");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const standard = header(headers, "webhook-signature");
  const plain = header(headers, "wallgent-signature");
  if (!standard && !plain) throw new WebhookVerificationError("The delivery is not signed.");
  if (standard) await checkStandard(bytes, headers, standard, secret, toleranceSeconds, now);
  if (plain && !(await isPlain(bytes, [plain, header(headers, "wallgent-signature-previous")], secret))) throw wrong();
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Whether there is nothing to the secret that others do not know. */
function isEmpty(secret) {
  return typeof secret !== "string" || secret.replace(/^whsec_/, "").trim() === "";
}

/** `v1,<base64>` over `id.timestamp.body`, several while a secret is being replaced; the key is the decoded part. */
async function checkStandard(bytes, headers, signatures, secret, toleranceSeconds, now) {
  const id = header(headers, "webhook-id") ?? "";
  const timestamp = header(headers, "webhook-timestamp") ?? "";
  if (!/^[0-9]+$/.test(timestamp) || Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw new WebhookVerificationError("The delivery is too old, or not dated.");
  }
  const key = await hmacKey(fromBase64(secret.replace(/^whsec_/, "")));
  const message = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const given = signatures.split(" ").filter((signature) => signature.startsWith("v1,"));
  const found = await Promise.all(given.map((signature) => verify(key, fromBase64(signature.slice(3)), message)));
  if (!found.includes(true)) throw wrong();
}

/** `sha256=<hex>` over the body; the key is the whole secret as shown. The replaced secret has a header of its own. */
async function isPlain(bytes, signatures, secret) {
  const key = await hmacKey(new TextEncoder().encode(secret));
  const found = await Promise.all(signatures.map((signature) => verify(key, fromHex(signature), bytes)));
  return found.includes(true);
}

async function hmacKey(bytes) {
  const { subtle } = await webCrypto();
  return subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

async function verify(key, signature, message) {
  const { subtle } = await webCrypto();
  return subtle.verify("HMAC", key, signature, message);
}

function header(headers, name) {
  if (typeof headers.get === "function") return headers.get(name);
  const found = Object.keys(headers).find((given) => given.toLowerCase() === name);
  const value = found && headers[found];
  return Array.isArray(value) ? value.join(" ") : value;
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw wrong();
  }
}

/** Nothing where there is no such signature; nothing is never a right one. */
function fromHex(signature) {
  const digits = /^sha256=([0-9a-f]{64})$/.exec(signature ?? "")?.[1] ?? "";
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function wrong() {
  return new WebhookVerificationError("The signature is wrong: the delivery is forged, or the secret is another's.");
}
