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
    package func remove(_ published: [UInt128]) async throws(StorageError) {
        guard !published.isEmpty else { return }
        try await StorageError.wrapping { _ = try await pool.run(OutboxStatements.remove(published)) }
    }

    /// Takes up to `limit` messages older than `age`, hands them to `publish`, and removes those that it returns.
    ///
    /// The rows stay locked meanwhile, and other relays skip them. A relay that dies in between leaves them for the
    /// next one: a message may be published twice, never lost. Returns how many were published.
    package func relay(
        olderThan age: Duration, limit: Int, publish: @Sendable ([OutboxMessage]) async -> [UInt128]
    ) async throws(StorageError) -> Int {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let parameters: [PostgresValue] = [.int64(age.wholeMicroseconds), .int64(Int64(limit))]
                let rows = try await transaction.run([Query(Self.takeLeftovers, parameters)])[0].rows
                let published = rows.isEmpty ? [] : await publish(try rows.map(Self.message))
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

    private static func message(_ row: Row) throws -> OutboxMessage {
        guard let topic = OutboxMessage.Topic(name: try row.text(1)) else {
            throw StorageError.unreadable("an outbox message has a topic that is not known")
        }
        return OutboxMessage(id: try row.uuid(0), topic: topic, body: try row.text(2))
    }

    private static let takeLeftovers = Statement(
        "outbox_take_leftovers",
        """
        SELECT outbox.id, outbox.topic, coalesce(outbox.body, events.body)
        FROM outbox LEFT JOIN events ON events.id = outbox.id
        WHERE outbox.created_at < statement_timestamp() - $1::bigint * interval '1 microsecond'
        ORDER BY outbox.created_at
        LIMIT $2
        FOR UPDATE OF outbox SKIP LOCKED
        """)

    private static let selectLag = Statement(
        "outbox_lag",
        """
        SELECT count(*),
            coalesce(extract(epoch FROM clock_timestamp() - min(created_at)) * 1000000, 0)::bigint
        FROM outbox
        """)
}

extension Duration {
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
