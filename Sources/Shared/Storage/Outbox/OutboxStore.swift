package import PaymentLinks
package import Postgres

/// The messages that committed transactions owe to the broker.
package struct OutboxStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// How much the outbox holds, and how old its oldest message is.
    package struct Lag: Sendable {
        package let count: Int
        /// Zero when the outbox is empty.
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

    /// Takes up to `limit` of a lane's messages older than `age`, hands them to `publish`, and removes those that it
    /// returns.
    ///
    /// The rows stay locked meanwhile, and other relays skip them. A relay that dies in between leaves them for the
    /// next one: a message may be published twice, never lost. Returns how many were published.
    package func relay(
        _ lane: Lane, olderThan age: Duration, limit: Int, publish: @Sendable ([OutboxMessage]) async -> [ULID]
    ) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let parameters: [PostgresValue] = [.int64(age.wholeMicroseconds), .int64(Int64(limit))]
                let rows = try await transaction.run([Query(lane.takeLeftovers, parameters)])[0].rows
                let messages = rows.compactMap(Self.message)
                let published = messages.isEmpty ? [] : await publish(messages)
                _ = try await transaction.commit(OutboxStatements.remove(published))
                return published.count
            }
        }
    }

    package func lag() async throws(StorageError) -> Lag {
        try await StorageError.wrapping {
            let row = try await pool.run([Query(Self.selectLag)])[0].firstRow()
            return Lag(count: Int(try row.int64(0)), oldestAge: .microseconds(try row.int64(1)))
        }
    }

    /// `nil` for a message that only a newer version of this program can read: it stays, and holds up no other.
    private static func message(_ row: Row) -> OutboxMessage? {
        guard let name = try? row.text(1), let topic = OutboxMessage.Topic(name: name),
            let ids = try? row.uuids(2), let bodies = try? row.texts(3), ids.count == bodies.count
        else { return nil }
        let parts = zip(ids, bodies).map { OutboxMessage.Part(id: ULID(bits: $0), body: $1) }
        return OutboxMessage(topic: topic, parts: parts)
    }

    private static let selectLag = Statement(
        "outbox_lag",
        """
        SELECT count(*),
            coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000000, 0)::bigint
        FROM outbox
        """)
}

extension OutboxStore.Lane {
    fileprivate var takeLeftovers: Statement {
        switch self {
        case .achSettlements: Self.takeACHSettlements
        case .usdcSettlements: Self.takeUSDCSettlements
        case .events: Self.takeEvents
        }
    }

    private static let takeACHSettlements = take(
        "outbox_take_ach", "outbox.topic = 'settlement.ach' AND outbox.topic LIKE 'settlement.%'")
    private static let takeUSDCSettlements = take(
        "outbox_take_usdc", "outbox.topic = 'settlement.usdc' AND outbox.topic LIKE 'settlement.%'")
    private static let takeEvents = take("outbox_take_events", "outbox.topic NOT LIKE 'settlement.%'")

    /// The conditions repeat those of the partial indexes, so that each lane is read along its own.
    private static func take(_ name: String, _ condition: String) -> Statement {
        Statement(
            name,
            """
            SELECT outbox.id, outbox.topic, part.ids, part.bodies
            FROM outbox CROSS JOIN LATERAL (
                SELECT array_agg(id ORDER BY position) AS ids, array_agg(body ORDER BY position) AS bodies
                FROM (
                    SELECT owed.id, position, coalesce(owed.body, events.body) AS body
                    FROM unnest(outbox.part_ids, outbox.bodies) WITH ORDINALITY AS owed (id, body, position)
                    LEFT JOIN events ON events.id = owed.id
                ) AS parts
            ) AS part
            WHERE \(condition)
                AND outbox.created_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
            ORDER BY outbox.created_at
            LIMIT $2
            FOR UPDATE OF outbox SKIP LOCKED
            """)
    }
}

extension Duration {
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
