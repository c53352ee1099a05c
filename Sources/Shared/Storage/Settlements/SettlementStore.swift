package import PaymentLinks
package import Postgres

/// Applies batches of rails' outcomes: one transaction, two round trips, however many outcomes; a third where payments
/// may be in suspense.
package struct SettlementStore: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Locks and reads the settlements' claims, links and wallets, decides the outcomes in order, and writes them.
    ///
    /// - Parameter lockTimeout: how long the transaction waits for locks; `nil`: as long as the pool's configuration
    ///   says.
    package func apply(
        _ outcomes: [SettlementOutcome], removing published: [ULID], lockTimeout: Duration? = nil
    ) async throws(StorageError) -> OutcomePlan {
        try await StorageError.wrapping {
            try await pool.withTransaction(lockTimeout: lockTimeout) { transaction in
                let state = try await Self.read(outcomes, in: transaction)
                var generator = PooledRandomNumberGenerator()
                let plan = OutcomeBatch.decide(outcomes, on: state, using: &generator)
                let writes = Self.write(plan, using: &generator) + OutboxStatements.remove(published)
                _ = try await transaction.commit(writes)
                return plan
            }
        }
    }

    private static func read(
        _ outcomes: [SettlementOutcome], in transaction: PostgresTransaction
    ) async throws -> OutcomeBatchState {
        let reopening = outcomes.filter(\.mayReopenLink)
        let queries = lockAndRead(ids(outcomes), reopening: ids(reopening))
        var state = try state(try await transaction.run(queries))
        let suspects = state.claims.values.filter(\.maySuspend).sorted { $0.id < $1.id }
        guard !suspects.isEmpty else { return state }
        let suspended = try await transaction.run([OfferStatements.selectSuspended(of: suspects.uuids(\.id))])[0]
        state.suspended = Set(try suspended.rows.map(SuspendedPayment.Key.init(row:)))
        return state
    }

    /// Links before claims before wallets, each in the order of their ids, as everywhere.
    ///
    /// Only links that may be taken or given back are locked. Any other is the claim's for as long as the claim is
    /// locked.
    static func lockAndRead(_ ids: PostgresValue, reopening: PostgresValue) -> [Query] {
        [
            Query(lockLinks, [ids, reopening]), Query(lockClaims, [ids]), Query(selectLinks, [ids]),
            Query(lockWallets, [ids]), Query(ClockStatement.now),
        ]
    }

    private static func ids(_ outcomes: [SettlementOutcome]) -> PostgresValue {
        .uuids(Set(outcomes.map(\.settlementId.bits)).sorted())
    }

    /// Reads the answers to `lockAndRead`; the first only locks.
    static func state(_ all: [ResultSet]) throws -> OutcomeBatchState {
        let results = Array(all.dropFirst())
        let claims = try results[0].rows.map(SettlingClaim.init(row:))
        let links = try results[1].rows.map(LinkSnapshot.init(row:))
        let wallets = try results[2].rows.map(WalletSnapshot.init(row:))
        return OutcomeBatchState(
            claims: Dictionary(claims.map { ($0.id, $0) }) { $1 },
            links: Dictionary(links.map { ($0.id, $0) }) { $1 },
            wallets: Dictionary(wallets.map { ($0.id, $0) }) { $1 },
            keptAfterReturn: Set(try results[1].rows.compactMap(Self.linkKeptAfterReturn)),
            now: try results[3].firstRow().time(0))
    }

    /// The row's link if it stays CLAIMED when its settled money is returned.
    private static func linkKeptAfterReturn(_ row: Row) throws -> LinkID? {
        try row.bool(LinkSnapshot.columnCount) ? nil : row.identifier(0)
    }

    private static let lockLinks = Statement(
        "settlements_lock_links",
        """
        SELECT id
        FROM payment_links
        WHERE id = ANY(ARRAY(
            SELECT link_id FROM claims WHERE id = ANY($1::uuid[]) AND (is_offer OR id = ANY($2::uuid[]))
        ))
        ORDER BY id
        FOR NO KEY UPDATE
        """)

    private static let selectLinks = Statement(
        "settlements_select_links",
        """
        SELECT \(LinkSnapshot.columns),
            CASE payment_links.environment
                WHEN 'SANDBOX' THEN organizations.reopens_after_return_in_sandbox
                ELSE organizations.reopens_after_return_in_production
            END
        FROM payment_links JOIN organizations ON organizations.id = payment_links.organization_id
        WHERE payment_links.id = ANY(ARRAY(SELECT link_id FROM claims WHERE id = ANY($1::uuid[])))
        """)

    private static let lockClaims = Statement(
        "settlements_lock_claims",
        """
        SELECT \(SettlingClaim.columns)
        FROM claims
        WHERE id = ANY($1::uuid[]) AND status <> 'REFUSED'
        ORDER BY id
        FOR NO KEY UPDATE
        """)

    private static let lockWallets = Statement(
        "settlements_lock_wallets",
        """
        SELECT \(WalletSnapshot.columns)
        FROM wallets
        WHERE wallets.id = ANY(ARRAY(SELECT payee_wallet_id FROM claims WHERE id = ANY($1::uuid[])))
        ORDER BY wallets.id
        FOR NO KEY UPDATE
        """)
}

extension SettlingClaim {
    /// Whether a payment for it may be in suspense.
    fileprivate var maySuspend: Bool { method == .usdc || status == .cancelled }

    /// The columns that `init(row:)` reads, in its order. An offer took its link when its payment was seen.
    fileprivate static let columns = """
        id, transaction_id, link_id, method, coalesce(CASE method WHEN 'usdc' THEN submitted_at END, created_at), status,
        rail_reference, submitted_at, settled_at, failed_at, is_offer, pay_before, failure_code, failure_reason,
        event_sequence
        """

    fileprivate init(row: Row) throws {
        self.init(
            id: try row.identifier(0), transactionId: try row.identifier(1), linkId: try row.identifier(2),
            method: try row.name(3), claimedAt: try row.time(4), status: try row.name(5),
            reference: try row.textIfPresent(6), submittedAt: try row.timeIfPresent(7),
            settledAt: try row.timeIfPresent(8), failedAt: try row.timeIfPresent(9),
            eventSequence: try row.int64IfPresent(14), isOffer: try row.bool(10),
            payBefore: try row.timeIfPresent(11),
            failure: try row.textIfPresent(12).map { code in
                SettlementFailure(code: code, reason: try row.textIfPresent(13) ?? "")
            })
    }
}
