package import PaymentLinks
package import Postgres

/// A settlement that its rail still works on: a claim that is PENDING, or an offer that awaits its payment.
package struct PendingSettlement: Sendable {
    /// What the rail was asked, word for word.
    package let request: SettlementRequest
    package let status: ClaimStatus
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

    /// The rail that was asked to settle a claim, and the claim's status; `nil` if no rail was asked.
    package func rail(of id: ClaimID) async throws(StorageError) -> (rail: ClaimMethod, status: ClaimStatus)? {
        try await pool.read([Query(Self.selectRail, [.id(id)])]) { results in
            try results[0].rows.first.map { (rail: try $0.name(0), status: try $0.name(1)) }
        }
    }

    /// The settlement's claim: its status, and when the rail had submitted the payment. `nil` if none has the id.
    package func standing(of id: ClaimID) async throws(StorageError) -> (status: ClaimStatus, submittedAt: Timestamp?)?
    {
        try await pool.read([Query(Self.selectStanding, [.id(id)])]) { results in
            try results[0].rows.first.map { (try $0.name(0), try $0.timeIfPresent(1)) }
        }
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

    private static let selectRail = Statement(
        "settlements_select_rail",
        "SELECT method, status FROM claims WHERE id = $1 AND method <> 'wallet' AND status <> 'REFUSED'")

    private static let selectStanding = Statement(
        "settlements_select_standing",
        "SELECT status, submitted_at FROM claims WHERE id = $1 AND method <> 'wallet' AND status <> 'REFUSED'")

    private static let pending = """
        SELECT claims.id, claims.transaction_id, claims.environment, claims.method, claims.amount, claims.currency,
            claims.sealed_destination, organizations.display_name, claims.created_at, claims.submitted_at,
            claims.rail_reference, claims.chain, claims.deposit_address, claims.pay_before, claims.status
        FROM claims JOIN organizations ON organizations.id = claims.organization_id
        WHERE (
            claims.status = 'PENDING' OR claims.status = 'AWAITING_PAYMENT' AND claims.pay_before > clock_timestamp()
        )
        """
}

extension PendingSettlement {
    fileprivate init(row: Row) throws {
        let method: ClaimMethod = try row.name(3)
        let amount = try row.money(4).carried(by: method)
        request = SettlementRequest(
            settlementId: try row.identifier(0), transactionId: try row.identifier(1), environment: try row.name(2),
            method: method, amount: amount, sealedDestination: try row.bytes(6), payee: try row.text(7),
            createdAt: try row.time(8), instructions: try PaymentInstructions(row: row, from: 11, amount: amount))
        status = try row.name(14)
        submittedAt = try row.timeIfPresent(9)
        reference = try row.textIfPresent(10)
    }
}
