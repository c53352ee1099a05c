package import PaymentLinks
package import Postgres

/// Cancels links: the one transition that the gateway makes itself.
package struct CancellationStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    package enum Cancellation: Sendable {
        /// The link is cancelled now, by this call or an earlier one; the message is to be published, if there is one.
        case cancelled(message: OutboxMessage?)
        /// The link was claimed or has expired; nothing changed.
        case notActive(LinkStatus)
        /// The organization has no such link in this environment.
        case notFound
    }

    /// Cancels an ACTIVE link, with its event; a cancelled one stays as it is.
    package func cancel(
        _ id: LinkID, organization: OrganizationID, environment: Environment, walletScope: [WalletID]?
    ) async throws(StorageError) -> Cancellation {
        let parameters: [PostgresValue] = [
            .id(id), .id(organization), .text(environment.rawValue), .uuidArray(walletScope),
        ]
        let lock = [Query(Self.lock, parameters), Query(ClockStatement.now)]
        return try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let results = try await transaction.run(lock)
                let link = try results[0].rows.first.map(LinkSnapshot.init(row:))
                let (cancellation, writes) = Self.decide(link, at: try results[1].firstRow().time(0))
                _ = try await transaction.commit(writes)
                return cancellation
            }
        }
    }

    private static func decide(_ link: LinkSnapshot?, at now: Timestamp) -> (Cancellation, [Query]) {
        guard let link else { return (.notFound, []) }
        let status = link.status(at: now)
        guard let next = status.applying(.cancel) else { return (.notActive(status), []) }
        return next == status ? (.cancelled(message: nil), []) : cancel(link, at: now)
    }

    private static func cancel(_ link: LinkSnapshot, at now: Timestamp) -> (Cancellation, [Query]) {
        let event = LinkEventFacts(link).event(
            .linkCancelled, id: .mint(at: now), at: now, status: .cancelled, sequence: link.eventSequence + 1)
        let message = OutboxMessage(event)
        let writes =
            [Query(update, [.id(link.id), .time(now)])]
            + OutboxStatements.write(events: [event], messages: [message], at: now)
        return (.cancelled(message: message), writes)
    }

    private static let lock = Statement(
        "cancellation_lock",
        """
        SELECT \(LinkSnapshot.columns)
        FROM payment_links JOIN organizations ON organizations.id = payment_links.organization_id
        WHERE payment_links.id = $1 AND payment_links.organization_id = $2 AND payment_links.environment = $3
            AND ($4::uuid[] IS NULL OR payment_links.wallet_id = ANY($4::uuid[]))
        FOR NO KEY UPDATE OF payment_links
        """)

    private static let update = Statement(
        "cancellation_update",
        """
        WITH cancelled AS (
            UPDATE payment_links
            SET status = 'CANCELLED', cancelled_at = $2::timestamptz, updated_at = $2::timestamptz,
                event_sequence = event_sequence + 1
            WHERE id = $1 AND status = 'ACTIVE'
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM cancelled), 1, 'only_active_links_are_cancelled')
        """)
}

extension PostgresValue {
    /// An array parameter, or NULL for "no restriction".
    static func uuidArray<Kind>(_ ids: [Identifier<Kind>]?) -> PostgresValue {
        ids.map { .uuids($0.map(\.bits)) } ?? .null
    }
}
