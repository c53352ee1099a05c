import PaymentLinks
import Postgres
import Storage
import Synchronization
import Testing

@Suite("The outbox, and what is pruned", .serialized)
struct OutboxStoreTests {
    private final class Published: Sendable {
        let messages = Mutex<[OutboxMessage]>([])
    }

    /// A database whose outbox holds two links' creations, and one's claim with its settlement.
    private static func run(_ body: (TestDatabase, Fixture, ClaimPlan) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            let link = try await fixture.link(to: wallet)
            _ = try await fixture.link(to: wallet)
            try await body(
                database, fixture, try await fixture.claims.decide([fixture.claim(link.slug)], removing: []))
        }
    }

    @Test("Leftovers are handed on word for word, and go when the broker has them")
    func relay() async throws {
        try await Self.run { (database, _, plan) async throws in
            let store = OutboxStore(pool: database.pool)
            let published = Published()
            var count = 0
            for lane in OutboxStore.Lane.allCases {
                count += try await store.relay(lane, olderThan: .zero, limit: 100) { messages in
                    published.messages.withLock { $0 += messages }
                    return messages.map(\.id)
                }.count
            }
            let messages = published.messages.withLock { $0 }
            #expect(count == 4 && messages.count == 4)
            #expect(Set(plan.outbox).isSubset(of: Set(messages)))
            #expect(try await store.lag().count == 0)
            #expect(try await store.lag().oldestAge == .zero)
        }
    }

    @Test("A batch leaves one row for each of its topics, whose parts are handed on word for word and in order")
    func batches() async throws {
        try await TestDatabase.run(connections: 2) { (database) async throws in
            let fixture = try await Fixture(database)
            let links = try await fixture.links(7, to: try await fixture.wallet())
            let payers: [ClaimRequest.Payer] = [
                .ach(sealedDestination: [1]), .usdc(sealedDestination: [2], chain: .base),
            ]
            let plan = try await fixture.claims.decide(
                links.enumerated().map { fixture.claim($1.slug, by: payers[$0 % 2]) }, removing: [])
            let store = OutboxStore(pool: database.pool)
            #expect(try await store.lag().count == 4)
            let published = Published()
            for lane in OutboxStore.Lane.allCases {
                _ = try await store.relay(lane, olderThan: .zero, limit: 100) { messages in
                    published.messages.withLock { $0 += messages }
                    return messages.map(\.id)
                }
            }
            let messages = published.messages.withLock { $0 }
            #expect(Set(plan.outbox).isSubset(of: Set(messages)))
            #expect(plan.outbox.map(\.parts.count).sorted() == [3, 4, 4])
            let claimed = try #require(messages.first { $0.topic == .event(.linkClaimed) })
            #expect(claimed.parts.map(\.id) == plan.events.map(\.id.ulid))
            #expect(claimed.parts.map(\.body) == plan.events.map(\.body))
            #expect(messages.first { $0.topic == .event(.linkCreated) }?.parts.count == 7)
            #expect(try await store.lag().count == 0)
        }
    }

    @Test("What the broker did not take stays for the next round")
    func partial() async throws {
        try await Self.run { (database, _, _) async throws in
            let store = OutboxStore(pool: database.pool)
            let first = try await store.relay(.events, olderThan: .zero, limit: 3) { Array($0.map(\.id).prefix(2)) }
            #expect(first.count == 2 && first.hasMore)
            let second = try await store.relay(.events, olderThan: .zero, limit: 1) { _ in [] }
            #expect(second.count == 0 && !second.hasMore)
            #expect(try await store.lag().count == 2)
            #expect(try await store.lag().oldestAge > .zero)
        }
    }

    @Test("Events that nobody takes hold up no settlement")
    func lanes() async throws {
        try await Self.run { (database, _, _) async throws in
            let store = OutboxStore(pool: database.pool)
            #expect(try await store.relay(.events, olderThan: .zero, limit: 100) { _ in [] }.count == 0)
            #expect(try await store.relay(.achSettlements, olderThan: .zero, limit: 100) { $0.map(\.id) }.count == 1)
            #expect(try await store.relay(.events, olderThan: .zero, limit: 100) { $0.map(\.id) }.count == 3)
        }
    }

    @Test(
        "Rows of a later version's topics stay and hold up no other, however many and old they are",
        arguments: [
            (OutboxStore.Lane.events, "payment_link.later"), (.achSettlements, "settlement.later"),
        ])
    func laterVersion(lane: OutboxStore.Lane, topic: String) async throws {
        try await Self.run { (database, _, _) async throws in
            let store = OutboxStore(pool: database.pool)
            try await database.execute(
                """
                INSERT INTO outbox (id, topic, part_ids, bodies, created_at)
                SELECT gen_random_uuid(), $1, ARRAY[gen_random_uuid()], ARRAY['{}'], 'epoch' FROM generate_series(1, 16)
                """, [.text(topic)])
            #expect(try await store.relay(lane, olderThan: .zero, limit: 16) { $0.map(\.id) }.count > 0)
            #expect(try await store.relay(lane, olderThan: .zero, limit: 16) { $0.map(\.id) }.count == 0)
            #expect(try await database.number("SELECT count(*) FROM outbox WHERE topic = $1", [.text(topic)]) == 16)
        }
    }

    @Test("Of a row whose events were pruned in part the rest goes out; one that has none left goes silently")
    func pruned() async throws {
        try await TestDatabase.run(connections: 2) { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            _ = try await fixture.links(16, to: wallet)
            try await database.execute("DELETE FROM events WHERE id NOT IN (SELECT id FROM events ORDER BY id LIMIT 5)")
            for _ in 0..<3 {
                let link = try await fixture.link(to: wallet)
                try await database.execute("DELETE FROM events WHERE link_id = $1", [.uuid(link.linkId.bits)])
            }
            let store = OutboxStore(pool: database.pool)
            let published = Published()
            let relayed = try await store.relay(.events, olderThan: .zero, limit: 4) { messages in
                published.messages.withLock { $0 = messages }
                return messages.map(\.id)
            }
            #expect(relayed.count == 1 && relayed.hasMore)
            #expect(published.messages.withLock { $0.map(\.parts.count) } == [5])
            let kept = try await database.execute("SELECT body FROM events ORDER BY id").rows.map { try $0.text(0) }
            #expect(Set(published.messages.withLock { $0[0].parts.map(\.body) }) == Set(kept))
            #expect(try await store.lag().count == 0)
        }
    }

    @Test("A row of settlements that lacks a body stays, and holds up no other")
    func bodiless() async throws {
        try await Self.run { (database, _, _) async throws in
            let store = OutboxStore(pool: database.pool)
            try await database.execute(
                """
                INSERT INTO outbox (id, topic, part_ids, created_at)
                VALUES (gen_random_uuid(), 'settlement.ach', ARRAY[gen_random_uuid()], 'epoch')
                """)
            #expect(try await store.relay(.achSettlements, olderThan: .zero, limit: 1) { $0.map(\.id) }.count == 1)
            #expect(try await database.number("SELECT count(*) FROM outbox WHERE topic = 'settlement.ach'") == 1)
        }
    }

    @Test("However much waits, no more than the limit is counted, and the oldest of every lane is found")
    func lag() async throws {
        try await TestDatabase.run(connections: 1) { (database) async throws in
            let store = OutboxStore(pool: database.pool)
            try await database.execute(
                """
                INSERT INTO outbox (id, topic, part_ids, created_at)
                SELECT gen_random_uuid(), 'payment_link.claimed', ARRAY[gen_random_uuid()], now()
                FROM generate_series(1, \(OutboxStore.countLimit + 1))
                """)
            #expect(try await store.lag().count == OutboxStore.countLimit)
            let topics = ["payment_link.later", "settlement.ach", "settlement.usdc"]
            for (days, topic) in topics.enumerated() {
                try await database.execute(
                    """
                    INSERT INTO outbox (id, topic, part_ids, created_at)
                    VALUES (gen_random_uuid(), $1, ARRAY[gen_random_uuid()], now() - $2 * interval '1 day')
                    """, [.text(topic), .int64(Int64(days + 1))])
                #expect(try await store.lag().oldestAge > .seconds((days + 1) * 24 * 3600 - 60))
            }
        }
    }

    @Test("Young messages are left to their writers")
    func young() async throws {
        try await Self.run { (database, _, _) async throws in
            let count = try await OutboxStore(pool: database.pool).relay(
                .events, olderThan: .seconds(3600), limit: 100
            ) {
                $0.map(\.id)
            }.count
            #expect(count == 0)
            #expect(try await OutboxStore(pool: database.pool).lag().count == 4)
        }
    }

    @Test("Two relays at once do not publish the same messages")
    func twoRelays() async throws {
        try await Self.run { (database, _, _) async throws in
            let store = OutboxStore(pool: database.pool)
            let inner = Published()
            _ = try await store.relay(.events, olderThan: .zero, limit: 2) { outer in
                _ = try? await store.relay(.events, olderThan: .zero, limit: 100) { messages in
                    inner.messages.withLock { $0 = messages }
                    return []
                }
                #expect(outer.count == 2)
                #expect(Set(outer).isDisjoint(with: inner.messages.withLock { Set($0) }))
                return []
            }
            #expect(inner.messages.withLock { $0.count } == 1)
        }
    }

    @Test("Old keys and results of repeated jobs are pruned, a bounded number at once; young ones stay")
    func pruning() async throws {
        try await Self.run { (database, fixture, _) async throws in
            let links = try await fixture.links(3, to: try await fixture.wallet())
            let claims = links.map { fixture.claim($0.slug, key: Fixture.digest()) }
            let repeats = claims.map { fixture.claim($0.slug, digest: $0.digest, key: $0.idempotencyKey) }
            _ = try await fixture.claims.decide(claims + repeats, removing: [])
            let pruner = Pruner(pool: database.pool)
            #expect(try await pruner.prune(olderThan: .seconds(3600), limit: 100) == 0)
            #expect(try await pruner.prune(olderThan: .zero, limit: 2) == 4)
            #expect(try await pruner.prune(olderThan: .zero, limit: 2) == 2)
            #expect(try await pruner.prune(olderThan: .zero, limit: 2) == 0)
            #expect(try await database.number("SELECT count(*) FROM claims") == 4)
        }
    }

    @Test("A refused creation outlives its key, so that the same key brings the same refusal or starts anew")
    func pruningRefusedCreations() async throws {
        try await Self.run { (database, fixture, _) async throws in
            let stranger = fixture.creation(to: WalletID.mint(at: .now()), key: Fixture.digest())
            _ = try await fixture.creations.create([stranger], removing: [])
            let keyCount = "SELECT count(*) FROM idempotency_keys"
            let resultCount = "SELECT count(*) FROM job_results"
            for (hours, keys, results) in [(1, 1, 1), (3, 0, 1), (5, 0, 0)] {
                for table in ["idempotency_keys", "job_results"] {
                    try await database.execute(
                        "UPDATE \(table) SET created_at = clock_timestamp() - interval '\(hours) hours'")
                }
                _ = try await Pruner(pool: database.pool).prune(olderThan: .seconds(2 * 3600), limit: 10)
                #expect(try await database.number(keyCount) == keys)
                #expect(try await database.number(resultCount) == results)
            }
        }
    }
}
