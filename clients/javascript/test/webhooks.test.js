import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { verifyWebhook } from "../src/index.js";

const secret = "whsec_" + Buffer.from("a key of thirty-two bytes, nearly").toString("base64");
const body = '{"id":"evt_1","event":"payment_link.claimed","data":{}}';
const now = 1_800_000_000_000;

const standard = (key, id = "evt_1", time = now / 1_000, text = body) =>
  "v1," + createHmac("sha256", Buffer.from(key.slice(6), "base64")).update(`${id}.${time}.${text}`).digest("base64");
const plain = (key, text = body) => "sha256=" + createHmac("sha256", key).update(text).digest("hex");
const dated = { "webhook-id": "evt_1", "webhook-timestamp": String(now / 1_000) };
const verify = (headers, given = body, key = secret) => verifyWebhook(given, headers, key, { now });

test("each form alone, and both together, let an event through", async () => {
  const forms = [
    { ...dated, "webhook-signature": standard(secret) },
    { "Wallgent-Signature": plain(secret) },
    { ...dated, "webhook-signature": standard(secret), "wallgent-signature": plain(secret) },
    new Headers({ "wallgent-signature": plain(secret) }),
  ];
  for (const headers of forms) assert.equal((await verify(headers)).id, "evt_1");
  assert.equal((await verify(forms[0], new TextEncoder().encode(body))).id, "evt_1");
});

test("both secrets count while one replaces the other", async () => {
  const old = "whsec_" + Buffer.from("the secret before").toString("base64");
  const headers = {
    ...dated, "webhook-signature": `${standard(secret)} ${standard(old)}`, "wallgent-signature": plain(secret),
    "wallgent-signature-previous": plain(old),
  };
  for (const key of [secret, old]) assert.equal((await verify(headers, body, key)).id, "evt_1");
});

test("whatever is changed, missing or old is refused", async () => {
  const right = { ...dated, "webhook-signature": standard(secret) };
  const wrong = [
    [{}], [right, body + " "], [right, body, "whsec_AAAA"], [{ ...right, "webhook-id": "evt_2" }],
    [{ ...right, "webhook-timestamp": "" }], [{ ...right, "webhook-timestamp": String(now / 1_000 + 1) }],
    [{ ...right, "webhook-signature": "v2," + standard(secret).slice(3) }], [{ ...right, "webhook-signature": "v1,?" }],
    [{ "wallgent-signature": plain(secret).slice(0, -1) }], [{ "wallgent-signature": plain(secret).toUpperCase() }],
    [{ "wallgent-signature": "sha256=" }], [{ ...right, "wallgent-signature": plain("whsec_AAAA") }],
    [{ "wallgent-signature": plain(secret) }, body.replace("1", "2")],
  ];
  for (const [headers, given, key] of wrong) {
    await assert.rejects(verify(headers, given, key), { name: "WebhookVerificationError" }, JSON.stringify(headers));
  }
});

const empty = ["", "whsec_", "whsec_ ", undefined, null];

test("an empty secret lets nothing through", async () => {
  for (const key of empty) {
    const text = String(key ?? "");
    const forged = [{ ...dated, "webhook-signature": standard(text) }, { "wallgent-signature": plain(text) }];
    forged.push({ "wallgent-signature": plain(String(key)) });
    for (const headers of forged) {
      await assert.rejects(verify(headers, body, key), { name: "WebhookVerificationError" }, `${key}`);
    }
  }
});

test("the example in docs/webhooks.md takes what is genuine, and nothing with an empty secret", async () => {
  const page = await readFile(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
  const [, example] = /### In JavaScript\n[^]*?```js\n([^]*?)```/.exec(page);
  const { isGenuine } = await import("data:text/javascript," + encodeURIComponent(example));
  const time = Math.floor(Date.now() / 1_000);
  const signed = (key) =>
    ({ "webhook-id": "evt_1", "webhook-timestamp": String(time), "webhook-signature": standard(key, "evt_1", time) });
  assert.equal(isGenuine(Buffer.from(body), signed(secret), secret), true);
  for (const key of ["", "whsec_", "whsec_!"]) assert.equal(isGenuine(Buffer.from(body), signed(key), key), false, key);
});

test("a delivery is good for five minutes either way", async () => {
  for (const [age, isGood] of [[300, true], [301, false], [-300, true], [-301, false]]) {
    const time = now / 1_000 - age;
    const headers = { ...dated, "webhook-timestamp": String(time), "webhook-signature": standard(secret, "evt_1", time) };
    await (isGood ? verify(headers) : assert.rejects(verify(headers), { name: "WebhookVerificationError" }));
  }
});
