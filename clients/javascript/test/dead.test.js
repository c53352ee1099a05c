import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Client } from "../src/index.js";

test("dead deliveries are walked through by cursor, and an offset counts for the first page alone", async () => {
  const urls = [];
  const pages = [
    { data: [{ id: "dlv_3" }, { id: "dlv_2" }], cursor: "c1", hasMore: true },
    { data: [{ id: "dlv_1" }], cursor: null, hasMore: false },
  ];
  const server = createServer((request, response) => {
    const page = pages[urls.push(request.url) - 1];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(page));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    const client = new Client({ apiKey: "wg_test_x", baseUrl });
    const ids = [];
    for await (const entry of client.webhooks.listDead({ limit: 2, offset: 1 })) ids.push(entry.id);
    assert.deepEqual(ids, ["dlv_3", "dlv_2", "dlv_1"]);
    assert.deepEqual(urls, ["/v1/webhooks/dlq?limit=2&offset=1", "/v1/webhooks/dlq?limit=2&cursor=c1"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
