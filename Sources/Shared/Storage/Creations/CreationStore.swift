package import PaymentLinks
package import Postgres

/// Creates batches of links: one transaction, two round trips, however many links.
package struct CreationStore: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Reads what the creations need, decides them in order, and writes the decisions.
    ///
    /// Two transactions with one idempotency key cannot both commit: the later one throws a unique violation, and
    /// finds the first one's link when it is tried again.
    ///
    /// - Parameter lockTimeout: how long the transaction waits for locks; `nil`: as long as the pool's configuration
    ///   says.
    package func create(
        _ creations: [LinkCreation], removing published: [ULID], lockTimeout: Duration? = nil
    ) async throws(StorageError) -> CreationPlan {
        try await StorageError.wrapping {
            try await pool.withTransaction(lockTimeout: lockTimeout) { transaction in
                let state = try Self.state(try await transaction.run(Self.read(creations)))
                var generator = PooledRandomNumberGenerator()
                let plan = CreationBatch.decide(creations, on: state, using: &generator)
                _ = try await transaction.commit(try Self.write(plan) + OutboxStatements.remove(published))
                return plan
            }
        }
    }
}

// MARK: - Read

extension CreationStore {
    private static func read(_ creations: [LinkCreation]) -> [Query] {
        let ids = creations.uuids(\.linkId)
        let keys = PostgresValue.bytesArray(creations.compactMap(\.idempotencyKey?.bytes))
        let wallets = PostgresValue.uuids(Set(creations.map(\.walletId.bits)).sorted())
        return [
            Query(selectWallets, [wallets]),
            Query(selectKeys, [keys]),
            Query(selectResults, [ids, keys]),
            Query(selectLinks, [ids, keys]),
            Query(ClockStatement.now),
        ]
    }

    private static func state(_ results: [ResultSet]) throws -> CreationBatchState {
        let wallets = try results[0].rows.map(WalletSnapshot.init(row:))
        var keys: [Digest: CreationBatchState.UsedKey] = [:]
        for row in results[1].rows {
            keys[try row.digest(0)] = .init(requestDigest: try row.digest(1), linkId: try row.identifier(2))
        }
        return CreationBatchState(
            wallets: Dictionary(wallets.map { ($0.id, $0) }) { $1 },
            earlier: try earlier(links: results[3], results: results[2]), keys: keys,
            now: try results[4].firstRow().time(0))
    }

    /// Links answer for themselves; the results of other jobs name the link or the refusal that answers for them.
    private static func earlier(
        links: ResultSet, results: ResultSet
    ) throws -> [LinkID: CreationBatchState.Earlier] {
        var earlier: [LinkID: CreationBatchState.Earlier] = [:]
        for row in links.rows {
            let link = try CreatedLink(row: row)
            earlier[link.creation.linkId] = .init(linkId: link.creation.linkId, outcome: .created(link))
        }
        for row in results.rows {
            let jobId: LinkID = try row.identifier(0)
            if let refusal = try row.decodedIfPresent(2, as: Refusal.self) {
                earlier[jobId] = .init(linkId: jobId, outcome: .refused(refusal))
            } else if let answeredBy: LinkID = try row.identifierIfPresent(1), let answer = earlier[answeredBy] {
                earlier[jobId] = answer
            }
        }
        return earlier
    }

    private static let selectWallets = Statement(
        "creations_select_wallets", "SELECT \(WalletSnapshot.columns) FROM wallets WHERE id = ANY($1::uuid[])")

    private static let selectKeys = Statement(
        "creations_select_keys",
        "SELECT key, request_digest, subject_id FROM idempotency_keys WHERE key = ANY($1::bytea[])")

    private static let selectResults = Statement(
        "creations_select_results",
        """
        SELECT job_id, answered_by, refusal
        FROM job_results
        WHERE job_id = ANY(
            $1::uuid[] || ARRAY(SELECT subject_id FROM idempotency_keys WHERE key = ANY($2::bytea[]))
        )
        """)

    private static let selectLinks = Statement(
        "creations_select_links",
        """
        SELECT \(CreatedLink.columns)
        FROM payment_links
        WHERE id = ANY(
            $1::uuid[]
            || ARRAY(SELECT subject_id FROM idempotency_keys WHERE key = ANY($2::bytea[]))
            || ARRAY(SELECT answered_by FROM job_results WHERE job_id = ANY($1::uuid[]) AND answered_by IS NOT NULL)
        )
        """)
}

extension CreatedLink {
    /// The columns that `init(row:)` reads, in its order. Only `description`, `expires_at`, and `metadata` can change
    /// later: a repeated creation answers with them as they are now.
    static let columns = """
        id, organization_id, environment, wallet_id, slug, amount, currency, description, restrictions, expires_at,
        metadata, request_digest, created_at
        """

    init(row: Row) throws {
        let creation = LinkCreation(
            linkId: try row.identifier(0), organizationId: try row.identifier(1), environment: try row.name(2),
            walletId: try row.identifier(3), slug: try row.slug(4), amount: try row.money(5),
            description: try row.textIfPresent(7), restrictions: try row.decodedIfPresent(8),
            expiresAt: try row.timeIfPresent(9), metadataJSON: try row.jsonb(10), digest: try row.digest(11),
            idempotencyKey: nil)
        self.init(creation: creation, createdAt: try row.time(12))
    }
}
