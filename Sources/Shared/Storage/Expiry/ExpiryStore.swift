package import PaymentLinks
package import Postgres

/// Expires links whose time has come.
package struct ExpiryStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// What one round expired.
    package struct Expired: Sendable {
        package let events: [DomainEvent]
        /// How long after its `expiresAt` each link expired.
        package let lateness: [Duration]

        package var outbox: [OutboxMessage] { events.map(OutboxMessage.init) }
    }

    /// Expires up to `limit` due links, the longest overdue first, with their events, in one transaction.
    ///
    /// Rows that a claim, a cancellation or another worker holds are skipped; whoever holds them decides. Due is what
    /// the database's clock says: never early.
    package func expireDue(limit: Int) async throws(StorageError) -> Expired {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let results = try await transaction.run([
                    Query(Self.lockDue, [.int64(Int64(limit))]), Query(ClockStatement.now),
                ])
                let links = try results[0].rows.map(DueLink.init(row:))
                let now = try results[1].firstRow().time(0)
                let expired = Expired(
                    events: links.map { $0.event(at: now) },
                    lateness: links.map { now.duration(since: $0.expiresAt) })
                _ = try await transaction.commit(Self.write(links, expired, at: now))
                return expired
            }
        }
    }

    /// How long until the next link is due, by the database's clock; `nil` when none is waiting, zero when one is due.
    package func timeUntilNextDue() async throws(StorageError) -> Duration? {
        try await StorageError.wrapping {
            let row = try await pool.run([Query(Self.selectNextDue)])[0].firstRow()
            return try row.int64IfPresent(0).map { .microseconds(max(0, $0)) }
        }
    }

    private struct DueLink: Sendable {
        let facts: LinkEventFacts
        let expiresAt: Timestamp

        init(row: Row) throws {
            facts = LinkEventFacts(
                linkId: try row.identifier(0), organizationId: try row.identifier(1), environment: try row.name(2),
                slug: try row.slug(3), walletId: try row.identifier(4), amount: try row.money(5),
                metadataJSON: try row.jsonb(7))
            expiresAt = try row.time(8)
        }

        func event(at now: Timestamp) -> DomainEvent {
            facts.event(.linkExpired, id: .mint(at: now), at: now, status: .expired)
        }
    }

    private static func write(_ links: [DueLink], _ expired: Expired, at now: Timestamp) -> [Query] {
        guard !links.isEmpty else { return [] }
        let update = Query(
            updateExpired, [links.uuids(\.facts.linkId), .time(now), .int64(Int64(links.count))])
        return [update] + OutboxStatements.write(events: expired.events, messages: expired.outbox, at: now)
    }

    private static let lockDue = Statement(
        "expiry_lock_due",
        """
        SELECT id, organization_id, environment, slug, wallet_id, amount, currency, metadata, expires_at
        FROM payment_links
        WHERE status = 'ACTIVE' AND expires_at IS NOT NULL AND expires_at <= statement_timestamp()
        ORDER BY expires_at
        LIMIT $1
        FOR NO KEY UPDATE SKIP LOCKED
        """)

    private static let updateExpired = Statement(
        "expiry_update",
        """
        WITH expired AS (
            UPDATE payment_links
            SET status = 'EXPIRED', expired_at = $2::timestamptz, updated_at = $2::timestamptz
            WHERE id = ANY($1::uuid[]) AND status = 'ACTIVE' AND expires_at <= $2::timestamptz
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM expired), $3::bigint, 'only_due_active_links_expire')
        """)

    private static let selectNextDue = Statement(
        "expiry_next_due",
        """
        SELECT (extract(epoch FROM min(expires_at) - clock_timestamp()) * 1000000)::bigint
        FROM payment_links
        WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
        """)
}
