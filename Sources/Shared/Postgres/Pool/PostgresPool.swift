package import Logging

/// Several connections to one server, each with a pipeline of its own.
package final class PostgresPool: Sendable {
    private let connections: [PostgresConnection]
    private let leases: LeaseBoard
    private let leaseTimeout: Duration

    /// Starts to connect and returns at once.
    package init(configuration: PostgresConfiguration, connections count: Int, logger: Logger) {
        precondition(count > 0, "a pool needs at least one connection")
        connections = (0..<count).map { _ in PostgresConnection.start(configuration, logger: logger) }
        leases = LeaseBoard(count: count)
        leaseTimeout = configuration.requestTimeout
    }

    /// Runs the queries as one atomic unit, in one round trip, on the connection with the least to do.
    package func run(_ unit: [Query]) async throws(PostgresError) -> [ResultSet] {
        try await leastLoaded().run(unit)
    }

    /// Runs `body` in a transaction on a connection that no other transaction has meanwhile.
    ///
    /// Throws `.unavailable` when none comes free in time. The body must not wait for another transaction of the pool.
    ///
    /// - Parameter lockTimeout: how long its statements wait for locks; `nil`: as long as the configuration says.
    package func withTransaction<Value>(
        lockTimeout: Duration? = nil, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let index = try await leases.acquire(within: leaseTimeout) { free in
            free.min { self.connections[$0].cost < self.connections[$1].cost }
        }
        defer { leases.release(index) }
        return try await connections[index].withTransaction(lockTimeout: lockTimeout, body)
    }

    /// Refuses new units, finishes those that wait, and closes; what is not done by `deadline` fails.
    package func shutdown(deadline: ContinuousClock.Instant = .now + .seconds(10)) async {
        leases.close()
        for connection in connections { connection.beginShutdown(deadline: deadline) }
        for connection in connections { await connection.shutdown(deadline: deadline) }
    }

    /// Whether at least one connection reaches the server.
    package var isReady: Bool { connections.contains { $0.isReady } }

    package var statistics: PostgresStatistics {
        connections.reduce(PostgresStatistics()) { $0 + $1.statistics }
    }

    /// Connections in a transaction come last, for units wait there until it ends.
    private func leastLoaded() -> PostgresConnection {
        let leased = leases.leased
        var best = connections[0]
        var bestCost = Int.max
        for (index, connection) in connections.enumerated() {
            let cost = connection.cost + (leased.contains(index) ? PostgresConnection.leasedCost : 0)
            if cost < bestCost { (best, bestCost) = (connection, cost) }
        }
        return best
    }
}

extension PostgresConnection {
    /// Worse than any load, better than no server.
    fileprivate static let leasedCost = 1_000_000
    private static let unreadyCost = 1_000_000_000

    /// How little this connection recommends itself for one more unit.
    fileprivate var cost: Int { load + (isReady ? 0 : Self.unreadyCost) }
}
