package import PaymentLinks
package import Postgres

/// Finds deliveries whose time has come, and leases them.
///
/// A lease is nothing but a later `next_attempt_at`: a worker that dies holding one needs no funeral, its deliveries
/// are simply due again. Endpoints are visited in turn, so that the many deliveries that wait for one of them are never
/// walked through to reach another's.
package struct DueDeliveryStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// One step of the round through the endpoints that have deliveries pending.
    package struct Visit: Sendable {
        /// Those of which at least one is due.
        package let due: [(id: WebhookID, standing: EndpointStanding)]
        /// Where the next step goes on; `nil` when the round is over.
        package let next: WebhookID?
    }

    /// Looks at up to `limit` endpoints behind `cursor`; `nil` starts a round.
    package func visit(after cursor: WebhookID?, limit: Int) async throws(StorageError) -> Visit {
        let parameters: [PostgresValue] = [.uuid(cursor?.bits ?? 0), .int64(Int64(limit))]
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectEndpoints, parameters)])[0].rows
            let due: [(id: WebhookID, standing: EndpointStanding)] = try rows.filter { try $0.bool(1) }.map {
                (try $0.identifier(0), try $0.name(2))
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

    /// Gives leases back: the deliveries are due at once, for any worker.
    package func release(_ deliveries: [DeliveryID]) async throws(StorageError) {
        guard !deliveries.isEmpty else { return }
        try await StorageError.wrapping {
            _ = try await pool.run([Query(Self.release, [deliveries.uuids(\.self)])])
        }
    }

    private static func delivery(_ row: Row) throws -> LeasedDelivery {
        LeasedDelivery(
            id: try row.identifier(0), target: try DeliveryTarget(row: row, from: 5), eventId: try row.identifier(1),
            body: Array(try row.text(2).utf8), attempts: Int(try row.int64(3)), isTest: try row.bool(4))
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
        SELECT webhook_id, webhooks.enabled IS TRUE AND webhooks.deleted_at IS NULL AND EXISTS (
            SELECT FROM webhook_deliveries
            WHERE webhook_deliveries.webhook_id = visited.webhook_id AND status = 'PENDING'
                AND next_attempt_at <= statement_timestamp() AND body IS NULL
        ), \(EndpointStanding.column)
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
                    AND webhooks.enabled AND body IS NULL
                ORDER BY next_attempt_at
                LIMIT want.room
                FOR UPDATE SKIP LOCKED
            ) AS due
        ), leased AS (
            UPDATE webhook_deliveries
            SET next_attempt_at = clock_timestamp() + $3::bigint * interval '1 microsecond'
            FROM taken
            WHERE webhook_deliveries.id = taken.id
            RETURNING webhook_deliveries.id, webhook_id, event_id, attempts
        )
        SELECT leased.id, leased.event_id, events.body, leased.attempts, false, \(DeliveryTarget.columns)
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
            SET next_attempt_at = clock_timestamp() + $2::bigint * interval '1 microsecond'
            FROM taken
            WHERE webhook_deliveries.id = taken.id
            RETURNING webhook_deliveries.id, webhook_id, event_id, body, attempts
        )
        SELECT leased.id, leased.event_id, leased.body, leased.attempts, true, \(DeliveryTarget.columns)
        FROM leased
        JOIN webhooks ON webhooks.id = leased.webhook_id AND webhooks.deleted_at IS NULL
        """)

    private static let release = Statement(
        "due_release",
        """
        UPDATE webhook_deliveries SET next_attempt_at = clock_timestamp()
        WHERE id = ANY($1::uuid[]) AND status = 'PENDING'
        """)
}
