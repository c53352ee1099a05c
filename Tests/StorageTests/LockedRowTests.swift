import PaymentLinks
import Postgres
import Storage
import Testing

/// A session that holds as many rows as a batch has: the work behind them goes on.
@Suite("Queues of rows step over what another session holds", .serialized, .timeLimit(.minutes(2)))
struct LockedRowTests {
    private static let limit = 3

    /// Runs `body` while another session holds what the statement locks.
    private static func holding(
        _ lock: String, in database: TestDatabase, _ body: () async throws -> Void
    ) async throws {
        try await database.withPool { other in
            try await other.withTransaction { transaction in
                _ = try await transaction.run([Query(Statement("hold_rows", lock))])
                try await body()
                _ = try await transaction.commit()
            }
        }
    }

    @Test("Expiry", arguments: [false, true])
    func expiry(isPlannedByIndex: Bool) async throws {
        try await TestDatabase.run { (database) async throws in
            let fixture = try await Fixture(database)
            let links = try await fixture.links(Self.limit + 1, to: try await fixture.wallet())
            for link in links { try await fixture.makeOverdue(link.linkId) }
            let held = links.prefix(Self.limit).map { "'\(Self.uuid($0.linkId.bits))'" }.joined(separator: ", ")
            try await database.withPool(planning: isPlannedByIndex ? .byIndex : .byCost) { pool in
                let store = ExpiryStore(pool: pool)
                try await Self.holding(
                    "SELECT id FROM payment_links WHERE id IN (\(held)) FOR UPDATE", in: database
                ) { () async throws in
                    let expired = try await store.expireDue(limit: Self.limit)
                    #expect(expired.events.map(\.linkId) == [links[Self.limit].linkId])
                    #expect(try await store.expireDue(limit: Self.limit).events.isEmpty)
                    #expect(try await store.schedule().isOverdue)
                }
                #expect(try await store.expireDue(limit: Self.limit).events.count == Self.limit)
                #expect(try await !store.schedule().isOverdue)
            }
        }
    }

    @Test("The relay of the outbox")
    func relay() async throws {
        try await TestDatabase.run { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            for _ in 0...Self.limit { _ = try await fixture.link(to: wallet) }
            let store = OutboxStore(pool: database.pool)
            try await Self.holding(
                "SELECT id FROM outbox ORDER BY created_at LIMIT \(Self.limit) FOR UPDATE", in: database
            ) { () async throws in
                let relayed = try await store.relay(.events, olderThan: .zero, limit: Self.limit) { $0.map(\.id) }
                #expect(relayed.count == 1)
            }
        }
    }

    @Test("Due deliveries and tests", arguments: [false, true])
    func deliveries(areTests: Bool) async throws {
        try await WebhookScene.run(connections: 2) { scene in
            let isTest = areTests ? "true" : "false"
            for _ in 0...Self.limit { try await scene.makeEvent() }
            try await scene.database.execute("UPDATE webhook_deliveries SET body = '{}' WHERE \(isTest)")
            let store = DueDeliveryStore(pool: scene.database.pool)
            let lock = "SELECT id FROM webhook_deliveries ORDER BY next_attempt_at LIMIT \(Self.limit) FOR UPDATE"
            try await Self.holding(lock, in: scene.database) { () async throws in
                let taken =
                    if areTests {
                        try await store.takeTests(limit: Self.limit, lease: .seconds(30))
                    } else {
                        try await store.take([.init(webhookId: scene.webhook, limit: Self.limit)], lease: .seconds(30))
                    }
                #expect(taken.count == 1)
            }
        }
    }

    @Test("The end of deliveries to a deleted endpoint")
    func abandoned() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeDeliveries(Self.limit + 1)
            _ = try await scene.webhooks.delete(scene.webhook, owner: scene.owner)
            let lock = "SELECT id FROM webhook_deliveries ORDER BY next_attempt_at LIMIT \(Self.limit) FOR UPDATE"
            try await Self.holding(lock, in: scene.database) { () async throws in
                #expect(try await scene.pruner.endAbandoned(limit: Self.limit) == 1)
            }
        }
    }

    @Test(
        "Pruning of old deliveries",
        arguments: ["webhook_deliveries ORDER BY finished_at", "webhook_attempts ORDER BY attempted_at"])
    func oldDeliveries(rows: String) async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeDeliveries(Self.limit + 1)
            for id in try await scene.deliveryIds() {
                _ = try await scene.attempts.record([scene.attempt(id, .delivered)])
            }
            let lock = "SELECT * FROM \(rows) LIMIT \(Self.limit) FOR UPDATE"
            try await Self.holding(lock, in: scene.database) { () async throws in
                #expect(try await scene.pruner.pruneDeliveries(olderThan: .zero, limit: Self.limit) == 1)
            }
            #expect(try await scene.pruner.pruneDeliveries(olderThan: .zero, limit: 10) == Self.limit)
            #expect(try await scene.database.number("SELECT count(*) FROM webhook_attempts") == 0)
        }
    }

    @Test("Pruning of old events", arguments: ["events ORDER BY id", "webhook_deliveries ORDER BY event_id"])
    func oldEvents(rows: String) async throws {
        try await WebhookScene.run(connections: 2) { scene in
            for _ in 0...Self.limit { try await scene.makeEvent() }
            // An event of this very millisecond is not older than nothing.
            try await Task.sleep(for: .milliseconds(5))
            let lock = "SELECT * FROM \(rows) LIMIT \(Self.limit) FOR UPDATE"
            try await Self.holding(lock, in: scene.database) { () async throws in
                #expect(try await scene.pruner.pruneEvents(olderThan: .zero, limit: Self.limit) == 1)
            }
            #expect(try await scene.pruner.pruneEvents(olderThan: .zero, limit: 10) == Self.limit)
            #expect(try await scene.database.number("SELECT count(*) FROM webhook_deliveries") == 0)
        }
    }

    @Test("No event goes while the horizon cannot be moved, and nothing waits for it")
    func horizon() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeEvent()
            try await Task.sleep(for: .milliseconds(5))
            try await Self.holding("SELECT * FROM event_horizon FOR UPDATE", in: scene.database) { () async throws in
                #expect(try await scene.pruner.pruneEvents(olderThan: .zero, limit: 10) == 0)
            }
            #expect(try await scene.pruner.pruneEvents(olderThan: .zero, limit: 10) == 1)
        }
    }

    @Test("Pruning of idempotency keys, jobs' results and refused claims")
    func oldKeys() async throws {
        try await TestDatabase.run { (database) async throws in
            try await database.execute(
                """
                INSERT INTO idempotency_keys (key, request_digest, subject_id, created_at)
                SELECT decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(repeat('00', 32), 'hex'), gen_random_uuid(),
                    timestamptz 'epoch' + n * interval '1 second'
                FROM generate_series(1, $1::bigint) AS n
                """, [.int64(Int64(Self.limit + 1))])
            let lock = "SELECT key FROM idempotency_keys ORDER BY created_at LIMIT \(Self.limit) FOR UPDATE"
            try await Self.holding(lock, in: database) { () async throws in
                #expect(try await Pruner(pool: database.pool).prune(olderThan: .seconds(60), limit: Self.limit) == 1)
            }
        }
    }

    @Test("The recording of attempts puts off those whose delivery is held, and counts them later")
    func attempts() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeDeliveries(2)
            let ids = try await scene.deliveryIds()
            let attempts = [scene.attempt(ids[0]), scene.attempt(ids[1], .delivered)]
            let lock = "SELECT id FROM webhook_deliveries ORDER BY id LIMIT 1 FOR UPDATE"
            try await Self.holding(lock, in: scene.database) { () async throws in
                let recorded = try await scene.attempts.record(attempts)
                #expect(recorded.postponed.map(\.lease) == [attempts[0].lease])
                #expect(try await scene.count(.delivered) == 1)
            }
            #expect(try await scene.attempts.record([attempts[0]]).postponed.isEmpty)
            #expect(try await scene.database.number("SELECT sum(attempts)::bigint FROM webhook_deliveries") == 2)
        }
    }

    @Test("The recording of a success is put off while its endpoint is held, and counts once")
    func success() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            try await scene.makeDeliveries(1)
            let attempt = scene.attempt(try await scene.deliveryIds()[0], .delivered)
            try await Self.holding("SELECT id FROM webhooks FOR UPDATE", in: scene.database) { () async throws in
                #expect(try await scene.attempts.record([attempt]).postponed.count == 1)
                #expect(try await scene.count(.delivered) == 1)
            }
            #expect(try await scene.attempts.record([attempt]).postponed.isEmpty)
            #expect(
                try await scene.database.number("SELECT count(*) FROM webhooks WHERE succeeded_at IS NOT NULL") == 1)
            #expect(try await scene.database.number("SELECT attempts FROM webhook_deliveries") == 1)
        }
    }

    private static func uuid(_ bits: UInt128) -> String {
        let hex = String(bits, radix: 16)
        return String(repeating: "0", count: 32 - hex.count) + hex
    }
}
