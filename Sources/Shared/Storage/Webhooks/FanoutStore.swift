package import PaymentLinks
package import Postgres

/// Turns events into deliveries, one for each endpoint that wants them.
package struct FanoutStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// An event and an endpoint that wants it.
    package struct Match: Sendable {
        package let eventId: EventID
        package let type: String
        package let target: DeliveryTarget
    }

    /// A delivery that is to be written.
    package struct Draft: Sendable {
        package let id: DeliveryID
        package let match: Match
        /// Whether the worker that writes it attempts it now; otherwise a worker with room finds it due.
        package let isLeased: Bool

        package init(id: DeliveryID, match: Match, isLeased: Bool) {
            self.id = id
            self.match = match
            self.isLeased = isLeased
        }
    }

    /// Those of the organizations that have an enabled endpoint at all.
    package func listening(_ organizations: Set<OrganizationID>) async throws(StorageError) -> Set<OrganizationID> {
        guard !organizations.isEmpty else { return [] }
        return try await StorageError.wrapping {
            let ids = PostgresValue.uuids(organizations.map(\.bits))
            return Set(try await pool.run([Query(Self.selectListening, [ids])])[0].rows.map { try $0.identifier(0) })
        }
    }

    /// Finds the enabled endpoints that want these events, each in its event's organization and environment.
    package func matches(_ events: [EventID]) async throws(StorageError) -> [Match] {
        guard !events.isEmpty else { return [] }
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectMatches, [events.uuids(\.self)])])[0].rows
            return try rows.map { row in
                Match(
                    eventId: try row.identifier(0), type: try row.text(1),
                    target: try DeliveryTarget(row: row, from: 2))
            }
        }
    }

    /// Writes the deliveries, and returns the ids of those that were not there yet: an event that comes twice is
    /// delivered once. The first lease of a delivery has the number 1.
    package func insert(_ drafts: [Draft], lease: Duration) async throws(StorageError) -> Set<DeliveryID> {
        guard !drafts.isEmpty else { return [] }
        let leases = drafts.int64s { $0.isLeased ? lease.wholeMicroseconds : 0 }
        let parameters: [PostgresValue] = [
            drafts.uuids(\.id), drafts.uuids(\.match.target.webhookId), drafts.uuids(\.match.eventId),
            drafts.texts(\.match.type), leases,
        ]
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.insert, parameters)])[0].rows
            return Set(try rows.map { try $0.identifier(0) })
        }
    }

    private static let selectListening = Statement(
        "fanout_listening",
        """
        SELECT DISTINCT organization_id
        FROM webhooks
        WHERE organization_id = ANY($1::uuid[]) AND deleted_at IS NULL AND enabled
        """)

    private static let selectMatches = Statement(
        "fanout_matches",
        """
        SELECT events.id, events.type, \(DeliveryTarget.columns)
        FROM events
        JOIN webhooks ON webhooks.organization_id = events.organization_id
            AND webhooks.environment = events.environment
            AND webhooks.deleted_at IS NULL
            AND webhooks.enabled
            AND ('*' = ANY(webhooks.events) OR events.type = ANY(webhooks.events))
            AND \(WebhookOwner.sees("webhooks.wallet_scope"))
        WHERE events.id = ANY($1::uuid[])
        """)

    private static let insert = Statement(
        "fanout_insert",
        """
        INSERT INTO webhook_deliveries
            (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at, lease)
        SELECT draft.id, webhook_id, event_id, event_type, 'PENDING',
            clock_timestamp() + lease_time * interval '1 microsecond', clock_timestamp(), sign(lease_time)::bigint
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[])
            AS draft (id, webhook_id, event_id, event_type, lease_time)
        JOIN webhooks ON webhooks.id = draft.webhook_id AND webhooks.deleted_at IS NULL
        ON CONFLICT (webhook_id, event_id) DO NOTHING
        RETURNING id
        """)
}
