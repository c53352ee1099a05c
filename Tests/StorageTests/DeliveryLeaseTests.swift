import PaymentLinks
import Postgres
import Storage
import Testing

/// Two workers with one delivery: which results count.
@Suite("Leases of deliveries", .serialized)
struct DeliveryLeaseTests {
    private static let lease = Duration.seconds(30)

    /// A due delivery, taken by a worker whose lease then ends, and by another.
    private static func run(
        _ body: (WebhookScene, _ early: LeasedDelivery, _ late: LeasedDelivery) async throws -> Void
    ) async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeEvent()
            let early = try await take(scene)
            try await scene.database.execute("UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp()")
            try await body(scene, early, try await take(scene))
        }
    }

    private static func take(_ scene: WebhookScene) async throws -> LeasedDelivery {
        let wants = [DueDeliveryStore.Want(webhookId: scene.webhook, limit: 1)]
        let taken = try await DueDeliveryStore(pool: scene.database.pool).take(wants, lease: lease)
        return try #require(taken.first)
    }

    private static func attempt(
        _ scene: WebhookScene, _ delivery: LeasedDelivery, _ verdict: AttemptRecord.Verdict = .retry(after: .zero)
    ) -> AttemptRecord {
        scene.attempt(delivery.id, verdict, lease: delivery.lease)
    }

    private static func count(_ scene: WebhookScene, failing: Bool) async throws -> Int {
        try await scene.database.number(
            "SELECT count(*) FROM webhooks WHERE (failing_since IS NOT NULL) = $1", [.bool(failing)])
    }

    @Test("Each lease of a delivery has a higher number")
    func numbers() async throws {
        try await Self.run { _, early, late in
            #expect(early.lease == 1 && late.lease == 2 && early.id == late.id)
        }
    }

    @Test("A late failure changes nothing: neither the delivery, nor its attempts, nor the endpoint")
    func lateFailure() async throws {
        try await Self.run { scene, early, late in
            _ = try await scene.attempts.record([Self.attempt(scene, late, .delivered)])
            #expect(try await scene.attempts.record([Self.attempt(scene, early)]).postponed.isEmpty)
            #expect(try await scene.count(.delivered) == 1)
            #expect(try await scene.database.number("SELECT attempts FROM webhook_deliveries") == 1)
            #expect(try await scene.database.number("SELECT count(*) FROM webhook_attempts") == 1)
            #expect(try await Self.count(scene, failing: true) == 0)
        }
    }

    @Test("A late failure does not count while the holder of the lease is still at work", arguments: [false, true])
    func failureOfTheFormerHolder(isGone: Bool) async throws {
        try await Self.run { scene, early, late in
            let verdict: AttemptRecord.Verdict = isGone ? .failed : .retry(after: .zero)
            let failure = scene.attempt(early.id, verdict, lease: early.lease, isGone: isGone)
            #expect(try await scene.attempts.record([failure]).disabled.isEmpty)
            #expect(try await scene.database.number("SELECT attempts FROM webhook_deliveries") == 0)
            #expect(try await Self.count(scene, failing: true) == 0)
            _ = try await scene.attempts.record([Self.attempt(scene, late)])
            #expect(try await scene.database.number("SELECT attempts FROM webhook_deliveries") == 1)
            #expect(try await Self.count(scene, failing: true) == 1)
        }
    }

    @Test("A late success marks the delivery as delivered, and the endpoint as well")
    func lateSuccess() async throws {
        try await Self.run { scene, early, late in
            _ = try await scene.attempts.record([Self.attempt(scene, late)])
            #expect(try await Self.count(scene, failing: true) == 1)
            _ = try await scene.attempts.record([Self.attempt(scene, early, .delivered)])
            #expect(try await scene.count(.delivered) == 1)
            #expect(try await Self.count(scene, failing: false) == 1)
            let delivery = try #require(try await scene.deliveries.find(early.id, of: scene.webhook))
            #expect(delivery.attempts == 2 && delivery.nextAttemptAt == nil)
            #expect(delivery.lastAttempt?.statusCode == 200, "the attempt that delivered it is shown")
        }
    }

    @Test("A late success counts for a delivery that was given up", arguments: ["FAILED", "DISCARDED"])
    func lateSuccessOfADeadDelivery(status: String) async throws {
        try await Self.run { scene, early, _ in
            try await scene.database.execute(
                """
                UPDATE webhook_deliveries
                SET status = $1, next_attempt_at = NULL, finished_at = clock_timestamp()
                """, [.text(status)])
            _ = try await scene.attempts.record([Self.attempt(scene, early, .delivered)])
            #expect(try await scene.count(.delivered) == 1)
        }
    }

    @Test("Of two results for one delivery in one batch the success counts", arguments: [false, true])
    func bothAtOnce(isReversed: Bool) async throws {
        try await Self.run { scene, early, late in
            let both = [Self.attempt(scene, early, .delivered), Self.attempt(scene, late)]
            _ = try await scene.attempts.record(isReversed ? both.reversed() : both)
            #expect(try await scene.count(.delivered) == 1)
            #expect(try await Self.count(scene, failing: false) == 1)
        }
    }

    @Test("A lease that was taken over cannot be given back")
    func release() async throws {
        try await Self.run { scene, early, late in
            let store = DueDeliveryStore(pool: scene.database.pool)
            let due = "SELECT count(*) FROM webhook_deliveries WHERE next_attempt_at <= clock_timestamp()"
            try await store.release([early.holding])
            #expect(try await scene.database.number(due) == 0)
            try await store.release([late.holding])
            #expect(try await scene.database.number(due) == 1)
        }
    }

    @Test("A failure from before a delivery was started over does not count for the new start")
    func redelivered() async throws {
        try await Self.run { scene, _, late in
            #expect(try await scene.deliveries.redeliver(late.id, of: scene.webhook))
            _ = try await scene.attempts.record([Self.attempt(scene, late)])
            #expect(try await scene.database.number("SELECT attempts FROM webhook_deliveries") == 0)
        }
    }

    @Test("A failure of an attempt that began before the endpoint's last success does not make the endpoint failing")
    func olderFailure() async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(3)
            let ids = try await scene.deliveryIds()
            let before = ContinuousClock.now - .seconds(10)
            _ = try await scene.attempts.record([scene.attempt(ids[0], .delivered)])
            _ = try await scene.attempts.record([scene.attempt(ids[1], startedAt: before, backoff: .seconds(60))])
            #expect(try await Self.count(scene, failing: true) == 0)
            #expect(try await scene.webhooks.list(scene.owner).map(\.backoff) == [nil])
            #expect(try await scene.database.number("SELECT sum(attempts)::bigint FROM webhook_deliveries") == 2)
            _ = try await scene.attempts.record([scene.attempt(ids[2])])
            #expect(try await Self.count(scene, failing: true) == 1)
        }
    }
}
