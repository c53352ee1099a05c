import Foundation
import PaylinksClient
import Postgres
import TestSupport
import Testing

/// Lists that shrink while they are walked through.
@Suite(.serialized) struct DeadDeliveryPagingTests {
    /// A system with so many dead deliveries, of two endpoints.
    private static func run(_ count: Int, _ body: (TestSystem) async throws -> Void) async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let hooks = [
                try await system.makeWebhook("http://127.0.0.1:9/hook").id,
                try await system.makeWebhook("http://127.0.0.1:9/other").id,
            ]
            #expect(hooks.count == 2)
            let wallet = try await system.makeWallet()
            for _ in 0..<count / 2 { _ = try await system.makeLink(to: wallet) }
            _ = try await system.rows(
                """
                INSERT INTO webhook_deliveries
                    (id, webhook_id, event_id, event_type, status, attempts, created_at, finished_at)
                SELECT gen_random_uuid(), webhooks.id, events.id, events.type, 'FAILED', 10, now(), now()
                FROM webhooks, events
                RETURNING id
                """)
            try await body(system)
        }
    }

    @Test(arguments: ["retry", "discard"])
    func `a walk by cursor that ends each entry reaches every one`(action: String) async throws {
        try await Self.run(30) { system in
            var (seen, cursor): ([String], String?) = ([], nil)
            repeat {
                let query = "limit=7" + (cursor.map { "&cursor=\($0)" } ?? "")
                let page = try await system.api.get("/v1/webhooks/dlq?" + query).json
                for entry in page["data"].elements {
                    let id = try #require(entry["id"].string)
                    #expect(try await system.api.send("POST", "/v1/webhooks/dlq/\(id)/\(action)").status == 200)
                    seen.append(id)
                }
                cursor = page["cursor"].string
                #expect(page["hasMore"].boolean == (cursor != nil))
            } while cursor != nil
            #expect(seen.count == 30 && Set(seen).count == 30)
            #expect(try await system.number("SELECT count(*) FROM webhook_deliveries WHERE status = 'FAILED'") == 0)
        }
    }

    @Test func `the Swift client walks by cursor`() async throws {
        try await Self.run(10) { system in
            var seen: Set<String> = []
            for try await entry in system.client.webhooks.allDeadDeliveries(pageSize: 3) {
                _ = try await system.client.webhooks.discardDead(entry.id)
                seen.insert(entry.id)
            }
            #expect(seen.count == 10)
            let page = try await system.client.webhooks.deadDeliveries(limit: 3)
            #expect(page.data.isEmpty && page.cursor == nil && !page.hasMore)
        }
    }

    @Test func `the command line retries and discards every dead delivery, and lists them page by page`() async throws {
        try await Self.run(10) { system in
            let organization = "\(system.organization)"
            let first = try await system.paylinks("webhooks", "dead", organization, "--limit", "4", "--json")
            #expect(first.json.elements.count == 4)
            let last = try #require(first.json[3]["id"].string)
            let rest = try await system.paylinks("webhooks", "dead", organization, "--after", last, "--json")
            #expect(rest.json.elements.count == 6)
            let retried = try await system.paylinks("webhooks", "dead", organization, "--limit", "4", "--retry")
            #expect(retried.output.contains("retried 4"))
            let discarded = try await system.paylinks("webhooks", "dead", organization, "--discard")
            #expect(discarded.output.contains("discarded 6"))
            let statuses = try await system.rows(
                "SELECT status, count(*) FROM webhook_deliveries GROUP BY status ORDER BY status")
            #expect(try statuses.map { "\(try $0.text(0)) \(try $0.int64(1))" } == ["DISCARDED 6", "PENDING 4"])
        }
    }

    @Test func `an offset still skips, and is refused beside a cursor`() async throws {
        try await Self.run(6) { system in
            let all = try await system.api.get("/v1/webhooks/dlq").json
            let skipped = try await system.api.get("/v1/webhooks/dlq?limit=2&offset=4").json
            #expect(skipped["data"].elements == Array(all["data"].elements.suffix(2)))
            let cursor = try #require(try await system.api.get("/v1/webhooks/dlq?limit=1").json["cursor"].string)
            let both = try await system.api.get("/v1/webhooks/dlq?offset=1&cursor=\(cursor)")
            #expect((both.status, both.errorCode) == (400, "VALIDATION_ERROR"))
            #expect(both.json["error"]["details"]["fields"][0]["field"].string == "offset")
        }
    }
}
