import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { apiKey, client } from "./system.js";

const folder = await mkdtemp(join(tmpdir(), "paylinks-guide-"));
after(() => rm(folder, { recursive: true }));
const guide = await readFile(new URL("guide.md", import.meta.url), "utf8");
const snippets = [...guide.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);
const opening = snippets[0].split("\n").slice(0, 2).join("\n");
process.env.WALLGENT_API_KEY = apiKey;

const payee = await client.wallets.create({ name: "Payee" });
const source = await client.wallets.create({ name: "Payer" });
await client.wallets.fund(source.id, { amount: "200.00" });

/**
 * Runs a snippet as a program of its own, and tells what it printed and what it found. Its import leads here, and what
 * the guide leaves out (ids, a slug, an address) or what has passed since (a date) is filled in; nothing else changes.
 */
async function run(snippet, { value = "undefined", ...names } = {}) {
  const filled = Object.entries({ "2026-04-01T00:00:00Z": "2035-04-01T00:00:00Z", ...names })
    .reduce((text, [placeholder, name]) => text.replaceAll(placeholder, name), snippet);
  const program = (snippet.startsWith("import") ? filled : `${opening}\n${filled}`)
    .replace("'@wallgent/sdk'", `'${new URL("../src/index.js", import.meta.url)}'`);
  const file = join(folder, `${Math.random()}.mjs`);
  await writeFile(file, `const lines = []\nconst console = { log: (line) => lines.push(line) }\n${program}
export { lines }\nexport const value = ${value}\n`);
  return import(pathToFileURL(file));
}

const slugOf = async () => (await client.paymentLinks.create({ walletId: payee.id, amount: "150.00" })).slug;

test("the guide has seven snippets", () => assert.equal(snippets.length, 7));

test("a link is created, listed and cancelled", async () => {
  const created = await run(snippets[0], { "wal_01J...": payee.id, value: "link" });
  assert.equal(created.value.status, "ACTIVE");
  assert.equal(created.value.expiresAt, "2035-04-01T00:00:00.000Z");
  assert.deepEqual(created.lines, [created.value.slug]);
  const listed = await run(snippets[1], { "wal_01J...": payee.id, value: "data" });
  assert.deepEqual(listed.value, [created.value]);
  await run(snippets[2], { "lnk_01J...": created.value.id });
  assert.equal((await client.paymentLinks.get(created.value.id)).status, "CANCELLED");
});

test("a payer is shown what there is to pay", async () => {
  const { slug } = await client.paymentLinks.create({ walletId: payee.id, amount: "2.5", description: "Tea" });
  const { lines } = await run(snippets[3], { abc123: slug });
  assert.deepEqual(lines, ["Pay 2.50 USD — Tea"]);
});

test("a link is paid by bank account", async () => {
  const { value } = await run(snippets[4], { abc123: await slugOf(), value: "result" });
  assert.deepEqual([value.method, value.status, value.link.status], ["ach", "PENDING", "CLAIMED"]);
});

test("a link is paid by USDC", async () => {
  const names = { abc123: await slugOf(), "0xAbCd...": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", value: "result" };
  const { value } = await run(snippets[5], names);
  assert.deepEqual([value.method, value.status, value.instructions.amount], ["usdc", "AWAITING_PAYMENT", "150.00"]);
});

test("a link is paid from a wallet", async () => {
  const names = { abc123: await slugOf(), "wal_01J...": source.id, value: "result" };
  const { value, lines } = await run(snippets[6], names);
  assert.deepEqual([value.method, value.status], ["wallet", "SETTLED"]);
  assert.match(lines[0], /^txn_/);
  assert.equal((await client.wallets.getBalance(source.id)).available, "50.00");
});
