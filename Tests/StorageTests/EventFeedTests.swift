import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The feed of events", .serialized)
struct EventFeedTests {
    private struct Scene: Sendable {
        let database: TestDatabase
        let fixture: Fixture

        func read() async throws -> [EventID] {
            let owner = WebhookOwner(organizationId: fixture.organization, environment: .sandbox)
            let page = PageRequest(limit: 100, after: nil)
            return try await EventFeed(pool: database.pool).read(owner, page).items.map(\.id)
        }

        func insert(_ event: EventID) -> Query {
            Query(
                Statement(
                    "insert_event",
                    """
                    INSERT INTO events (id, organization_id, environment, type, body, created_at)
                    VALUES ($1, $2, 'SANDBOX', 'payment_link.created', '{}', now())
                    """),
                [.uuid(event.bits), .uuid(fixture.organization.bits)])
        }
    }

    private static func run(_ body: (Scene) async throws -> Void) async throws {
        try await TestDatabase.run(connections: 4) { (database) async throws in
            try await body(Scene(database: database, fixture: try await Fixture(database)))
        }
    }

    /// Begins a transaction late in its millisecond, so that rounding would tell the next one; hands its start over.
    private static func withTransaction(
        in database: TestDatabase, _ body: (PostgresTransaction, Timestamp) async throws -> Void
    ) async throws {
        var isDone = false
        while !isDone {
            try await database.pool.withTransaction { transaction in
                let row = try await transaction.run([Query(Statement("start", "SELECT now()"))])[0].rows[0]
                let start = Timestamp(microseconds: try row.timestamp(0))
                guard start.microseconds % 1000 >= 600 else { return }
                try await body(transaction, start)
                isDone = true
            }
        }
    }

    /// The event of this number within a millisecond.
    private static func event(_ number: UInt128, at time: Timestamp) -> EventID {
        EventID(bits: UInt128(time.milliseconds) << 80 | number)
    }

    @Test("An event is not passed over while its transaction is open, wherever in its millisecond that began")
    func openTransaction() async throws {
        try await Self.run { scene in
            try await Self.withTransaction(in: scene.database) { transaction, start in
                let (low, high) = (Self.event(1, at: start), Self.event(2, at: start))
                _ = try await transaction.run([scene.insert(low)])
                _ = try await scene.database.pool.run([scene.insert(high)])
                #expect(try await scene.read() == [])
                _ = try await transaction.commit()
                #expect(try await scene.read() == [low, high])
            }
        }
    }

    @Test("With no transaction open, only what is of an earlier millisecond is told")
    func noTransaction() async throws {
        try await Self.run { scene in
            let (past, future) = (Self.event(1, at: .now()), Self.event(1, at: .now().advanced(by: .seconds(60))))
            try await Task.sleep(for: .milliseconds(2))
            _ = try await scene.database.pool.run([scene.insert(past), scene.insert(future)])
            #expect(try await scene.read() == [past])
        }
    }

    @Test("A batch of creations has its transaction's number before it writes, so that the feed waits for it")
    func creations() async throws {
        try await Self.run { scene in
            let creation = scene.fixture.creation(to: try await scene.fixture.wallet())
            let counted = Statement(
                "waiting",
                """
                SELECT count(*), count(backend_xid) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await scene.database.pool.withTransaction { transaction in
                    _ = try await transaction.run([Query(Statement("hold", "LOCK TABLE payment_links IN SHARE MODE"))])
                    group.addTask { _ = try await scene.fixture.creations.create([creation], removing: []) }
                    var row = try await transaction.run([Query(counted)])[0].rows[0]
                    while try row.int64(0) == 0 {
                        try await Task.sleep(for: .milliseconds(5))
                        row = try await scene.database.pool.run([Query(counted)])[0].rows[0]
                    }
                    #expect(try row.int64(1) == 1)
                    _ = try await transaction.commit()
                }
                try await group.waitForAll()
            }
        }
    }
}
