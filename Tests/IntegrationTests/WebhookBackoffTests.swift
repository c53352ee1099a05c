import PaymentLinks
import TestSupport
import Testing

/// An endpoint that is left alone after failures: its owner sees it, and can end it.
@Suite(.serialized) struct WebhookBackoffTests {
    /// An endpoint that asked for a minute's pause, a system with two webhook workers, and an event that waits.
    private static func run(
        _ body: (TestSystem, WebhookReceiver, _ hook: String, WalletID) async throws -> Void
    ) async throws {
        let roles = [TestRole.claimWorker, .webhookWorker, .webhookWorker]
        try await TestSystem.run(roles, settings: ["PAYLINKS_WEBHOOK_SCHEDULE": "0s,1h"]) { system, _ in
            let receiver = try await WebhookReceiver.start {
                $0 == 0 ? .init(503, headers: ["Retry-After": "60"]) : .init(200)
            }
            let hook = try await system.makeWebhook(receiver.url).id
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            let isShown = try await eventually {
                try await system.api.get("/v1/webhooks/\(hook)").json["backoffUntil"].string != nil
            }
            #expect(isShown)
            _ = try await system.makeLink(to: wallet)
            let waiting = "SELECT count(*) FROM webhook_deliveries WHERE attempts = 0"
            #expect(try await eventually { try await system.number(waiting) == 1 })
            try await body(system, receiver, hook, wallet)
            await receiver.stop()
        }
    }

    @Test func `an endpoint in back-off shows its end and the last failure, and so do the deliveries that wait for it`()
        async throws
    {
        try await Self.run { system, _, hook, _ in
            let shown = try await system.api.get("/v1/webhooks/\(hook)").json
            let until = try #require(shown["backoffUntil"].string.flatMap { Timestamp(iso8601: $0) })
            #expect((30...61).contains(until.duration(since: .now()) / .seconds(1)))
            #expect(shown["backoffReason"].string == "HTTP 503")
            let deliveries = try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"].elements
            #expect(deliveries.count == 2)
            for delivery in deliveries {
                #expect(delivery["backoffUntil"] == shown["backoffUntil"])
                #expect(delivery["backoffReason"].string == "HTTP 503")
            }
            let listed = try await system.paylinks("webhooks", "list", "\(system.organization)")
            #expect(listed.output.contains("backing off until") && listed.output.contains("(HTTP 503)"))
            let lines = try await system.paylinks("webhooks", "deliveries", hook)
            #expect(lines.output.contains("backing off until"))
        }
    }

    @Test func `a test that arrives ends the back-off at once, in every worker`() async throws {
        try await Self.run { system, receiver, hook, wallet in
            #expect(receiver.received.count == 1, "nothing is sent meanwhile")
            let test = try await system.api.send("POST", "/v1/webhooks/\(hook)/test").json
            #expect(test["delivered"].boolean == true)
            let shown = try await system.api.get("/v1/webhooks/\(hook)").json
            #expect(shown["backoffUntil"] == .null && shown["backoffReason"] == .null)
            for _ in 0..<10 { _ = try await system.makeLink(to: wallet) }
            let delivered = "SELECT count(*) FROM webhook_deliveries WHERE status = 'DELIVERED' AND body IS NULL"
            let isDelivered = try await eventually(within: .seconds(15)) { try await system.number(delivered) == 11 }
            #expect(isDelivered, "the back-off had half a minute to go")
        }
    }
}
