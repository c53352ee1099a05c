import TestSupport
import Testing

/// A webhook worker that is frozen while its receiver answers, and another that delivers meanwhile.
@Suite(.serialized) struct LateAnswerTests {
    private static let settings = ["PAYLINKS_WEBHOOK_SCHEDULE": "0s,1h,1h"]

    /// One event. The first worker's request is answered with `first`, once the second worker's was with `second` and
    /// is recorded; the second worker has ended when `body` runs, and the first has recorded everything.
    private static func run(
        first: Int, second: Int, _ body: (TestSystem, WebhookReceiver, _ hook: String) async throws -> Void
    ) async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: settings) { system, processes in
            let receiver = try await WebhookReceiver.start {
                $0 == 0 ? .init(first, isHeld: true) : .init(second)
            }
            let hook = try await system.makeWebhook(receiver.url).id
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { receiver.received.count == 1 })
            await processes[1].freeze()
            let other = try await system.start(.webhookWorker)
            _ = try await system.rows("UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp() RETURNING id")
            #expect(try await eventually { try await system.number("SELECT count(*) FROM webhook_attempts") == 1 })
            await other.stop()
            receiver.answerHeld()
            await processes[1].thaw()
            let result = (200...299).contains(first) ? "delivered" : "refused"
            let series = #"paylinks_webhook_attempts_total{result="\#(result)"}"#
            #expect(try await eventually { try await processes[1].metric(series) == 1 })
            await processes[1].stop()
            try await body(system, receiver, hook)
            await receiver.stop()
        }
    }

    private static func failing(_ system: TestSystem) async throws -> Int {
        try await system.number("SELECT count(*) FROM webhooks WHERE failing_since IS NOT NULL")
    }

    @Test func `a frozen worker's late 500 changes nothing after another worker's 200`() async throws {
        try await Self.run(first: 500, second: 200) { system, receiver, hook in
            let delivery = try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"][0]
            #expect(delivery["status"].string == "DELIVERED" && delivery["attempts"].number == 1)
            #expect(delivery["statusCode"].number == 200)
            #expect(try await system.number("SELECT count(*) FROM webhook_attempts") == 1)
            #expect(try await Self.failing(system) == 0, "an endpoint that took the event is not shown as failing")
            #expect(receiver.received.count == 2 && receiver.eventCount == 1)
        }
    }

    @Test func `a frozen worker's late 200 after another worker's 500 delivers the event and ends its attempts`()
        async throws
    {
        try await Self.run(first: 200, second: 500) { system, receiver, hook in
            let delivery = try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"][0]
            #expect(delivery["status"].string == "DELIVERED" && delivery["attempts"].number == 2)
            #expect(delivery["statusCode"].number == 200)
            #expect(delivery["nextRetryAt"] == .null, "it is not sent a third time")
            #expect(try await Self.failing(system) == 0)
            #expect(receiver.received.count == 2)
        }
    }

    @Test func `a worker that goes on after a pause sends nothing that another worker has taken over`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: Self.settings) { system, processes in
            let receiver = try await WebhookReceiver.start { $0 == 0 ? .init(200, isHeld: true) : .init(200) }
            _ = try await system.makeWebhook(receiver.url)
            let wallet = try await system.makeWallet()
            // An endpoint that has yet to take its first delivery gets one at a time: the second waits in memory.
            for _ in 0..<2 { _ = try await system.makeLink(to: wallet) }
            let isTaken = try await eventually {
                let leased = "SELECT count(*) FROM webhook_deliveries WHERE next_attempt_at > clock_timestamp()"
                let count = try await system.number(leased)
                return receiver.received.count == 1 && count == 2
            }
            #expect(isTaken)
            await processes[1].freeze()
            let other = try await system.start(.webhookWorker)
            let delivered = "SELECT count(*) FROM webhook_deliveries WHERE status = 'DELIVERED'"
            // The other worker takes over when the leases end, a minute later.
            #expect(try await eventually(within: .seconds(180)) { try await system.number(delivered) == 2 })
            await other.stop()
            #expect(receiver.received.count == 3)
            receiver.answerHeld()
            await processes[1].thaw()
            await processes[1].stop()
            #expect(receiver.received.count == 3, "the second delivery waited in memory under a lease that had ended")
            #expect(try await system.number("SELECT max(attempts) FROM webhook_deliveries") == 1)
            await receiver.stop()
        }
    }
}
