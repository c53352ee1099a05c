package import PaymentLinks
package import Postgres

/// Keeps organizations: those who own wallets, links and keys.
package struct OrganizationStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// - Parameter displayName: what payers see as the payee.
    package func insert(
        _ id: OrganizationID, name: String, displayName: String, at now: Timestamp
    ) async throws(StorageError) {
        let parameters: [PostgresValue] = [.id(id), .text(name), .text(displayName), .time(now)]
        try await StorageError.wrapping { _ = try await pool.run([Query(Self.insert, parameters)]) }
    }

    package func exists(_ id: OrganizationID) async throws(StorageError) -> Bool {
        try await StorageError.wrapping {
            try await !pool.run([Query(Self.select, [.id(id)])])[0].rows.isEmpty
        }
    }

    private static let insert = Statement(
        "organizations_insert",
        "INSERT INTO organizations (id, name, display_name, created_at) VALUES ($1, $2, $3, $4)")

    private static let select = Statement("organizations_select", "SELECT id FROM organizations WHERE id = $1")
}
