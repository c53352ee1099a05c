import Postgres

extension Pruner {
    /// Removes up to `limit` deliveries that ended longer ago than `retention`, with their attempts, whether they
    /// arrived or not; returns how many went.
    package func pruneDeliveries(olderThan retention: Duration, limit: Int) async throws(StorageError) -> Int {
        try await count(Self.deleteDeliveries, retention, limit)
    }

    /// Removes up to `limit` events that are older than `retention`, the oldest first, with the deliveries that still
    /// tell of them; returns how many events went.
    package func pruneEvents(olderThan retention: Duration, limit: Int) async throws(StorageError) -> Int {
        try await count(Self.deleteEvents, retention, limit)
    }

    /// Ends up to `limit` deliveries that wait for endpoints which are deleted, or were disabled for failing; returns
    /// how many. They are DISCARDED for the former, FAILED for the latter, and can be sent again from there.
    ///
    /// A shared lock keeps an endpoint as it is meanwhile, so that nothing is ended that its owner has just enabled and
    /// sent again. It does not wait for a concurrent change of an endpoint.
    package func endAbandoned(limit: Int) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            let query = Query(Self.endAbandonedDeliveries, [.uuid(0), .int64(Int64(limit))])
            return Int(try await pool.run([query])[0].firstRow().int64(0))
        }
    }

    private func count(_ statement: Statement, _ retention: Duration, _ limit: Int) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            let query = Query(statement, [.int64(retention.wholeMicroseconds), .int64(Int64(limit))])
            return Int(try await pool.run([query])[0].firstRow().int64(0))
        }
    }

    private static let endAbandonedDeliveries = Statement(
        "end_abandoned_deliveries",
        """
        WITH RECURSIVE \(DueDeliveryStore.pendingEndpoints), abandoned AS (
            SELECT webhooks.id, webhooks.deleted_at IS NOT NULL AS is_deleted
            FROM pending JOIN webhooks ON webhooks.id = pending.webhook_id
            WHERE webhooks.deleted_at IS NOT NULL OR webhooks.disabled_reason IS NOT NULL
            FOR SHARE OF webhooks SKIP LOCKED
        ), waiting AS (
            SELECT delivery.id, is_deleted
            FROM abandoned CROSS JOIN LATERAL (
                SELECT id FROM webhook_deliveries
                WHERE webhook_deliveries.webhook_id = abandoned.id AND status = 'PENDING'
                    AND (is_deleted OR body IS NULL)
                LIMIT $2
                FOR UPDATE SKIP LOCKED
            ) AS delivery
            LIMIT $2
        ), ended AS (
            UPDATE webhook_deliveries
            SET status = CASE WHEN is_deleted THEN 'DISCARDED' ELSE 'FAILED' END,
                next_attempt_at = NULL, finished_at = clock_timestamp()
            FROM waiting
            WHERE webhook_deliveries.id = waiting.id
            RETURNING 1
        )
        SELECT count(*) FROM ended
        """)

    /// A delivery of which another session holds an attempt stays until the next time.
    private static let deleteDeliveries = Statement(
        "prune_deliveries",
        """
        WITH old AS (
            SELECT delivery.id
            FROM webhook_deliveries AS delivery
            CROSS JOIN LATERAL (
                SELECT count(*) AS count FROM webhook_attempts WHERE delivery_id = delivery.id
            ) AS made
            CROSS JOIN LATERAL (
                SELECT count(*) AS count
                FROM (
                    SELECT FROM webhook_attempts WHERE delivery_id = delivery.id FOR UPDATE SKIP LOCKED
                ) AS locked
            ) AS free
            WHERE status <> 'PENDING' AND finished_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
                AND free.count = made.count
            ORDER BY finished_at
            LIMIT $2
            FOR UPDATE OF delivery SKIP LOCKED
        ), attempts AS (
            DELETE FROM webhook_attempts USING old WHERE delivery_id = old.id
        ), gone AS (
            DELETE FROM webhook_deliveries USING old WHERE webhook_deliveries.id = old.id RETURNING old.id
        )
        SELECT count(*) FROM gone
        """)

    /// Events have no index by age and need none: their ids begin with the time.
    ///
    /// Whatever still waits for an endpoint then, because its owner has switched it off, goes along: there is nothing
    /// left to send. An event stays until the next time while another session holds one of its deliveries. The horizon
    /// says from when on every event is there; while another session holds it, no event goes.
    private static let deleteEvents = Statement(
        "prune_events",
        """
        WITH bound AS (
            SELECT date_trunc('milliseconds', statement_timestamp() - $1::bigint * interval '1 microsecond') AS cutoff
        ), kept AS MATERIALIZED (
            SELECT kept_since FROM event_horizon FOR NO KEY UPDATE SKIP LOCKED
        ), old AS (
            SELECT events.id, events.organization_id, events.environment
            FROM events
            CROSS JOIN LATERAL (
                SELECT count(*) AS count FROM \(deliveriesOfEvent)
            ) AS waiting
            CROSS JOIN LATERAL (
                SELECT count(*) AS count
                FROM (
                    SELECT FROM \(deliveriesOfEvent) AND waiting.count > 0
                    FOR UPDATE OF delivery SKIP LOCKED
                ) AS locked
            ) AS free
            WHERE events.id < (
                SELECT (lpad(to_hex((extract(epoch FROM cutoff) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
                FROM bound
            )
                AND EXISTS (SELECT FROM kept) AND free.count = waiting.count
            ORDER BY events.id
            LIMIT $2
            FOR UPDATE OF events SKIP LOCKED
        ), orphans AS (
            DELETE FROM webhook_deliveries
            USING old
            JOIN webhooks ON webhooks.organization_id = old.organization_id
                AND webhooks.environment = old.environment AND webhooks.deleted_at IS NULL
            WHERE webhook_deliveries.webhook_id = webhooks.id AND webhook_deliveries.event_id = old.id
            RETURNING webhook_deliveries.id
        ), attempts AS (
            DELETE FROM webhook_attempts USING orphans WHERE delivery_id = orphans.id
        ), horizon AS (
            UPDATE event_horizon SET kept_since = bound.cutoff
            FROM bound
            WHERE kept_since < bound.cutoff AND EXISTS (SELECT FROM old)
        ), gone AS (
            DELETE FROM events USING old WHERE events.id = old.id RETURNING old.id
        )
        SELECT count(*) FROM gone
        """)

    /// The deliveries of `events`, as `delivery`, with the beginning of a condition.
    private static let deliveriesOfEvent = """
        webhooks JOIN webhook_deliveries AS delivery ON delivery.webhook_id = webhooks.id
        WHERE webhooks.organization_id = events.organization_id AND webhooks.environment = events.environment
            AND webhooks.deleted_at IS NULL AND delivery.event_id = events.id
        """
}
