import PaymentLinks
import Postgres

/// Writes what a plan has to tell, in the plan's own transaction.
enum OutboxStatements {
    /// Records events, and the rows that keep every message until the broker has it.
    static func write(events: [DomainEvent], messages: [OutboxMessage], at now: Timestamp) -> [Query] {
        var queries: [Query] = []
        if !events.isEmpty { queries.append(insert(events)) }
        return queries + insert(messages, at: now)
    }

    /// Removes what the broker has confirmed meanwhile.
    static func remove(_ published: [ULID]) -> [Query] {
        published.isEmpty ? [] : [Query(deleteOutbox, [.uuids(published.map(\.bits))])]
    }

    private static func insert(_ events: [DomainEvent]) -> Query {
        Query(
            insertEvents,
            [
                events.uuids(\.id), events.uuids(\.organizationId), events.texts(\.environment.rawValue),
                events.texts(\.type.rawValue), events.uuids(\.linkId), events.uuids(\.walletId),
                events.int64s(\.sequence), events.texts(\.body), events.times(\.occurredAt),
            ])
    }

    /// One row for each message; a batch has few. An event's body stands in `events` already.
    private static func insert(_ messages: [OutboxMessage], at now: Timestamp) -> [Query] {
        messages.map { message in
            Query(
                insertOutbox,
                [
                    .uuid(message.id.bits), .text(message.topic.name), .uuids(message.parts.map(\.id.bits)),
                    message.storedBodies.map(PostgresValue.texts) ?? .null, .time(now),
                ])
        }
    }

    /// Rows get their positions in the feed in this order, after a trigger has taken the lock that makes the feed wait
    /// for this transaction. (docs/internals.md: the feed)
    private static let insertEvents = Statement(
        "outbox_insert_events",
        """
        INSERT INTO events
            (id, organization_id, environment, type, link_id, wallet_id, sequence, body, created_at)
        SELECT * FROM unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[],
            $9::timestamptz[]
        )
        """)

    private static let insertOutbox = Statement(
        "outbox_insert",
        "INSERT INTO outbox (id, topic, part_ids, bodies, created_at) VALUES ($1, $2, $3, $4::text[], $5)")

    /// Rows that a relay holds at this moment are left to it: no claim waits for the relay's broker.
    private static let deleteOutbox = Statement(
        "outbox_delete",
        """
        DELETE FROM outbox
        WHERE id IN (SELECT id FROM outbox WHERE id = ANY($1::uuid[]) FOR UPDATE SKIP LOCKED)
        """)
}

extension OutboxMessage {
    fileprivate var storedBodies: [String]? {
        switch topic {
        case .event: nil
        case .settlement: parts.map(\.body)
        }
    }
}
