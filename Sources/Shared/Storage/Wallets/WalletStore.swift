package import PaymentLinks
package import Postgres

/// Reads wallets and changes what is not their money.
package struct WalletStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// The organization's wallet of this id, of either environment.
    package func find(_ id: WalletID, organization: OrganizationID) async throws(StorageError) -> WalletRecord? {
        try await first(Query(Self.selectOne, [.id(id), .id(organization)]))
    }

    /// The organization's wallets in one environment, newest first.
    package func list(
        organization: OrganizationID, environment: Environment, walletScope: [WalletID]?, _ page: PageRequest
    ) async throws(StorageError) -> Page<WalletRecord> {
        let parameters: [PostgresValue] = [
            .id(organization), .text(environment.rawValue), .uuidArray(walletScope), page.cursor,
            .int64(Int64(page.limit + 1)),
        ]
        return try await pool.read([Query(Self.selectPage, parameters)]) { results in
            Page(rowsWithOneMore: try results[0].rows.map(WalletRecord.init(row:)), limit: page.limit)
        }
    }

    /// Changes the wallet and returns it; `nil` when the organization has none of this id.
    package func change(
        _ id: WalletID, organization: OrganizationID, _ changes: WalletChanges
    ) async throws(StorageError) -> WalletRecord? {
        let parameters: [PostgresValue] = [
            .id(id), .id(organization), .text(changes.name), .bool(changes.agentName != nil),
            .text(changes.agentName ?? nil), .jsonb(changes.metadataJSON), .bool(changes.allowsPublicClaims),
        ]
        return try await first(Query(Self.update, parameters))
    }

    /// Freezes or unfreezes the wallet; doing so twice changes nothing more.
    package func setFrozen(
        _ isFrozen: Bool, _ id: WalletID, organization: OrganizationID
    ) async throws(StorageError) -> WalletRecord? {
        try await first(Query(Self.updateStatus, [.id(id), .id(organization), .text(isFrozen ? "FROZEN" : "ACTIVE")]))
    }

    private func first(_ query: Query) async throws(StorageError) -> WalletRecord? {
        try await pool.read([query]) { try $0[0].rows.first.map(WalletRecord.init(row:)) }
    }

    private static let selectOne = Statement(
        "wallets_select", "SELECT \(WalletRecord.columns) FROM wallets WHERE id = $1 AND organization_id = $2")

    private static let selectPage = Statement(
        "wallets_select_page",
        """
        SELECT \(WalletRecord.columns)
        FROM wallets
        WHERE organization_id = $1 AND environment = $2
            AND ($3::uuid[] IS NULL OR id = ANY($3::uuid[]))
            AND id < $4
        ORDER BY id DESC
        LIMIT $5
        """)

    private static let update = Statement(
        "wallets_update",
        """
        UPDATE wallets
        SET name = coalesce($3, name),
            agent_name = CASE WHEN $4 THEN $5 ELSE agent_name END,
            metadata = coalesce($6, metadata),
            allow_public_claims = coalesce($7, allow_public_claims),
            updated_at = clock_timestamp()
        WHERE id = $1 AND organization_id = $2
        RETURNING \(WalletRecord.columns)
        """)

    private static let updateStatus = Statement(
        "wallets_update_status",
        """
        UPDATE wallets
        SET status = $3, updated_at = CASE WHEN status = $3 THEN updated_at ELSE clock_timestamp() END
        WHERE id = $1 AND organization_id = $2
        RETURNING \(WalletRecord.columns)
        """)
}
