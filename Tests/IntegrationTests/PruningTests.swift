import TestSupport
import Testing

/// The expiry worker removes what is older than its settings say.
@Suite(.serialized) struct PruningTests {
    @Test func `deliveries go after thirty days, events after ninety, and young ones stay`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let wallet = try await system.makeWallet()
            for _ in 0..<3 { _ = try await system.makeLink(to: wallet) }
            let areDelivered = try await eventually {
                try await system.number("SELECT count(*) FROM webhook_deliveries WHERE status = 'DELIVERED'") == 3
            }
            #expect(areDelivered)
            try await Self.age(system)
            let expiryWorker = try await system.start(.expiryWorker)
            let arePruned = try await eventually {
                try await system.number(
                    "SELECT (SELECT count(*) FROM webhook_deliveries) + (SELECT count(*) FROM events)") == 4
            }
            #expect(arePruned)
            #expect(try await system.api.get("/v1/webhooks/\(hook.id)/deliveries").json["data"].elements.count == 2)
            #expect(try await system.api.get("/v1/events").json["data"].elements.count == 2)
            #expect(try await system.breaches() == [])
            await expiryWorker.kill()
            await receiver.stop()
        }
    }

    /// One delivery ended a minute more than thirty days ago, another a minute less; one event, with its link, is older
    /// than anything that is kept.
    private static func age(_ system: TestSystem) async throws {
        let statements = [
            """
            WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM webhook_deliveries)
            UPDATE webhook_deliveries
            SET finished_at = clock_timestamp() - interval '30 days'
                + CASE number WHEN 1 THEN interval '-1 minute' ELSE interval '1 minute' END
            FROM numbered
            WHERE webhook_deliveries.id = numbered.id
            """,
            "UPDATE payment_links SET created_at = 'epoch' WHERE id = (SELECT link_id FROM events ORDER BY id LIMIT 1)",
            """
            UPDATE events SET id = '00000000-0000-0000-0000-000000000001'
            WHERE id = (SELECT id FROM events ORDER BY id LIMIT 1)
            """,
        ]
        for statement in statements { _ = try await system.rows(statement) }
    }
}
