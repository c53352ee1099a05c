package import PaymentLinks
package import Postgres

/// The messages that committed transactions owe to the broker.
package struct OutboxStore: Sendable {
    /// The most rows that `lag()` counts.
    package static let countLimit = 100_000

    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// How much the outbox holds, and how old its oldest message is.
    package struct Lag: Sendable {
        /// How many rows there are; `countLimit` for that many and for more.
        package let count: Int
        /// Of what stands in a lane; zero when none has anything.
        package let oldestAge: Duration
    }

    /// Removes messages that the broker has confirmed.
    package func remove(_ published: [ULID]) async throws(StorageError) {
        guard !published.isEmpty else { return }
        try await StorageError.wrapping { _ = try await pool.run(OutboxStatements.remove(published)) }
    }

    /// The messages that wait for one queue; each kind is relayed by itself, so that a full queue holds up no other.
    package enum Lane: Sendable, CaseIterable {
        case achSettlements, usdcSettlements, events
    }

    /// What one round of a lane came to.
    package struct Relayed: Sendable {
        /// How many messages were published.
        package let count: Int
        /// Whether there may be more, and another round gets on: as many rows as allowed were read, and some of them
        /// are gone.
        package let hasMore: Bool
    }

    /// Takes up to `limit` of a lane's messages older than `age`, hands them to `publish`, and removes those that it
    /// returns.
    ///
    /// The rows stay locked meanwhile, and other relays skip them. A relay that dies in between leaves them for the
    /// next one: a message may be published twice, never lost. Rows of topics that only a newer version of this program
    /// knows are not read: they stay, and hold up no other. Of a row whose events were pruned in part the rest goes
    /// out; one that has none left goes without a message.
    package func relay(
        _ lane: Lane, olderThan age: Duration, limit: Int, publish: @Sendable ([OutboxMessage]) async -> [ULID]
    ) async throws(StorageError) -> Relayed {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let parameters: [PostgresValue] = [.int64(age.wholeMicroseconds), .int64(Int64(limit))]
                let rows = try await transaction.run([Query(lane.takeLeftovers, parameters)])[0].rows
                let leftovers = try rows.map(Leftover.init)
                let messages = leftovers.compactMap(\.message)
                let published = messages.isEmpty ? [] : await publish(messages)
                let gone = published + leftovers.filter { $0.message == nil }.map(\.id)
                _ = try await transaction.commit(OutboxStatements.remove(gone))
                return Relayed(count: published.count, hasMore: rows.count == limit && !gone.isEmpty)
            }
        }
    }

    package func lag() async throws(StorageError) -> Lag {
        try await StorageError.wrapping {
            let row = try await pool.run([Query(Self.selectLag)])[0].firstRow()
            return Lag(count: Int(try row.int64(0)), oldestAge: .microseconds(try row.int64(1)))
        }
    }

    /// A row that its writer left behind.
    private struct Leftover: Sendable {
        let id: ULID
        /// `nil` when all of its events are pruned, so that there is nothing left to tell.
        let message: OutboxMessage?

        init(row: Row) throws {
            id = ULID(bits: try row.uuid(0))
            message = OutboxMessage(
                id: id, topic: try row.topic(1),
                parts: zip(try row.uuids(2), try row.texts(3)).map { OutboxMessage.Part(id: ULID(bits: $0), body: $1) })
        }
    }

    /// Each lane's oldest row comes first in its index, and the count ends at its limit: it is asked for once a second,
    /// and costs no more the more there waits.
    private static let selectLag = Statement(
        "outbox_lag",
        """
        SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT \(countLimit)) AS counted),
            coalesce(extract(epoch FROM clock_timestamp() - least(\(oldest))) * 1000000, 0)::bigint
        """)

    private static let oldest = Lane.allCases
        .map { "(SELECT min(created_at) FROM outbox WHERE \($0.condition))" }.joined(separator: ", ")
}

extension OutboxStore.Lane {
    fileprivate var takeLeftovers: Statement {
        switch self {
        case .achSettlements: Self.takeACHSettlements
        case .usdcSettlements: Self.takeUSDCSettlements
        case .events: Self.takeEvents
        }
    }

    /// Repeats the conditions of the partial indexes, so that each lane is read along its own.
    fileprivate var condition: String {
        switch self {
        case .achSettlements: "topic = 'settlement.ach' AND topic LIKE 'settlement.%'"
        case .usdcSettlements: "topic = 'settlement.usdc' AND topic LIKE 'settlement.%'"
        case .events: "topic NOT LIKE 'settlement.%'"
        }
    }

    private static let takeACHSettlements = takeSettlements("outbox_take_ach", .achSettlements)
    private static let takeUSDCSettlements = takeSettlements("outbox_take_usdc", .usdcSettlements)

    /// A settlement's body stands in the row, and a row that lacks one stays: no settlement is ever left out.
    private static func takeSettlements(_ name: String, _ lane: Self) -> Statement {
        take(
            name, "outbox.part_ids, outbox.bodies",
            where: "\(lane.condition) AND cardinality(outbox.bodies) = cardinality(outbox.part_ids)")
    }

    /// Most events' bodies stand in `events`; those of rows from before the fourth migration may stand in the row.
    private static let takeEvents = take(
        "outbox_take_events", "part.ids, part.bodies",
        joining: """
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(id ORDER BY position), '{}') AS ids,
                    coalesce(array_agg(body ORDER BY position), '{}') AS bodies
                FROM (
                    SELECT owed.id, owed.position, coalesce(owed.body, events.body) AS body
                    FROM unnest(outbox.part_ids, outbox.bodies) WITH ORDINALITY AS owed (id, body, position)
                    LEFT JOIN events ON events.id = owed.id
                ) AS parts
                WHERE body IS NOT NULL
            ) AS part
            """,
        where: "\(Self.events.condition) AND topic IN (\(knownEvents))")

    private static var knownEvents: String { EventType.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") }

    private static func take(
        _ name: String, _ parts: String, joining others: String = "", where condition: String
    ) -> Statement {
        Statement(
            name,
            """
            SELECT outbox.id, outbox.topic, \(parts)
            FROM outbox \(others)
            WHERE \(condition)
                AND outbox.created_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
            ORDER BY outbox.created_at
            LIMIT $2
            FOR UPDATE OF outbox SKIP LOCKED
            """)
    }
}

extension Row {
    fileprivate func topic(_ column: Int) throws -> OutboxMessage.Topic {
        guard let topic = OutboxMessage.Topic(name: try text(column)) else {
            throw StorageError.unreadable("column \(column) holds a topic that is not known")
        }
        return topic
    }
}

extension Duration {
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
