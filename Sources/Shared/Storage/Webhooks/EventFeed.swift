package import PaymentLinks
package import Postgres

/// Events in the order in which they happened, for those who fetch rather than be told.
package struct EventFeed: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// An event as it is signed and sent.
    package struct Entry: Sendable {
        package let id: EventID
        package let body: String
    }

    /// The owner's events behind the cursor, the oldest first.
    ///
    /// An event that is still being committed must not be passed over, so events are held back from the moment on at
    /// which the oldest open transaction began: an event's id never tells an earlier time than its transaction's start.
    package func read(_ owner: WebhookOwner, _ page: PageRequest) async throws(StorageError) -> Page<Entry> {
        let parameters = owner.parameters + [.uuid(page.after ?? 0), .int64(Int64(page.limit + 1))]
        return try await StorageError.wrapping {
            let results = try await pool.run([Query(Self.selectHorizon), Query(Self.select, parameters)])
            let horizon = try results[0].firstRow().uuidIfPresent(0).map { ULID(bits: $0) }
            let entries = try results[1].rows.map { Entry(id: try $0.identifier(0), body: try $0.text(1)) }
            let settled = entries.prefix { entry in horizon.map { entry.id.ulid < $0 } ?? true }
            return Page(rowsWithOneMore: Array(settled), limit: page.limit)
        }
    }

    /// Read before the events are, with a snapshot of its own: whoever commits in between is still held back.
    ///
    /// Transactions that only read count while they are young, for they may yet write; a long report holds nothing
    /// back.
    private static let selectHorizon = Statement(
        "event_feed_horizon",
        """
        SELECT (
            lpad(to_hex((extract(epoch FROM min(xact_start)) * 1000)::bigint), 12, '0') || repeat('0', 20)
        )::uuid
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (backend_xid IS NOT NULL OR xact_start > clock_timestamp() - interval '10 seconds')
        """)

    private static let select = Statement(
        "event_feed",
        """
        SELECT id, body
        FROM events
        WHERE organization_id = $1 AND environment = $2 AND id > $3
        ORDER BY id
        LIMIT $4
        """)
}
