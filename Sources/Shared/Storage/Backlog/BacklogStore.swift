package import PaymentLinks
package import Postgres

/// Finds how long the oldest work has waited that rows keep, whichever process should do it.
package struct BacklogStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// How long the oldest of each kind has waited; zero when nothing waits.
    package struct Ages: Sendable {
        /// Since the `expiresAt` of a link that has not left the schedule of expiry.
        package let overdueLink: Duration
        /// Since a delivery became due. Endpoints that are failing, disabled, or in back-off do not count.
        package let dueDelivery: Duration
    }

    package func ages() async throws(StorageError) -> Ages {
        try await pool.read([Query(Self.selectAges)]) { results in
            let row = try results[0].firstRow()
            return Ages(
                overdueLink: .microseconds(max(0, try row.int64(0))),
                dueDelivery: .microseconds(max(0, try row.int64(1))))
        }
    }

    // MARK: - Settlements that are PENDING

    /// Some claims in the order of their ids.
    package struct Walk: Sendable {
        /// Those that a rail works on, the oldest first, up to `knownLimit` of them.
        package let pending: [ClaimID]
        /// The last claim that was looked at; `nil` when none is left.
        package let last: ClaimID?
    }

    /// The most pending claims that one step of a walk returns.
    package static let knownLimit = 1_000

    /// Looks at up to `limit` claims behind `cursor`. No index knows which claims are pending.
    package func walk(after cursor: ClaimID, limit: Int) async throws(StorageError) -> Walk {
        let parameters: [PostgresValue] = [.id(cursor), .int64(Int64(limit))]
        return try await pool.read([Query(Self.walkClaims, parameters)]) { results in
            let row = try results[0].firstRow()
            return Walk(
                pending: try row.uuids(1).map { ClaimID(bits: $0) }, last: try row.identifierIfPresent(0))
        }
    }

    /// How long the oldest of these claims that is still pending has waited; `nil` when none is.
    package func oldestPending(of claims: [ClaimID]) async throws(StorageError) -> Duration? {
        guard !claims.isEmpty else { return nil }
        return try await pool.read([Query(Self.selectOldestPending, [claims.uuids(\.self)])]) { results in
            try results[0].firstRow().int64IfPresent(0).map { .microseconds(max(0, $0)) }
        }
    }
}

extension BacklogStore {
    /// The most endpoints that the age of due deliveries is taken from.
    private static let endpointLimit = 10_000

    /// The schedule's first place, and of each endpoint the delivery that is due longest: each is first in an index.
    private static let selectAges = Statement(
        "backlog_ages",
        """
        WITH RECURSIVE pending AS (
            (SELECT webhook_id FROM webhook_deliveries WHERE status = 'PENDING' ORDER BY webhook_id LIMIT 1)
            UNION ALL
            SELECT (
                SELECT webhook_id FROM webhook_deliveries
                WHERE status = 'PENDING' AND webhook_id > pending.webhook_id
                ORDER BY webhook_id
                LIMIT 1
            )
            FROM pending
            WHERE pending.webhook_id IS NOT NULL
        ), visited AS (
            SELECT webhook_id FROM pending WHERE webhook_id IS NOT NULL LIMIT \(endpointLimit)
        ), due AS (
            SELECT greatest(
                webhooks.backoff_until,
                (
                    SELECT next_attempt_at FROM webhook_deliveries
                    WHERE webhook_deliveries.webhook_id = webhooks.id AND status = 'PENDING' AND body IS NULL
                        AND next_attempt_at <= statement_timestamp()
                    ORDER BY next_attempt_at
                    LIMIT 1
                )
            ) AS since
            FROM visited JOIN webhooks ON webhooks.id = visited.webhook_id
            WHERE webhooks.enabled AND webhooks.deleted_at IS NULL AND webhooks.failing_since IS NULL
        )
        SELECT
            coalesce(extract(epoch FROM clock_timestamp() - (
                SELECT min(expires_at) FROM link_expirations WHERE expires_at <= statement_timestamp()
            )) * 1000000, 0)::bigint,
            coalesce(extract(epoch FROM clock_timestamp() - (SELECT min(since) FROM due)) * 1000000, 0)::bigint
        """)

    private static let walkClaims = Statement(
        "backlog_walk_claims",
        """
        WITH walked AS MATERIALIZED (
            SELECT id, status = 'PENDING' AND method <> 'wallet' AS is_pending
            FROM claims
            WHERE id > $1
            ORDER BY id
            LIMIT $2
        )
        SELECT (SELECT id FROM walked ORDER BY id DESC LIMIT 1),
            ARRAY(SELECT id FROM walked WHERE is_pending ORDER BY id LIMIT \(knownLimit))
        """)

    private static let selectOldestPending = Statement(
        "backlog_oldest_pending",
        """
        SELECT (extract(epoch FROM clock_timestamp() - min(created_at)) * 1000000)::bigint
        FROM claims
        WHERE id = ANY($1::uuid[]) AND status = 'PENDING'
        """)
}
