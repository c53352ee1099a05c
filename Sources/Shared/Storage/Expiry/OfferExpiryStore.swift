package import Postgres

/// Ends offers that were not paid in time.
package struct OfferExpiryStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Ends up to `limit` offers whose `payBefore` has passed by the database's clock, oldest first; returns how many.
    ///
    /// An offer that a rail's outcome or a release holds is stepped over, and the next one takes its place.
    package func expireDue(limit: Int) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            Int(try await pool.run([Query(Self.expire, [.int64(Int64(limit))])])[0].firstRow().int64(0))
        }
    }

    /// The claims are looked up one by one, by their ids: a join could walk through all claims, which have no index by
    /// status.
    private static let expire = Statement(
        "offers_expire",
        """
        WITH due AS MATERIALIZED (
            SELECT offers.claim_id
            FROM offers CROSS JOIN LATERAL (
                SELECT FROM claims
                WHERE claims.id = offers.claim_id AND claims.status = 'AWAITING_PAYMENT'
                FOR NO KEY UPDATE SKIP LOCKED
            ) AS waiting
            WHERE offers.pay_before <= statement_timestamp()
            ORDER BY offers.pay_before
            LIMIT $1
            FOR UPDATE OF offers SKIP LOCKED
        ), expired AS (
            UPDATE claims SET status = 'EXPIRED', failed_at = clock_timestamp()
            FROM due
            WHERE claims.id = due.claim_id AND claims.status = 'AWAITING_PAYMENT'
            RETURNING claims.id
        ), gone AS (
            DELETE FROM offers USING due WHERE offers.claim_id = due.claim_id
        )
        SELECT count(*) FROM expired
        """)
}
