import PaymentLinks
import Postgres

/// Writes what a plan has to tell, in the plan's own transaction.
enum OutboxStatements {
    /// Records events, and the rows that keep every message until the broker has it.
    static func write(events: [DomainEvent], messages: [OutboxMessage], at now: Timestamp) -> [Query] {
        var queries: [Query] = []
        if !events.isEmpty { queries.append(insert(events)) }
        if !messages.isEmpty { queries.append(insert(messages, at: now)) }
        return queries
    }

    /// Removes what the broker has confirmed meanwhile.
    static func remove(_ published: [UInt128]) -> [Query] {
        published.isEmpty ? [] : [Query(deleteOutbox, [.uuids(published)])]
    }

    private static func insert(_ events: [DomainEvent]) -> Query {
        Query(
            insertEvents,
            [
                events.uuids(\.id), events.uuids(\.organizationId), events.texts(\.environment.rawValue),
                events.texts(\.type.rawValue), events.uuids(\.linkId), events.texts(\.body),
                events.times(\.occurredAt),
            ])
    }

    /// An event's body stands in `events` already; its outbox row only points there.
    private static func insert(_ messages: [OutboxMessage], at now: Timestamp) -> Query {
        Query(
            insertOutbox,
            [.uuids(messages.map(\.id)), messages.texts(\.topic.name), messages.texts(\.storedBody), .time(now)])
    }

    private static let insertEvents = Statement(
        "outbox_insert_events",
        """
        INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::timestamptz[])
        """)

    private static let insertOutbox = Statement(
        "outbox_insert",
        """
        INSERT INTO outbox (id, topic, body, created_at)
        SELECT id, topic, body, $4::timestamptz
        FROM unnest($1::uuid[], $2::text[], $3::text[]) AS message (id, topic, body)
        """)

    /// Rows that a relay holds at this moment are left to it: no claim waits for the relay's broker.
    private static let deleteOutbox = Statement(
        "outbox_delete",
        """
        DELETE FROM outbox
        WHERE id IN (SELECT id FROM outbox WHERE id = ANY($1::uuid[]) FOR UPDATE SKIP LOCKED)
        """)
}

extension OutboxMessage {
    fileprivate var storedBody: String? {
        switch topic {
        case .event: nil
        case .settlement: body
        }
    }
}
