import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("Deliveries and events that are old enough to go", .serialized)
struct WebhookPruningTests {
    private static let owner = Environment.sandbox

    /// A database with an endpoint and the creation events of so many links, each with a delivery that has ended.
    private static func run(
        links count: Int, _ body: (TestDatabase, Fixture, WebhookID) async throws -> Void
    ) async throws {
        try await TestDatabase.run { (database) async throws in
            let fixture = try await Fixture(database)
            let webhook = WebhookID.mint(at: .now())
            let draft = WebhookDraft(
                id: webhook, url: "https://example.com/", description: nil, events: ["*"], isEnabled: true,
                sealedSecret: [1])
            _ = try await WebhookStore(pool: database.pool).create(
                draft, owner: WebhookOwner(organizationId: fixture.organization, environment: owner), limit: 1)
            _ = try await fixture.links(count, to: try await fixture.wallet())
            _ = try await DeliveryStore(pool: database.pool).replay(
                to: webhook, from: .time(Timestamp(microseconds: 0)))
            try await database.execute(
                """
                WITH ended AS (
                    UPDATE webhook_deliveries
                    SET status = 'DELIVERED', next_attempt_at = NULL, finished_at = clock_timestamp()
                    RETURNING id
                )
                INSERT INTO webhook_attempts (delivery_id, attempted_at, duration_ms)
                SELECT id, clock_timestamp(), 1 FROM ended
                """)
            try await body(database, fixture, webhook)
        }
    }

    @Test("Deliveries go with their attempts, a bounded number at once; young and pending ones stay")
    func deliveries() async throws {
        try await Self.run(links: 5) { (database, _, _) async throws in
            let pruner = Pruner(pool: database.pool)
            try await database.execute(
                """
                UPDATE webhook_deliveries SET status = 'PENDING', next_attempt_at = 'epoch', finished_at = NULL
                WHERE id = (SELECT max(id::text)::uuid FROM webhook_deliveries)
                """)
            #expect(try await pruner.pruneDeliveries(olderThan: .seconds(3600), limit: 100) == 0)
            #expect(try await pruner.pruneDeliveries(olderThan: .zero, limit: 3) == 3)
            #expect(try await pruner.pruneDeliveries(olderThan: .zero, limit: 3) == 1)
            #expect(try await pruner.pruneDeliveries(olderThan: .zero, limit: 3) == 0)
            #expect(try await database.number("SELECT count(*) FROM webhook_deliveries") == 1)
            #expect(try await database.number("SELECT count(*) FROM webhook_attempts") == 1)
            #expect(try await database.number("SELECT count(*) FROM events") == 5)
        }
    }

    @Test("What another holds at this moment is passed over, and goes the next time")
    func locked() async throws {
        try await Self.run(links: 2) { (database, _, _) async throws in
            let pruner = Pruner(pool: database.pool)
            try await database.pool.withTransaction { transaction in
                _ = try await transaction.run([
                    Query(Statement("hold", "SELECT id FROM webhook_deliveries ORDER BY id LIMIT 1 FOR UPDATE"))
                ])
                #expect(try await pruner.pruneDeliveries(olderThan: .zero, limit: 10) == 1)
                _ = try await transaction.commit()
            }
            #expect(try await pruner.pruneDeliveries(olderThan: .zero, limit: 10) == 1)
        }
    }

    @Test("Events go oldest first with what still tells of them, and the audit does not miss them")
    func events() async throws {
        try await Self.run(links: 4) { (database, fixture, webhook) async throws in
            let pruner = Pruner(pool: database.pool)
            #expect(try await pruner.pruneEvents(olderThan: .seconds(3600), limit: 100) == 0)
            let ids = try await Self.ids(database)
            // An event of this very millisecond is not older than nothing.
            try await Task.sleep(for: .milliseconds(5))
            #expect(try await pruner.pruneEvents(olderThan: .zero, limit: 3) == 3)
            #expect(try await Self.ids(database) == Array(ids.suffix(1)))
            #expect(try await pruner.pruneEvents(olderThan: .zero, limit: 3) == 1)
            #expect(try await database.number("SELECT count(*) FROM webhook_deliveries") == 0)
            #expect(try await database.number("SELECT count(*) FROM webhook_attempts") == 0)
            #expect(try await Self.breaches(database) == [])
            // What is made from now on is counted again.
            _ = try await fixture.links(1, to: try await fixture.wallet())
            #expect(try await Self.breaches(database) == [])
            try await database.execute("DELETE FROM events")
            #expect(try await Self.breaches(database) == ["created_events"])
        }
    }

    @Test("A delivery whose event is kept no more cannot be sent again")
    func orphan() async throws {
        try await Self.run(links: 1) { (database, fixture, webhook) async throws in
            let store = DeliveryStore(pool: database.pool)
            let owner = WebhookOwner(organizationId: fixture.organization, environment: Self.owner)
            let page = PageRequest(limit: 10, after: nil)
            let delivery = try #require(try await store.list(webhook, status: nil, page).items.first)
            #expect(try await store.redeliver(delivery.id, of: webhook))
            try await database.execute(
                "UPDATE webhook_deliveries SET status = 'FAILED', next_attempt_at = NULL, finished_at = now()")
            try await database.execute("DELETE FROM events")
            #expect(try await !store.redeliver(delivery.id, of: webhook))
            #expect(try await !store.retryDead(delivery.id, owner: owner))
            #expect(try await store.listDead(owner, PageRequest(limit: 10, after: nil)).items.map(\.body) == [nil])
            #expect(try await store.discardDead(delivery.id, owner: owner))
        }
    }

    private static func ids(_ database: TestDatabase) async throws -> [EventID] {
        let statement = Statement("event_ids", "SELECT id FROM events ORDER BY id")
        return try await database.pool.run([Query(statement)])[0].rows.map { EventID(bits: try $0.uuid(0)) }
    }

    private static func breaches(_ database: TestDatabase) async throws -> [String] {
        try await AuditStore(pool: database.pool).audit().filter { $0.breachCount > 0 }.map(\.check.name)
    }
}
