import PaymentLinks
import Postgres

/// Writes attempts and what they mean for their deliveries.
enum AttemptStatements {
    /// What became of one result.
    struct Written: Sendable {
        let lease: DeliveryLease
        /// False when another session holds the delivery's row: nothing was written, and a later try may count.
        let isCounted: Bool

        init(row: Row) throws {
            lease = DeliveryLease(deliveryId: try row.identifier(0), number: try row.int64(1))
            isCounted = try row.bool(2)
        }
    }

    static func write(_ attempts: [AttemptRecord]) -> Query {
        Query(
            write,
            [
                attempts.uuids(\.lease.deliveryId), attempts.int64s(\.lease.number), attempts.texts(\.verdict.status),
                attempts.int64s { $0.verdict.pause?.wholeMicroseconds }, attempts.times(\.attemptedAt),
                attempts.int64s { $0.statusCode.map(Int64.init) }, attempts.texts(\.error),
                attempts.int64s { $0.duration.wholeMicroseconds / 1000 }, attempts.texts(\.responseExcerpt),
            ])
    }

    /// A failure counts under its delivery's current lease only. A success counts under any: the endpoint got the
    /// event.
    ///
    /// Rows are locked in id order, and locked rows of others are stepped over. The result says what counted and what
    /// was stepped over; it leaves out late failures and deliveries that no longer exist. Of two results for one
    /// delivery a success goes first. Of two attempts at the same microsecond one is kept.
    private static let write = Statement(
        "attempt_write",
        """
        WITH result AS MATERIALIZED (
            SELECT *
            FROM unnest(
                $1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::text[],
                $8::bigint[], $9::text[]
            ) AS result (id, lease, status, pause, attempted_at, status_code, error, duration_ms, response_excerpt)
        ), locked AS MATERIALIZED (
            SELECT id, status, lease FROM webhook_deliveries
            WHERE id = ANY($1::uuid[])
            ORDER BY id
            FOR NO KEY UPDATE SKIP LOCKED
        ), counted AS MATERIALIZED (
            SELECT DISTINCT ON (result.id) result.*
            FROM result JOIN locked ON locked.id = result.id
            WHERE (result.status = 'DELIVERED' AND locked.status <> 'DELIVERED')
                OR (locked.status = 'PENDING' AND locked.lease = result.lease)
            ORDER BY result.id, result.status <> 'DELIVERED'
        ), attempts AS (
            INSERT INTO webhook_attempts
                (delivery_id, attempted_at, status_code, error, duration_ms, response_excerpt)
            SELECT id, attempted_at, status_code, error, duration_ms, response_excerpt FROM counted
            ON CONFLICT DO NOTHING
        ), updated AS (
            UPDATE webhook_deliveries
            SET status = counted.status,
                attempts = webhook_deliveries.attempts + 1,
                next_attempt_at = CASE WHEN counted.status = 'PENDING'
                    THEN clock_timestamp() + counted.pause * interval '1 microsecond' END,
                finished_at = CASE WHEN counted.status <> 'PENDING' THEN clock_timestamp() END
            FROM counted
            WHERE webhook_deliveries.id = counted.id
        )
        SELECT id, lease, true FROM counted
        UNION ALL
        SELECT id, lease, false FROM result
        WHERE NOT EXISTS (SELECT FROM locked WHERE locked.id = result.id)
            AND EXISTS (SELECT FROM webhook_deliveries WHERE webhook_deliveries.id = result.id)
        """)
}

extension AttemptRecord.Verdict {
    fileprivate var status: String {
        switch self {
        case .delivered: "DELIVERED"
        case .retry: "PENDING"
        case .failed: "FAILED"
        }
    }

    fileprivate var pause: Duration? {
        if case .retry(let pause) = self { pause } else { nil }
    }
}
