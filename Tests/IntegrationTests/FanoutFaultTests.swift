import Jobs
import PaymentLinks
import RabbitMQ
import TestSupport
import Testing

/// Events that the database refuses to make deliveries of.
@Suite(.timeLimit(.minutes(3))) struct FanoutFaultTests {
    @Test
    func `an event that the database refuses becomes a dead letter with the reason, and the others are delivered`()
        async throws
    {
        let receiver = try await WebhookReceiver.start()
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, roles in
            _ = try await system.makeWebhook(receiver.url)
            try await Self.refuse("payment_link.cancelled", in: system)
            let wallet = try await system.makeWallet()
            for _ in 0..<3 {
                let link = try await system.makeLink(to: wallet)
                _ = try await system.api.patch("/v1/payment-links/\(link.id)")
            }
            let dead = system.topology.deadQueue(of: system.topology.webhookQueue)
            #expect(try await eventually { try await system.depth(of: dead) == 3 })
            #expect(try await roles[1].metric("paylinks_webhook_events_dead_total") == 3)
            try await system.withAdministration { administration in
                for _ in 0..<3 {
                    let letter = try #require(try await administration.get(queue: dead))
                    #expect(letter.headers[JobTopology.reasonHeader].map { "\($0)" }?.contains("23514") == true)
                    #expect(letter.messageId?.hasPrefix("evt_") == true && letter.type == "event")
                }
            }
            #expect(try await eventually { receiver.received.count == 3 })
            #expect(
                receiver.received.allSatisfy {
                    String(decoding: $0.body, as: UTF8.self).contains("payment_link.created")
                })
            #expect(try await system.isDrained([system.topology.webhookQueue]))
        }
        await receiver.stop()
    }

    /// Makes the database refuse deliveries of a type of event, as a constraint does.
    private static func refuse(_ type: String, in system: TestSystem) async throws {
        _ = try await system.rows(
            """
            ALTER TABLE webhook_deliveries ADD CONSTRAINT refused_for_a_test CHECK (event_type <> '\(type)')
            """)
    }
}
