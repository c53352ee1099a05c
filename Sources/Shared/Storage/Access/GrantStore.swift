package import Postgres

/// Runs statements that grant rights, all or none.
package struct GrantStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    package func apply(_ statements: [String]) async throws(StorageError) {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let queries = statements.enumerated().map { Query(Statement("grant_\($0)", $1)) }
                _ = try await transaction.commit(queries)
            }
        }
    }
}
