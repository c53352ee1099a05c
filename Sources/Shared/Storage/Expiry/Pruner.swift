package import Postgres

/// Removes what has been kept for long enough: idempotency keys, the results of repeated jobs, refused claims, offers,
/// deliveries that have ended, and events. It ends deliveries whose endpoint is gone.
///
/// Every call removes a bounded number of rows in one transaction, so that no lock lasts: call it until nothing is
/// left.
package struct Pruner: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Removes up to `limit` keys and results that are older than `retention`, and as many refused claims and unpaid
    /// offers that are twice as old, as refused creations must be; returns how many went.
    ///
    /// Rows that somebody reads or writes at this moment are skipped and go the next time.
    package func prune(olderThan retention: Duration, limit: Int) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            let parameters: [PostgresValue] = [.int64(retention.wholeMicroseconds), .int64(Int64(limit))]
            let results = try await pool.run([
                Query(Self.deleteKeys, parameters), Query(Self.deleteResults, parameters),
                Query(Self.deleteRefusals, parameters), Query(Self.deleteOffers, parameters),
            ])
            return results.reduce(0) { $0 + $1.affectedRows }
        }
    }

    private static let deleteKeys = Statement(
        "prune_idempotency_keys",
        """
        DELETE FROM idempotency_keys WHERE key IN (
            SELECT key FROM idempotency_keys
            WHERE created_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """)

    /// Twice as long, so that no key and no repeated job outlives the refusal that answers it.
    private static let deleteRefusals = Statement(
        "prune_refused_claims",
        """
        DELETE FROM claims WHERE id IN (
            SELECT id FROM claims
            WHERE refusal IS NOT NULL AND created_at < statement_timestamp() - 2 * $1::bigint * interval '1 microsecond'
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """)

    /// Offers that have ended, unless money that arrived for them is in suspense.
    private static let deleteOffers = Statement(
        "prune_offers",
        """
        DELETE FROM claims WHERE id IN (
            SELECT id FROM claims
            WHERE is_offer AND failed_at IS NOT NULL
                AND created_at < statement_timestamp() - 2 * $1::bigint * interval '1 microsecond'
                AND NOT EXISTS (SELECT FROM suspense WHERE suspense.claim_id = claims.id)
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """)

    /// Refused creations twice as long, so that no key outlives the refusal that answers it.
    private static let deleteResults = Statement(
        "prune_job_results",
        """
        DELETE FROM job_results WHERE job_id IN (
            SELECT job_id FROM job_results
            WHERE created_at < statement_timestamp() - $1::bigint * interval '1 microsecond' AND (
                refusal IS NULL OR created_at < statement_timestamp() - 2 * $1::bigint * interval '1 microsecond'
            )
            ORDER BY created_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """)
}
