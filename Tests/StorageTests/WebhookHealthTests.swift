import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("What attempts say of endpoints", .serialized)
struct WebhookHealthTests {
    /// The endpoint's row, in words: whether it is on, whether it fails, and whether it has ever taken anything.
    private static func state(_ scene: WebhookScene) async throws -> [Bool] {
        let row = try await scene.database.execute(
            "SELECT enabled, failing_since IS NOT NULL, succeeded_at IS NOT NULL FROM webhooks"
        ).rows[0]
        return [try row.bool(0), try row.bool(1), try row.bool(2)]
    }

    /// Moves the endpoint elsewhere, while one of its deliveries is in a worker's hands.
    private static func move(_ scene: WebhookScene) async throws -> DeliveryID {
        try await scene.makeDeliveries(1)
        let changes = WebhookChanges(url: "https://example.org/new")
        _ = try #require(try await scene.webhooks.update(scene.webhook, owner: scene.owner, changes))
        return try #require(try await scene.deliveryIds().first)
    }

    @Test("A success makes an endpoint well, a failure failing, and neither switches it off")
    func standing() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(2)
            let ids = try await scene.deliveryIds()
            #expect(try await Self.state(scene) == [true, false, false])
            #expect(try await scene.attempts.record([scene.attempt(ids[0])]).disabled == [])
            #expect(try await Self.state(scene) == [true, true, false])
            #expect(try await scene.attempts.record([scene.attempt(ids[1], .delivered)]).disabled == [])
            #expect(try await Self.state(scene) == [true, false, true])
        }
    }

    @Test("The old address's 410 does not disable an endpoint that has moved, nor does its failure make it failing")
    func movedAway() async throws {
        try await WebhookScene.run { scene in
            let delivery = try await Self.move(scene)
            #expect(try await scene.attempts.record([scene.attempt(delivery, .failed, isGone: true)]).disabled == [])
            #expect(try await Self.state(scene) == [true, false, false])
            #expect(try await scene.count(.failed) == 1)
        }
    }

    @Test("What the old address took is no word for the new one")
    func movedFromWell() async throws {
        try await WebhookScene.run { scene in
            let delivery = try await Self.move(scene)
            #expect(try await scene.attempts.record([scene.attempt(delivery, .delivered)]).disabled == [])
            #expect(try await Self.state(scene) == [true, false, false])
            #expect(try await scene.count(.delivered) == 1)
        }
    }

    @Test("An endpoint that has failed for too long at another address is not disabled for it")
    func failedElsewhere() async throws {
        try await WebhookScene.run { scene in
            let delivery = try await Self.move(scene)
            try await scene.database.execute(
                "UPDATE webhooks SET failing_since = clock_timestamp() - interval '6 days'")
            #expect(try await scene.attempts.record([scene.attempt(delivery)]).disabled == [])
            #expect(try await Self.state(scene) == [true, true, false])
        }
    }
}
