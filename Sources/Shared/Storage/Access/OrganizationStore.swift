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

/// An organization as its keys of one environment read it.
package struct OrganizationRecord: Sendable {
    package let id: OrganizationID
    package let name: String
    /// What payers see as the payee.
    package let displayName: String
    /// Whether a link becomes ACTIVE again when its settled money is returned; otherwise it stays CLAIMED.
    package let reopensAfterReturn: Bool
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

    /// The organization with what it has chosen for one environment.
    package func find(
        _ id: OrganizationID, in environment: Environment
    ) async throws(StorageError) -> OrganizationRecord? {
        try await record(Query(Self.selectOne, [.id(id), .text(environment.rawValue)]))
    }

    /// Sets whether links of this environment reopen after their settled money was returned; `nil` changes nothing.
    package func change(
        _ id: OrganizationID, in environment: Environment, reopensAfterReturn: Bool?
    ) async throws(StorageError) -> OrganizationRecord? {
        try await record(Query(Self.update, [.id(id), .text(environment.rawValue), .bool(reopensAfterReturn)]))
    }

    private func record(_ query: Query) async throws(StorageError) -> OrganizationRecord? {
        try await pool.read([query]) { results in
            try results[0].rows.first.map { row in
                OrganizationRecord(
                    id: try row.identifier(0), name: try row.text(1), displayName: try row.text(2),
                    reopensAfterReturn: try row.bool(3))
            }
        }
    }

    private static let columns = """
        id, name, display_name, CASE $2::text
            WHEN 'SANDBOX' THEN reopens_after_return_in_sandbox
            ELSE reopens_after_return_in_production
        END
        """

    private static let selectOne = Statement(
        "organizations_select_one", "SELECT \(columns) FROM organizations WHERE id = $1")

    private static let update = Statement(
        "organizations_update",
        """
        UPDATE organizations
        SET reopens_after_return_in_sandbox = CASE $2::text
                WHEN 'SANDBOX' THEN coalesce($3::boolean, reopens_after_return_in_sandbox)
                ELSE reopens_after_return_in_sandbox
            END,
            reopens_after_return_in_production = CASE $2::text
                WHEN 'SANDBOX' THEN reopens_after_return_in_production
                ELSE coalesce($3::boolean, reopens_after_return_in_production)
            END
        WHERE id = $1
        RETURNING \(columns)
        """)

    private static let insert = Statement(
        "organizations_insert",
        "INSERT INTO organizations (id, name, display_name, created_at) VALUES ($1, $2, $3, $4)")

    private static let select = Statement("organizations_select", "SELECT id FROM organizations WHERE id = $1")

    private static let selectAll = Statement(
        "organizations_select_all", "SELECT id, name, display_name FROM organizations ORDER BY id")
}
