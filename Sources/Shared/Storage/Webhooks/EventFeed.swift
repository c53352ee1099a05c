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
    /// which the oldest open transaction began, and from now on when none is open: an event's id never tells an earlier
    /// time than its transaction's start.
    package func read(_ owner: WebhookOwner, _ page: PageRequest) async throws(StorageError) -> Page<Entry> {
        let parameters = owner.parameters + [.uuid(page.after ?? 0), .int64(Int64(page.limit + 1))]
        return try await StorageError.wrapping {
            let results = try await pool.run([Query(Self.selectHorizon), Query(Self.select, parameters)])
            let horizon = ULID(bits: try results[0].firstRow().uuid(0))
            let entries = try results[1].rows.map { Entry(id: try $0.identifier(0), body: try $0.text(1)) }
            let settled = entries.prefix { $0.id.ulid < horizon }
            return Page(rowsWithOneMore: Array(settled), limit: page.limit)
        }
    }

    /// Read before the events are, with a snapshot of its own: whoever commits in between is still held back.
    ///
    /// Every writer of events has its transaction's number before it reads the clock that its events' ids are made of,
    /// so whoever has none yet makes ids that lie behind the horizon. Transactions that only read count while they are
    /// young all the same, as writers of earlier versions look like them; a long report holds nothing back. An id's
    /// millisecond is cut off, not rounded, and so is the horizon's.
    private static let selectHorizon = Statement(
        "event_feed_horizon",
        """
        SELECT (
            lpad(to_hex((extract(epoch FROM date_trunc('milliseconds', since)) * 1000)::bigint), 12, '0')
            || repeat('0', 20)
        )::uuid
        FROM (
            SELECT least(min(xact_start), statement_timestamp()) AS since
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (backend_xid IS NOT NULL OR xact_start > clock_timestamp() - interval '10 seconds')
        ) AS oldest
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
