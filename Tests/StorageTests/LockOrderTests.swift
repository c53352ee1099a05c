import PaymentLinks
import Postgres
import Storage
import Testing

/// Two batches with the same rows in opposite orders, again and again: they may wait for one another, never deadlock.
@Suite("The order of locks", .serialized)
struct LockOrderTests {
    /// Runs two calls at once; a key that the other wrote first is the one failure that is allowed.
    private static func atOnce(
        _ first: @escaping @Sendable () async throws -> Void, _ second: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for call in [first, second] {
                group.addTask {
                    do { try await call() } catch let error as StorageError where error.isUniqueViolation {}
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Claims on the same links and wallets, in opposite orders, 200 times")
    func claims() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallets = [try await fixture.wallet(funds: 900_000), try await fixture.wallet(.usdc, funds: 900_000)]
            for _ in 0..<200 {
                let links =
                    try await fixture.links(4, to: wallets[0], cents: 10) + fixture.links(4, to: wallets[1], cents: 10)
                let forwards = links.map {
                    fixture.claim($0.slug, by: .wallet($0.walletId == wallets[0] ? wallets[1] : wallets[0]))
                }
                let backwards = links.reversed().map { fixture.claim($0.slug) }
                try await Self.atOnce(
                    { _ = try await fixture.claims.decide(forwards, removing: []) },
                    { _ = try await fixture.claims.decide(backwards, removing: []) })
            }
            #expect(try await database.number("SELECT count(*) FROM payment_links WHERE status <> 'CLAIMED'") == 0)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("The same claims on slugs that lead nowhere, with the same keys, in opposite orders")
    func unknownSlugs() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            for _ in 0..<60 {
                let claims = (0..<8).map { _ in fixture.claim(Fixture.slug(), key: Fixture.digest()) }
                let others = claims.map { fixture.claim($0.slug, digest: $0.digest, key: $0.idempotencyKey) }
                try await Self.atOnce(
                    { _ = try await fixture.claims.decide(claims, removing: []) },
                    { _ = try await fixture.claims.decide(claims.reversed(), removing: []) })
                try await Self.atOnce(
                    { _ = try await fixture.claims.decide(others, removing: []) },
                    { _ = try await fixture.claims.decide(others.reversed(), removing: []) })
            }
            #expect(try await database.number("SELECT count(*) FROM idempotency_keys") == 480)
        }
    }

    @Test("The same creations, redelivered or with the same keys, in opposite orders")
    func creations() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            for _ in 0..<60 {
                let first = (0..<8).map { _ in fixture.creation(to: wallet, key: Fixture.digest()) }
                try await Self.atOnce(
                    { _ = try await fixture.creations.create(first, removing: []) },
                    { _ = try await fixture.creations.create(first.reversed(), removing: []) })
                let keyed = (0..<8).map { _ in fixture.creation(to: wallet, key: Fixture.digest()) }
                let repeated = keyed.reversed().map {
                    fixture.creation(to: wallet, digest: $0.digest, key: $0.idempotencyKey)
                }
                try await Self.atOnce(
                    { _ = try await fixture.creations.create(keyed, removing: []) },
                    { _ = try await fixture.creations.create(repeated, removing: []) })
            }
            #expect(try await database.number("SELECT count(*) FROM payment_links") == 960)
        }
    }

    @Test("A replay and records of attempts of the same deliveries, whose ids are in another order than their events'")
    func deliveries() async throws {
        try await WebhookScene.run(connections: 4) { scene in
            _ = try await scene.fixture.links(200, to: try await scene.fixture.wallet())
            try await scene.database.execute(
                """
                INSERT INTO webhook_deliveries
                    (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at)
                SELECT gen_random_uuid(), $1, id, type, 'PENDING', now(), now() FROM events
                """, [.uuid(scene.webhook.bits)])
            let attempts = try await scene.deliveryIds().map { scene.attempt($0) }
            for _ in 0..<40 {
                try await Self.atOnce(
                    { _ = try await scene.attempts.record(attempts) },
                    {
                        let start = DeliveryStore.ReplayStart.time(Timestamp(microseconds: 0))
                        _ = try await scene.deliveries.replay(to: scene.webhook, from: start)
                    })
            }
            #expect(try await scene.count(.pending) == 200)
        }
    }

    @Test("Outcomes and new claims on the same links, in opposite orders")
    func outcomes() async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            for _ in 0..<40 {
                let links = try await fixture.links(8, to: wallet)
                let claims = links.map { fixture.claim($0.slug) }
                _ = try await fixture.claims.decide(claims, removing: [])
                let outcomes = claims.map { fixture.outcome(.returned, of: $0.claimId) }
                try await Self.atOnce(
                    { _ = try await fixture.settlements.apply(outcomes, removing: []) },
                    {
                        _ = try await fixture.claims.decide(
                            links.reversed().map { fixture.claim($0.slug) }, removing: [])
                    })
                try await Self.atOnce(
                    { _ = try await fixture.settlements.apply(outcomes, removing: []) },
                    { _ = try await fixture.settlements.apply(outcomes.reversed(), removing: []) })
            }
            #expect(try await database.breaches() == [])
        }
    }
}
