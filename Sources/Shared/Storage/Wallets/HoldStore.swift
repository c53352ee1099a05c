package import PaymentLinks
package import Postgres

/// Money that a rail works on, or worked on, for a wallet.
package struct HoldRecord: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        /// The rail is at work.
        case pending = "PENDING"
        /// The money came.
        case released = "RELEASED"
        /// The money never came, or went back.
        case reversed = "REVERSED"
    }

    package let claimId: ClaimID
    package let walletId: WalletID
    package let transactionId: TransactionID
    package let method: ClaimMethod
    package let status: Status
    package let amount: Money
    package let createdAt: Timestamp
    /// When the rail was done, either way.
    package let resolvedAt: Timestamp?
}

/// Reads the settlements behind a wallet's pending balance.
package struct HoldStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// The wallet's holds, newest first; those of one status if it is given.
    package func list(
        of walletId: WalletID, status: HoldRecord.Status?, _ page: PageRequest
    ) async throws(StorageError) -> Page<HoldRecord> {
        let parameters: [PostgresValue] = [
            .id(walletId), status.map { .texts($0.claimStatuses.map(\.rawValue)) } ?? .null, page.cursor,
            .int64(Int64(page.limit + 1)),
        ]
        return try await pool.read([Query(Self.selectPage, parameters)]) { results in
            Page(rowsWithOneMore: try results[0].rows.map(HoldRecord.init(row:)), limit: page.limit)
        }
    }

    private static let selectPage = Statement(
        "holds_select_page",
        """
        SELECT id, payee_wallet_id, transaction_id, method, status, amount, currency, created_at,
            coalesce(failed_at, settled_at)
        FROM claims
        WHERE payee_wallet_id = $1 AND method <> 'wallet' AND refusal IS NULL AND NOT is_offer
            AND ($2::text[] IS NULL OR status = ANY($2::text[]))
            AND id < $3
        ORDER BY id DESC
        LIMIT $4
        """)
}

extension HoldRecord.Status {
    fileprivate var claimStatuses: [ClaimStatus] {
        switch self {
        case .pending: [.pending]
        case .released: [.settled]
        case .reversed: [.failed, .cancelled]
        }
    }

    fileprivate init(_ status: ClaimStatus) {
        switch status {
        case .settled: self = .released
        case .failed, .cancelled, .expired: self = .reversed
        case .processing, .awaitingPayment, .pending, .refused: self = .pending
        }
    }
}

extension HoldRecord {
    fileprivate init(row: Row) throws {
        claimId = try row.identifier(0)
        walletId = try row.identifier(1)
        transactionId = try row.identifier(2)
        method = try row.name(3)
        status = Status(try row.name(4))
        amount = try row.money(5)
        createdAt = try row.time(7)
        resolvedAt = try row.timeIfPresent(8)
    }
}
