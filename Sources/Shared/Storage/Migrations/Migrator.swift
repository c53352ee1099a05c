package import Postgres

/// Brings a database's schema up to this program's version.
///
/// Any number may run at once: an advisory lock lets one work while the others wait and then find nothing to do.
package struct Migrator: Sendable {
    /// The advisory lock's number: arbitrary, but never another's.
    private static let lockNumber: Int64 = 7_295_463_510_113

    /// The number of the last step that this program knows.
    package static let lastVersion = Migration.all.count

    private let pool: PostgresPool
    private let target: Int

    /// - Parameter target: the last step to apply; earlier ones than the last are for tests of what a step does.
    package init(pool: PostgresPool, through target: Int = Migrator.lastVersion) {
        self.pool = pool
        self.target = target
    }

    /// A database that a newer program has brought further than this one knows.
    package struct NewerSchema: Error, Hashable, CustomStringConvertible {
        package let version: Int

        package var description: String {
            "the schema is at step \(version), and this version knows \(Migrator.lastVersion): run the newer version"
        }
    }

    /// Applies every step that the database lacks, each in a transaction of its own, and returns those applied.
    ///
    /// Throws `NewerSchema` when the database has steps that this program does not know.
    @discardableResult
    package func migrate() async throws -> [Migration] {
        var applied: [Migration] = []
        while let next = try await applyNext() { applied.append(next) }
        return applied
    }

    /// The number of the last step that the database has; 0 for an empty one, which is left as it is.
    package func currentVersion() async throws -> Int {
        guard try await pool.run([Query(Self.findTable)])[0].firstRow().bool(0) else { return 0 }
        return try Int(await pool.run([Query(Self.selectVersion)])[0].firstRow().int64(0))
    }

    private func applyNext() async throws -> Migration? {
        try await pool.withTransaction { transaction in
            _ = try await transaction.run([Query(Self.lock, [.int64(Self.lockNumber)]), Query(Self.createTable)])
            let version = try Int(await transaction.run([Query(Self.selectVersion)])[0].firstRow().int64(0))
            guard version <= Self.lastVersion else { throw NewerSchema(version: version) }
            guard version < target else {
                _ = try await transaction.commit([])
                return nil
            }
            let migration = Migration.all[version]
            let steps = migration.statements.enumerated().map { index, sql in
                Query(Statement("migration_\(migration.number)_\(index)", sql))
            }
            let record = Query(Self.insertVersion, [.int64(Int64(migration.number)), .text(migration.name)])
            _ = try await transaction.commit(steps + [record])
            return migration
        }
    }

    private static let lock = Statement("migration_lock", "SELECT pg_advisory_xact_lock($1)")

    private static let createTable = Statement(
        "migration_create_table",
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number bigint PRIMARY KEY,
            name text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """)

    private static let findTable = Statement(
        "migration_find_table", "SELECT to_regclass('schema_migrations') IS NOT NULL")

    private static let selectVersion = Statement(
        "migration_select_version", "SELECT coalesce(max(number), 0) FROM schema_migrations")

    private static let insertVersion = Statement(
        "migration_insert_version", "INSERT INTO schema_migrations (number, name) VALUES ($1, $2)")
}
