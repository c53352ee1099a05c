package import PaymentLinks
package import Postgres

/// Finds deliveries whose time has come, and leases them.
///
/// A lease is a later `next_attempt_at` and a number. A worker that dies needs no clean-up: its deliveries become due
/// again, and the next lease has a higher number, so that a late answer is recognized. Endpoints are visited in turn,
/// so that the many deliveries that wait for one of them are never walked through to reach another's.
package struct DueDeliveryStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// One step of the round through the endpoints that have deliveries pending.
    package struct Visit: Sendable {
        /// Endpoints that have at least one delivery due and are not in back-off.
        package let due: [DueEndpoint]
        /// Where the next step goes on; `nil` when the round is over.
        package let next: WebhookID?
    }

    /// An endpoint with a delivery that is due.
    package struct DueEndpoint: Sendable {
        package let id: WebhookID
        package let standing: EndpointStanding
        /// How often the endpoint has become well again.
        package let recoveries: Int64
    }

    /// Looks at up to `limit` endpoints behind `cursor`; `nil` starts a round.
    package func visit(after cursor: WebhookID?, limit: Int) async throws(StorageError) -> Visit {
        let parameters: [PostgresValue] = [.uuid(cursor?.bits ?? 0), .int64(Int64(limit))]
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectEndpoints, parameters)])[0].rows
            let due = try rows.filter { try $0.bool(1) }.map { row in
                DueEndpoint(id: try row.identifier(0), standing: try row.name(2), recoveries: try row.int64(3))
            }
            return Visit(due: due, next: rows.count == limit ? try rows.last?.identifier(0) : nil)
        }
    }

    /// How many deliveries to take for one endpoint.
    package struct Want: Sendable {
        package let webhookId: WebhookID
        package let limit: Int

        package init(webhookId: WebhookID, limit: Int) {
            self.webhookId = webhookId
            self.limit = limit
        }
    }

    /// Leases what is due for these endpoints, the longest overdue first. What another worker takes is skipped.
    package func take(_ wants: [Want], lease: Duration) async throws(StorageError) -> [LeasedDelivery] {
        guard !wants.isEmpty else { return [] }
        let parameters: [PostgresValue] = [
            wants.uuids(\.webhookId), wants.int64s { Int64($0.limit) }, .int64(lease.wholeMicroseconds),
        ]
        return try await StorageError.wrapping {
            try await pool.run([Query(Self.takeDue, parameters)])[0].rows.map(Self.delivery)
        }
    }

    /// Leases tests that wait: somebody is looking at each of them, so they go past the endpoints' queues.
    package func takeTests(limit: Int, lease: Duration) async throws(StorageError) -> [LeasedDelivery] {
        let parameters: [PostgresValue] = [.int64(Int64(limit)), .int64(lease.wholeMicroseconds)]
        return try await StorageError.wrapping {
            try await pool.run([Query(Self.takeTests, parameters)])[0].rows.map(Self.delivery)
        }
    }

    /// Gives leases back: the deliveries become due at once, for any worker. A lease that has been taken over, or a row
    /// that is locked, stays as it is.
    package func release(_ leases: [DeliveryLease]) async throws(StorageError) {
        guard !leases.isEmpty else { return }
        try await StorageError.wrapping {
            let parameters = [leases.uuids(\.deliveryId), leases.int64s(\.number)]
            _ = try await pool.run([Query(Self.release, parameters)])
        }
    }

    private static func delivery(_ row: Row) throws -> LeasedDelivery {
        LeasedDelivery(
            id: try row.identifier(0), target: try DeliveryTarget(row: row, from: 6), eventId: try row.identifier(1),
            body: Array(try row.text(2).utf8), attempts: Int(try row.int64(3)), lease: try row.int64(5),
            isTest: try row.bool(4))
    }

    /// `pending`, the endpoints behind `$1` that have deliveries pending, and NULL at their end.
    ///
    /// Jumps from endpoint to endpoint along the index instead of reading all of their deliveries.
    static let pendingEndpoints = """
        pending AS (
            (
                SELECT webhook_id FROM webhook_deliveries
                WHERE status = 'PENDING' AND webhook_id > $1
                ORDER BY webhook_id
                LIMIT 1
            )
            UNION ALL
            SELECT (
                SELECT webhook_id FROM webhook_deliveries
                WHERE status = 'PENDING' AND webhook_id > pending.webhook_id
                ORDER BY webhook_id
                LIMIT 1
            )
            FROM pending
            WHERE pending.webhook_id IS NOT NULL
        )
        """

    private static let selectEndpoints = Statement(
        "due_visit",
        """
        WITH RECURSIVE \(pendingEndpoints), visited AS (
            SELECT webhook_id FROM pending WHERE webhook_id IS NOT NULL LIMIT $2
        )
        SELECT webhook_id, webhooks.enabled IS TRUE AND webhooks.deleted_at IS NULL
            AND NOT \(DeliveryTarget.isBackedOff) AND EXISTS (
            SELECT FROM webhook_deliveries
            WHERE webhook_deliveries.webhook_id = visited.webhook_id AND status = 'PENDING'
                AND next_attempt_at <= statement_timestamp() AND body IS NULL
        ), \(EndpointStanding.column), coalesce(webhooks.recoveries, 0)
        FROM visited
        LEFT JOIN webhooks ON webhooks.id = visited.webhook_id
        ORDER BY webhook_id
        """)

    private static let takeDue = Statement(
        "due_take",
        """
        WITH taken AS (
            SELECT due.id
            FROM unnest($1::uuid[], $2::bigint[]) AS want (webhook_id, room)
            JOIN webhooks ON webhooks.id = want.webhook_id AND webhooks.deleted_at IS NULL
            CROSS JOIN LATERAL (
                SELECT id FROM webhook_deliveries
                WHERE webhook_deliveries.webhook_id = want.webhook_id AND status = 'PENDING'
                    AND next_attempt_at <= statement_timestamp()
                    AND webhooks.enabled AND NOT \(DeliveryTarget.isBackedOff) AND body IS NULL
                ORDER BY next_attempt_at
                LIMIT want.room
                FOR UPDATE SKIP LOCKED
            ) AS due
        ), leased AS (
            UPDATE webhook_deliveries
            SET next_attempt_at = clock_timestamp() + $3::bigint * interval '1 microsecond', lease = lease + 1
            FROM taken
            WHERE webhook_deliveries.id = taken.id
            RETURNING webhook_deliveries.id, webhook_id, event_id, attempts, lease
        )
        SELECT leased.id, leased.event_id, events.body, leased.attempts, false, leased.lease,
            \(DeliveryTarget.columns)
        FROM leased
        JOIN webhooks ON webhooks.id = leased.webhook_id
        JOIN events ON events.id = leased.event_id
        """)

    private static let takeTests = Statement(
        "due_take_tests",
        """
        WITH taken AS (
            SELECT id FROM webhook_deliveries
            WHERE status = 'PENDING' AND body IS NOT NULL AND next_attempt_at <= statement_timestamp()
            ORDER BY next_attempt_at
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        ), leased AS (
            UPDATE webhook_deliveries
            SET next_attempt_at = clock_timestamp() + $2::bigint * interval '1 microsecond', lease = lease + 1
            FROM taken
            WHERE webhook_deliveries.id = taken.id
            RETURNING webhook_deliveries.id, webhook_id, event_id, body, attempts, lease
        )
        SELECT leased.id, leased.event_id, leased.body, leased.attempts, true, leased.lease,
            \(DeliveryTarget.columns)
        FROM leased
        JOIN webhooks ON webhooks.id = leased.webhook_id AND webhooks.deleted_at IS NULL
        """)

    private static let release = Statement(
        "due_release",
        """
        WITH locked AS (
            SELECT delivery.id
            FROM unnest($1::uuid[], $2::bigint[]) AS held (id, lease)
            JOIN webhook_deliveries AS delivery ON delivery.id = held.id AND delivery.lease = held.lease
            WHERE delivery.status = 'PENDING'
            ORDER BY delivery.id
            FOR NO KEY UPDATE OF delivery SKIP LOCKED
        )
        UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp()
        FROM locked
        WHERE webhook_deliveries.id = locked.id
        """)
}
