import PaymentLinks
import Postgres
import Storage
import Synchronization
import Testing

@Suite("Migrations", .serialized)
struct MigrationTests {
    @Test("An empty database gets every step in order, and a second run finds nothing to do")
    func twice() async throws {
        try await TestDatabase.run(isMigrated: false) { (database) async throws in
            let migrator = Migrator(pool: database.pool)
            #expect(try await migrator.currentVersion() < Migrator.lastVersion)
            #expect(try await migrator.currentVersion() == 0)
            #expect(try await migrator.migrate().map(\.number) == Migration.all.map(\.number))
            #expect(try await migrator.currentVersion() == Migrator.lastVersion)
            #expect(try await migrator.migrate().isEmpty)
            #expect(try await migrator.currentVersion() == Migration.all.count)
        }
    }

    @Test("The fourth step keeps what waited in the outbox, and schedules the links that were to expire")
    func lighterClaims() async throws {
        try await TestDatabase.run { (database) async throws in
            let fixture = try await Fixture(database)
            let wallet = try await fixture.wallet()
            let later = Timestamp.now().advanced(by: .seconds(3600))
            let links = (0..<3).map { fixture.creation(to: wallet, expiresAt: $0 == 0 ? nil : later) }
            for link in links { _ = try await fixture.creations.create([link], removing: []) }
            let plan = try await fixture.claims.settle([fixture.claim(links[2].slug)], removing: [])
            for sql in Self.undoingTheFourth { try await database.execute(sql) }
            #expect(try await Migrator(pool: database.pool).migrate().map(\.number) == [4, 5, 6, 7])
            #expect(try await Self.relayed(OutboxStore(pool: database.pool)).isSuperset(of: plan.outbox))
            #expect(try await database.number("SELECT count(*) FROM link_expirations") == 1)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("The seventh step waits for a batch that has read and is to write, and neither deadlocks")
    func besideABatch() async throws {
        try await TestDatabase.run(connections: 2) { (database) async throws in
            let fixture = try await Fixture(database)
            let link = try await fixture.link(to: try await fixture.wallet())
            _ = try await fixture.claims.settle([fixture.claim(link.slug)], removing: [])
            try await database.execute("DELETE FROM schema_migrations WHERE number = 7")
            try await withThrowingTaskGroup(of: Int.self) { group in
                try await database.pool.withTransaction { transaction in
                    _ = try await transaction.run([Query(Statement("read", "SELECT id FROM claims FOR NO KEY UPDATE"))])
                    group.addTask {
                        try await database.withPool { try await Migrator(pool: $0).migrate().count }
                    }
                    while try await database.number(Self.waiting) == 0 { try await Task.sleep(for: .milliseconds(5)) }
                    _ = try await transaction.commit([Query(Statement("write", "UPDATE claims SET slug = slug"))])
                }
                #expect(try await group.next() == 1)
            }
        }
    }

    private static let waiting = """
        SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (
            SELECT oid FROM pg_database WHERE datname = current_database()
        )
        """

    /// Leads a database whose outbox has rows of one part each back to where the fourth step finds it.
    private static let undoingTheFourth = [
        "ALTER TABLE api_keys DROP COLUMN rate_limit", "DROP TABLE event_horizon",
        "ALTER TABLE outbox ADD COLUMN body text",
        "UPDATE outbox SET body = bodies[1]",
        "ALTER TABLE outbox DROP COLUMN part_ids, DROP COLUMN bodies",
        "DROP TRIGGER payment_links_schedule_expirations ON payment_links",
        "DROP TRIGGER payment_links_reschedule_expiration ON payment_links",
        "DROP FUNCTION schedule_expirations()", "DROP FUNCTION reschedule_expiration()",
        "DROP TABLE link_expirations",
        """
        CREATE INDEX payment_links_due ON payment_links (expires_at)
        WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
        """,
        "DELETE FROM schema_migrations WHERE number >= 4",
    ]

    private static func relayed(_ store: OutboxStore) async throws -> Set<OutboxMessage> {
        let relayed = Mutex<Set<OutboxMessage>>([])
        for lane in OutboxStore.Lane.allCases {
            _ = try await store.relay(lane, olderThan: .zero, limit: 100) { messages in
                relayed.withLock { $0.formUnion(messages) }
                return []
            }
        }
        return relayed.withLock { $0 }
    }

    @Test("Eight that run at once apply each step once")
    func concurrently() async throws {
        try await TestDatabase.run(isMigrated: false) { (database) async throws in
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await database.withPool { try await Migrator(pool: $0).migrate().map(\.number) }
                    }
                }
                return try await group.reduce([]) { $0 + $1 }
            }
            #expect(applied.sorted() == Migration.all.map(\.number))
            #expect(try await database.number("SELECT count(*) FROM schema_migrations") == Migration.all.count)
        }
    }

    @Test("Eight that ask at once whether an empty database is current all get their answer")
    func askedConcurrently() async throws {
        for _ in 0..<5 {
            try await TestDatabase.run(isMigrated: false) { (database) async throws in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            try await database.withPool {
                                try await Migrator(pool: $0).currentVersion() == Migrator.lastVersion
                            }
                        }
                    }
                    for try await isCurrent in group { #expect(!isCurrent) }
                }
            }
        }
    }

    @Test("The steps are numbered from 1 without gaps, and each says what it locks")
    func numbers() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
        #expect(Migration.all.allSatisfy { !$0.name.isEmpty && !$0.locking.isEmpty })
    }

    @Test("A database of a later program is not current, is refused, and is left alone")
    func later() async throws {
        try await TestDatabase.run { (database) async throws in
            try await database.execute("INSERT INTO schema_migrations (number, name) VALUES (1000, 'later')")
            let migrator = Migrator(pool: database.pool)
            #expect(try await migrator.currentVersion() > Migrator.lastVersion)
            let error = await #expect(throws: Migrator.NewerSchema.self) { try await migrator.migrate() }
            #expect(error?.version == 1000)
            #expect(try await migrator.currentVersion() == 1000)
        }
    }
}
