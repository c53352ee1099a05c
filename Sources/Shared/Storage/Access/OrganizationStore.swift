package import PaymentLinks
package import Postgres

/// Who owns wallets, links and keys.
package struct Organization: Sendable {
    package let id: OrganizationID
    package let name: String
    /// What payers see as the payee.
    package let displayName: String

    package init(id: OrganizationID, name: String, displayName: String) {
        self.id = id
        self.name = name
        self.displayName = displayName
    }
}

/// Keeps organizations.
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

    /// All of them, oldest first.
    package func list() async throws(StorageError) -> [Organization] {
        try await pool.read([Query(Self.selectAll)]) { results in
            try results[0].rows.map { row in
                Organization(id: try row.identifier(0), name: try row.text(1), displayName: try row.text(2))
            }
        }
    }

    private static let insert = Statement(
        "organizations_insert",
        "INSERT INTO organizations (id, name, display_name, created_at) VALUES ($1, $2, $3, $4)")

    private static let select = Statement("organizations_select", "SELECT id FROM organizations WHERE id = $1")

    private static let selectAll = Statement(
        "organizations_select_all", "SELECT id, name, display_name FROM organizations ORDER BY id")
}
