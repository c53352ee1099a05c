import Postgres
import Storage
import Testing

@Suite("Migrations", .serialized)
struct MigrationTests {
    @Test("An empty database gets every step in order, and a second run finds nothing to do")
    func twice() async throws {
        try await TestDatabase.run(isMigrated: false) { (database) async throws in
            let migrator = Migrator(pool: database.pool)
            #expect(try await migrator.isCurrent() == false)
            #expect(try await migrator.currentVersion() == 0)
            #expect(try await migrator.migrate().map(\.number) == Migration.all.map(\.number))
            #expect(try await migrator.isCurrent())
            #expect(try await migrator.migrate().isEmpty)
            #expect(try await migrator.currentVersion() == Migration.all.count)
        }
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
                        group.addTask { try await database.withPool { try await Migrator(pool: $0).isCurrent() } }
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

    @Test("A database of a later program is not current, and is left alone")
    func later() async throws {
        try await TestDatabase.run { (database) async throws in
            try await database.execute("INSERT INTO schema_migrations (number, name) VALUES (1000, 'later')")
            #expect(try await Migrator(pool: database.pool).isCurrent() == false)
            #expect(try await Migrator(pool: database.pool).migrate().isEmpty)
        }
    }
}
