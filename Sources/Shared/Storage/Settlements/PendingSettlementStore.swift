package import PaymentLinks
package import Postgres

/// A settlement that its rail still works on.
package struct PendingSettlement: Sendable {
    /// What the rail was asked, word for word.
    package let request: SettlementRequest
    /// When the rail had submitted the payment; `nil` as long as it has not said so.
    package let submittedAt: Timestamp?
    /// The rail's own name for the payment: a trace number, or a transaction's hash and log index.
    package let reference: String?
}

/// Finds settlements, whosever they are: for operators who have to speak with a rail.
package struct PendingSettlementStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Settlements of any rail or of one, oldest first.
    ///
    /// No index knows which claims are pending, so this walks through the claims by their ids until it has enough.
    ///
    /// - Parameters:
    ///   - age: since the claim was decided, by the database's clock.
    ///   - previous: where the page before has ended.
    package func list(
        _ method: ClaimMethod?, olderThan age: Duration, after previous: ClaimID?, limit: Int
    ) async throws(StorageError) -> [PendingSettlement] {
        let parameters: [PostgresValue] = [
            .id(previous ?? ClaimID(bits: 0)), .text(method?.rawValue), .int64(Int64(age / .milliseconds(1))),
            .int64(Int64(limit)),
        ]
        return try await pool.read([Query(Self.selectPage, parameters)], Self.settlements)
    }

    /// Those of the settlements that are pending.
    package func find(_ ids: [ClaimID]) async throws(StorageError) -> [PendingSettlement] {
        try await pool.read([Query(Self.select, [ids.uuids(\.self)])], Self.settlements)
    }

    /// The status of a claim that a rail was asked to settle; `nil` if none has the id.
    package func status(of id: ClaimID) async throws(StorageError) -> ClaimStatus? {
        try await pool.read([Query(Self.selectStatus, [.id(id)])]) { try $0[0].rows.first?.name(0) }
    }

    private static func settlements(_ results: [ResultSet]) throws -> [PendingSettlement] {
        try results[0].rows.map(PendingSettlement.init(row:))
    }

    private static let selectPage = Statement(
        "settlements_select_pending_page",
        """
        \(pending) AND claims.id > $1 AND ($2::text IS NULL OR claims.method = $2::text)
            AND claims.created_at <= now() - $3::bigint * interval '1 millisecond'
        ORDER BY claims.id
        LIMIT $4
        """)

    private static let select = Statement(
        "settlements_select_pending", "\(pending) AND claims.id = ANY($1::uuid[]) ORDER BY claims.id")

    private static let selectStatus = Statement(
        "settlements_select_status",
        "SELECT status FROM claims WHERE id = $1 AND method <> 'wallet' AND status <> 'REFUSED'")

    private static let pending = """
        SELECT claims.id, claims.transaction_id, claims.environment, claims.method, claims.amount, claims.currency,
            claims.sealed_destination, organizations.display_name, claims.created_at, claims.submitted_at,
            claims.rail_reference
        FROM claims JOIN organizations ON organizations.id = claims.organization_id
        WHERE claims.status = 'PENDING'
        """
}

extension PendingSettlement {
    fileprivate init(row: Row) throws {
        let method: ClaimMethod = try row.name(3)
        request = SettlementRequest(
            settlementId: try row.identifier(0), transactionId: try row.identifier(1), environment: try row.name(2),
            method: method, amount: try row.money(4).carried(by: method), sealedDestination: try row.bytes(6),
            payee: try row.text(7), createdAt: try row.time(8))
        submittedAt = try row.timeIfPresent(9)
        reference = try row.textIfPresent(10)
    }
}
