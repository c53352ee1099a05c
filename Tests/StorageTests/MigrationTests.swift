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
        try await TestDatabase.run(isMigrated: false) { (database) async throws in
            try await Migrator(pool: database.pool, through: 3).migrate()
            for sql in Self.rowsOfTheThird { try await database.execute(sql) }
            let applied = try await Migrator(pool: database.pool).migrate().map(\.number)
            #expect(applied == Array(4...Migrator.lastVersion))
            let relayed = try await Self.relayed(OutboxStore(pool: database.pool))
            #expect(relayed.map(\.topic.name).sorted() == ["payment_link.created", "settlement.ach"])
            #expect(relayed.flatMap(\.parts).map(\.body).sorted() == [#"{"version":1}"#, "{}"])
            #expect(try await database.number("SELECT count(*) FROM link_expirations") == 1)
            #expect(try await database.breaches() == [])
        }
    }

    @Test("The seventh step waits for a batch that has read and is to write, and neither deadlocks")
    func besideABatch() async throws {
        try await TestDatabase.run(isMigrated: false, connections: 2) { (database) async throws in
            try await Migrator(pool: database.pool, through: 6).migrate()
            try await withThrowingTaskGroup(of: Int.self) { group in
                try await database.pool.withTransaction { transaction in
                    _ = try await transaction.run([Query(Statement("read", "SELECT id FROM claims FOR NO KEY UPDATE"))])
                    group.addTask {
                        try await database.withPool { try await Migrator(pool: $0, through: 7).migrate().count }
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

    /// Three links as the third step has them, one cancelled and one without an end, and what waits in the outbox.
    private static let rowsOfTheThird = [
        "INSERT INTO organizations (id, name, display_name, created_at) VALUES (gen_random_uuid(), 'A', 'A', now())",
        """
        INSERT INTO wallets (id, organization_id, environment, name, currency, created_at, updated_at)
        SELECT gen_random_uuid(), id, 'SANDBOX', 'Wallet', 'USD', now(), now() FROM organizations
        """,
        """
        INSERT INTO payment_links (
            id, organization_id, environment, wallet_id, slug, amount, currency, metadata, status, expires_at,
            request_digest, created_at, updated_at, cancelled_at
        )
        SELECT gen_random_uuid(), organization_id, environment, wallets.id, 'slug' || number, 1000, 'USD', '{}', state,
            ends, '', now(), now(), CASE state WHEN 'CANCELLED' THEN now() END
        FROM wallets, (
            VALUES (1, 'ACTIVE', NULL), (2, 'ACTIVE', now() + interval '1 hour'),
                (3, 'CANCELLED', now() + interval '1 hour')
        ) AS given (number, state, ends)
        """,
        """
        INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
        SELECT gen_random_uuid(), organization_id, environment, 'payment_link.created', id, '{}', now()
        FROM payment_links
        UNION ALL
        SELECT gen_random_uuid(), organization_id, environment, 'payment_link.cancelled', id, '{}', now()
        FROM payment_links WHERE status = 'CANCELLED'
        """,
        """
        INSERT INTO outbox (id, topic, body, created_at)
        SELECT id, type, NULL, now() FROM (SELECT * FROM events WHERE type = 'payment_link.created' LIMIT 1) AS waiting
        UNION ALL
        SELECT gen_random_uuid(), 'settlement.ach', '{"version":1}', now()
        """,
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
