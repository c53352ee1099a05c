package import PaymentLinks
package import Postgres

/// Decides batches of claims: one transaction, two round trips, however many claims; a third where a link was won
/// before, and another transaction where wallets moved meanwhile.
package struct ClaimStore: Sendable {
    let pool: PostgresPool
    private let policy: RailPolicy

    package init(pool: PostgresPool, policy: RailPolicy) {
        self.pool = pool
        self.policy = policy
    }

    /// Locks and reads what the claims need, decides them in order, and writes the decisions.
    ///
    /// Wallets are read first and locked last, so that batches that share one work side by side. Should a wallet not
    /// allow any more what was decided on it, because it was spent from, frozen or closed to the public meanwhile, all
    /// is undone, and done once more with the wallets locked from the beginning.
    ///
    /// - Parameters:
    ///   - published: outbox messages that the broker has confirmed since; removed in the same transaction.
    ///   - lockTimeout: how long the transaction waits for locks; `nil`: as long as the pool's configuration says.
    ///   - beforeCommit: called between the decision and its commit; for tests of what a crash there leaves behind.
    /// - Returns: what was committed, with every claim's answer.
    package func decide(
        _ requests: [ClaimRequest], removing published: [ULID], lockTimeout: Duration? = nil,
        beforeCommit: @Sendable () -> Void = {}
    ) async throws(StorageError) -> ClaimPlan {
        do throws(StorageError) {
            return try await decide(requests, on: .read, published, lockTimeout, beforeCommit)
        } catch {
            guard error.isBreach(of: LedgerStatements.walletsAllow) else { throw error }
        }
        var plan = try await decide(requests, on: .locked, published, lockTimeout, beforeCommit)
        plan.isSecond = true
        return plan
    }

    /// How a batch holds its wallets until it has decided.
    private enum Wallets {
        case read, locked
    }

    private func decide(
        _ requests: [ClaimRequest], on wallets: Wallets, _ published: [ULID], _ lockTimeout: Duration?,
        _ beforeCommit: @Sendable () -> Void
    ) async throws(StorageError) -> ClaimPlan {
        try await StorageError.wrapping {
            try await pool.withTransaction(lockTimeout: lockTimeout) { transaction in
                let state = try await Self.read(requests, wallets, in: transaction)
                var generator = PooledRandomNumberGenerator()
                let plan = ClaimBatch.decide(requests, on: state, policy: policy, using: &generator)
                let writes =
                    OutboxStatements.remove(published)
                    + (try Self.write(plan, lockingWallets: wallets == .read, using: &generator))
                beforeCommit()
                _ = try await transaction.commit(writes)
                return plan
            }
        }
    }
}

// MARK: - Lock and read

extension ClaimStore {
    /// The winners of links that were won before are read behind the rest, for nearly always there are none.
    private static func read(
        _ requests: [ClaimRequest], _ wallets: Wallets, in transaction: PostgresTransaction
    ) async throws -> ClaimBatchState {
        var state = try state(try await transaction.run(lockAndRead(requests, wallets)))
        let winners = state.unreadWinners
        guard !winners.isEmpty else { return state }
        for result in try await transaction.run([Query(selectWinners, [winners.uuids(\.self)])]) {
            state.claims.merge(try claims(result)) { $1 }
        }
        return state
    }

    /// Links are locked before wallets, each in the order of their ids, as everywhere.
    private static func lockAndRead(_ requests: [ClaimRequest], _ wallets: Wallets) -> [Query] {
        let slugs = requests.texts(\.slug.string)
        let payers = PostgresValue.uuids(Set(requests.compactMap(\.payerWalletId?.bits)).sorted())
        let claims = requests.uuids(\.claimId)
        let keys = PostgresValue.bytesArray(requests.compactMap(\.idempotencyKey?.bytes))
        return [
            Query(lockLinks, [slugs]),
            Query(selectKeys, [keys]),
            Query(selectAliases, [claims]),
            Query(selectClaims, [claims, keys]),
            Query(wallets == .locked ? lockWallets : selectWallets, [payers, slugs]),
            Query(ClockStatement.now),
        ] + OfferStatements.selectOpen(of: requests)
    }

    private static func state(_ results: [ResultSet]) throws -> ClaimBatchState {
        let links = try results[0].rows.map(LinkSnapshot.init(row:))
        let wallets = try results[4].rows.map(WalletSnapshot.init(row:))
        var state = ClaimBatchState(
            links: Dictionary(links.map { ($0.slug, $0) }) { $1 },
            wallets: Dictionary(wallets.map { ($0.id, $0) }) { $1 },
            keys: try keys(results[1]),
            claims: try claims(results[3]),
            aliases: try aliases(results[2]),
            now: try results[5].firstRow().time(0))
        for offers in results.dropFirst(6) { state.add(offers: try offers.rows.map(ClaimSnapshot.init(row:))) }
        return state
    }

    private static func claims(_ result: ResultSet) throws -> [ClaimID: ClaimSnapshot] {
        let claims = try result.rows.map(ClaimSnapshot.init(row:))
        return Dictionary(claims.map { ($0.id, $0) }) { $1 }
    }

    private static func keys(_ result: ResultSet) throws -> [Digest: ClaimBatchState.UsedKey] {
        var keys: [Digest: ClaimBatchState.UsedKey] = [:]
        for row in result.rows {
            keys[try row.digest(0)] = .init(requestDigest: try row.digest(1), claimId: try row.identifier(2))
        }
        return keys
    }

    private static func aliases(_ result: ResultSet) throws -> [ClaimID: ClaimID] {
        var aliases: [ClaimID: ClaimID] = [:]
        for row in result.rows { aliases[try row.identifier(0)] = try row.identifier(1) }
        return aliases
    }

    private static let lockLinks = Statement(
        "claims_lock_links",
        """
        SELECT \(LinkSnapshot.columns)
        FROM payment_links JOIN organizations ON organizations.id = payment_links.organization_id
        WHERE payment_links.slug = ANY($1::text[])
        ORDER BY payment_links.id
        FOR NO KEY UPDATE OF payment_links
        """)

    private static let selectWallets = Statement("claims_select_wallets", walletRows)

    private static let lockWallets = Statement(
        "claims_lock_wallets", "\(walletRows) ORDER BY wallets.id FOR NO KEY UPDATE")

    private static let walletRows = """
        SELECT \(WalletSnapshot.columns)
        FROM wallets
        WHERE wallets.id = ANY($1::uuid[] || ARRAY(SELECT wallet_id FROM payment_links WHERE slug = ANY($2::text[])))
        """

    private static let selectKeys = Statement(
        "claims_select_keys",
        "SELECT key, request_digest, subject_id FROM idempotency_keys WHERE key = ANY($1::bytea[])")

    private static let selectAliases = Statement(
        "claims_select_aliases",
        """
        SELECT job_id, answered_by
        FROM job_results
        WHERE job_id = ANY($1::uuid[]) AND answered_by IS NOT NULL
        """)

    private static let selectClaims = Statement(
        "claims_select_answering",
        """
        SELECT \(ClaimSnapshot.columns)
        FROM claims
        WHERE claims.id = ANY(
            $1::uuid[]
            || ARRAY(SELECT subject_id FROM idempotency_keys WHERE key = ANY($2::bytea[]))
            || ARRAY(SELECT answered_by FROM job_results WHERE job_id = ANY($1::uuid[]) AND answered_by IS NOT NULL)
        )
        """)

    private static let selectWinners = Statement(
        "claims_select_winners", "SELECT \(ClaimSnapshot.columns) FROM claims WHERE claims.id = ANY($1::uuid[])")
}

extension ClaimBatchState {
    /// Who won the links that are claimed already, as far as they are not among the claims.
    fileprivate var unreadWinners: [ClaimID] {
        links.values.compactMap(\.winningClaimId).filter { claims[$0] == nil }
    }
}

extension ClaimRequest {
    var payerWalletId: WalletID? {
        if case .wallet(let id) = payer { id } else { nil }
    }
}
