package import PaymentLinks
package import Postgres

/// What an endpoint's owner sees of its deliveries, and does about them.
package struct DeliveryStore: Sendable {
    /// The most events that one replay sends again.
    package static let replayLimit = 10_000

    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// The endpoint's deliveries, newest first, tests among them.
    package func list(
        _ webhook: WebhookID, status: DeliveryRecord.Status?, _ page: PageRequest
    ) async throws(StorageError) -> Page<DeliveryRecord> {
        let parameters: [PostgresValue] = [
            .id(webhook), .text(status?.rawValue), page.cursor, .int64(Int64(page.limit + 1)),
        ]
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectPage, parameters)])[0].rows
            return Page(rowsWithOneMore: try rows.map(DeliveryRecord.init(row:)), limit: page.limit)
        }
    }

    package func find(_ id: DeliveryID, of webhook: WebhookID) async throws(StorageError) -> DeliveryRecord? {
        try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectOne, [.id(id), .id(webhook)])])[0].rows
            return try rows.first.map(DeliveryRecord.init(row:))
        }
    }

    /// Starts a delivery over, whatever became of it; false when the endpoint has no such delivery, or its event is
    /// kept no more.
    package func redeliver(_ id: DeliveryID, of webhook: WebhookID) async throws(StorageError) -> Bool {
        try await changes(Query(Self.redeliver, [.id(id), .id(webhook)]))
    }

    /// What one replay sends again.
    package struct Replay: Sendable {
        package let count: Int
        /// The last event sent, to go on after, when there may be more than one replay sends.
        package let next: EventID?
    }

    /// From where on a replay sends events.
    package enum ReplayStart: Sendable, Hashable {
        /// Those that were made at or after this time, by the millisecond.
        case time(Timestamp)
        /// Those after the last one of the replay before.
        case event(EventID)
    }

    /// Sends every event again that the endpoint wants, oldest first, up to `limit` of them.
    ///
    /// Every call sends something new: it goes on after an event, never from a time that many events may share.
    package func replay(
        to webhook: WebhookID, from start: ReplayStart, limit: Int = replayLimit
    ) async throws(StorageError) -> Replay {
        let parameters: [PostgresValue] = [
            .id(webhook), .uuid(start.floor), .uuid(start.previous), .int64(Int64(limit)),
        ]
        return try await StorageError.wrapping {
            let row = try await pool.run([Query(Self.replay, parameters)])[0].firstRow()
            let count = Int(try row.int64(0))
            return Replay(count: count, next: count == limit ? try row.identifierIfPresent(1) : nil)
        }
    }

    /// Puts a test on its way: a delivery of its own, attempted once.
    package func insertTest(
        _ id: DeliveryID, event: EventID, type: String, body: String, to webhook: WebhookID
    ) async throws(StorageError) {
        try await StorageError.wrapping {
            let parameters: [PostgresValue] = [.id(id), .id(webhook), .id(event), .text(type), .text(body)]
            _ = try await pool.run([Query(Self.insertTest, parameters)])
        }
    }

    // MARK: - Deliveries whose attempts are used up

    /// Those of all endpoints that the owner covers, newest first.
    ///
    /// - Parameter offset: how many to skip behind the page's cursor. A list that shrinks meanwhile moves under an
    ///   offset; the cursor is exact.
    package func listDead(
        _ owner: WebhookOwner, _ page: PageRequest, offset: Int = 0
    ) async throws(StorageError) -> Page<DeadDelivery> {
        let parameters =
            owner.parameters + [
                page.cursor, .int64(Int64(page.limit + 1)), .int64(Int64(offset)), .uuidArray(owner.walletScope),
            ]
        return try await StorageError.wrapping {
            let rows = try await pool.run([Query(Self.selectDead, parameters)])[0].rows
            let dead = try rows.map { row in
                DeadDelivery(
                    delivery: try DeliveryRecord(row: row), body: try row.textIfPresent(DeliveryRecord.columnCount))
            }
            return Page(rowsWithOneMore: dead, limit: page.limit)
        }
    }

    /// Starts a dead delivery over; one that has been started over already stays as it is.
    package func retryDead(_ id: DeliveryID, owner: WebhookOwner) async throws(StorageError) -> Bool {
        try await changes(Query(Self.retryDead, owner.parameters + [.id(id), .uuidArray(owner.walletScope)]))
    }

    /// Gives a dead delivery up for good.
    package func discardDead(_ id: DeliveryID, owner: WebhookOwner) async throws(StorageError) -> Bool {
        try await changes(Query(Self.discardDead, owner.parameters + [.id(id), .uuidArray(owner.walletScope)]))
    }

    private func changes(_ query: Query) async throws(StorageError) -> Bool {
        try await StorageError.wrapping { try await !pool.run([query])[0].rows.isEmpty }
    }
}

extension DeliveryStore.ReplayStart {
    fileprivate var floor: UInt128 {
        switch self {
        case .time(let time): ULID.floor(at: time)
        case .event(let id): id.bits
        }
    }

    fileprivate var previous: UInt128 {
        switch self {
        case .time: 0
        case .event(let id): id.bits
        }
    }
}

extension ULID {
    /// The least id of its millisecond.
    static func floor(at time: Timestamp) -> UInt128 { UInt128(max(0, time.milliseconds)) << 80 }
}
