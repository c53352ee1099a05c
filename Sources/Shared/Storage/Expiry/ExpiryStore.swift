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
        /// Whether more may be due already.
        package let isPartial: Bool
        /// How long after its `expiresAt` each link expired.
        package let lateness: [Duration]

        package var outbox: [OutboxMessage] { OutboxMessage.gather(events: events) }
    }

    /// Expires up to `limit` due links, the longest overdue first, with their events, in one transaction.
    ///
    /// Links that a claim, a cancellation, another worker, or any other session holds are stepped over: however many
    /// they are, they take no place in the batch. Links that have met another end are only taken off the schedule. Due is
    /// what the database's clock says: never early.
    package func expireDue(limit: Int) async throws(StorageError) -> Expired {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let results = try await transaction.run([
                    Query(Self.lockDue, [.int64(Int64(limit))]), Query(ClockStatement.now),
                ])
                let scheduled = try results[0].rows.map(ScheduledLink.init(row:))
                let now = try results[1].firstRow().time(0)
                let due = scheduled.filter { $0.step(at: now) == .expire }
                let over = scheduled.filter { $0.step(at: now) != .keep }
                let expired = Expired(
                    events: due.map { $0.event(at: now) }, isPartial: scheduled.count == limit,
                    lateness: due.compactMap { link in link.expiresAt.map { now.duration(since: $0) } })
                _ = try await transaction.commit(Self.write(due, expired, at: now) + Self.unschedule(over))
                return expired
            }
        }
    }

    /// What waits for its time, by the database's clock.
    package struct Schedule: Sendable {
        /// Whether some link is due already.
        package let isOverdue: Bool
        /// How long until the first link is due that is not due yet; `nil` when there is none.
        package let untilNext: Duration?
    }

    package func schedule() async throws(StorageError) -> Schedule {
        try await StorageError.wrapping {
            let row = try await pool.run([Query(Self.selectSchedule)])[0].firstRow()
            return Schedule(
                isOverdue: try row.bool(0), untilNext: try row.int64IfPresent(1).map { .microseconds(max(0, $0)) })
        }
    }

    /// A link whose place in the schedule has come up.
    private struct ScheduledLink: Sendable {
        let facts: LinkEventFacts
        let status: LinkStatus
        let expiresAt: Timestamp?
        /// Where it stands in the schedule; another time than `expiresAt` if that was moved, which then stands there
        /// too.
        let scheduledAt: Timestamp
        /// The sequence of the link's last event.
        let eventSequence: Int64

        init(row: Row) throws {
            facts = LinkEventFacts(
                linkId: try row.identifier(0), organizationId: try row.identifier(1), environment: try row.name(2),
                slug: try row.slug(3), walletId: try row.identifier(4), amount: try row.money(5),
                metadataJSON: try row.jsonb(7))
            expiresAt = try row.timeIfPresent(8)
            status = try row.name(9)
            scheduledAt = try row.time(10)
            eventSequence = try row.int64(11)
        }

        func step(at now: Timestamp) -> ScheduledStep {
            .decide(status, expiresAt: expiresAt, scheduledAt: scheduledAt, now: now)
        }

        func event(at now: Timestamp) -> DomainEvent {
            facts.event(.linkExpired, id: .mint(at: now), at: now, status: .expired, sequence: eventSequence + 1)
        }
    }

    private static func write(_ links: [ScheduledLink], _ expired: Expired, at now: Timestamp) -> [Query] {
        guard !links.isEmpty else { return [] }
        let update = Query(
            updateExpired, [links.uuids(\.facts.linkId), .time(now), .int64(Int64(links.count))])
        return [update] + OutboxStatements.write(events: expired.events, messages: expired.outbox, at: now)
    }

    private static func unschedule(_ links: [ScheduledLink]) -> [Query] {
        guard !links.isEmpty else { return [] }
        return [Query(deleteScheduled, [links.times(\.scheduledAt), links.uuids(\.facts.linkId)])]
    }

    /// The limit counts rows after they are locked, so the scan goes on behind those that others hold. The order of the
    /// locks does not matter, because this transaction waits for no lock.
    private static let lockDue = Statement(
        "expiry_lock_due",
        """
        SELECT links.id, links.organization_id, links.environment, links.slug, links.wallet_id, links.amount,
            links.currency, links.metadata, links.expires_at, links.status, due.expires_at, links.event_sequence
        FROM link_expirations AS due JOIN payment_links AS links ON links.id = due.link_id
        WHERE due.expires_at <= statement_timestamp()
        ORDER BY due.expires_at
        LIMIT $1
        FOR NO KEY UPDATE OF links SKIP LOCKED
        """)

    private static let deleteScheduled = Statement(
        "expiry_unschedule",
        """
        DELETE FROM link_expirations
        USING unnest($1::timestamptz[], $2::uuid[]) AS done (expires_at, link_id)
        WHERE link_expirations.expires_at = done.expires_at AND link_expirations.link_id = done.link_id
        """)

    private static let updateExpired = Statement(
        "expiry_update",
        """
        WITH expired AS (
            UPDATE payment_links
            SET status = 'EXPIRED', expired_at = $2::timestamptz, updated_at = $2::timestamptz,
                event_sequence = event_sequence + 1
            WHERE id = ANY($1::uuid[]) AND status = 'ACTIVE' AND expires_at <= $2::timestamptz
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM expired), $3::bigint, 'only_due_active_links_expire')
        """)

    private static let selectSchedule = Statement(
        "expiry_schedule",
        """
        SELECT EXISTS (SELECT FROM link_expirations WHERE expires_at <= statement_timestamp()),
            (extract(epoch FROM (
                SELECT min(expires_at) FROM link_expirations WHERE expires_at > statement_timestamp()
            ) - clock_timestamp()) * 1000000)::bigint
        """)
}
