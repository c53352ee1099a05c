package import Logging
internal import Threading

/// One connection to Postgres, made and kept by a thread of its own, and replaced when it breaks.
///
/// Any number of tasks may use it at once: their units travel in one pipeline and are answered in order.
package final class PostgresConnection: Sendable {
    private let channel: DriverChannel
    private let thread: DriverThread
    private let requestTimeout: Duration

    private init(_ configuration: PostgresConfiguration, logger: Logger) {
        let channel = DriverChannel(capacity: configuration.inboxCapacity)
        self.channel = channel
        requestTimeout = configuration.requestTimeout
        thread = DriverThread(name: "postgres") {
            var driver = Driver(configuration, channel: channel, logger: logger)
            driver.run()
        }
    }

    /// A connection without an owner has no requests to answer.
    deinit {
        channel.shutDown(deadline: .now)
    }

    /// Starts to connect and returns at once; units wait until the server is reached.
    package static func start(_ configuration: PostgresConfiguration, logger: Logger) -> PostgresConnection {
        PostgresConnection(configuration, logger: logger)
    }

    /// Runs the queries as one unit, in one round trip, and answers with one result for each.
    ///
    /// The unit is a transaction of its own: all of it is done, or none. (`PQpipelineSync`)
    package func run(_ unit: [Query]) async throws(PostgresError) -> [ResultSet] {
        guard !unit.isEmpty else { return [] }
        return try await submit(unit, role: nil).get()
    }

    /// Runs `body` in a transaction, which nothing else on this connection can get into.
    ///
    /// The transaction ends with `commit`; a body that returns or throws without it rolls everything back.
    ///
    /// - Parameter lockTimeout: how long its statements wait for locks; `nil`: as long as the configuration says.
    package func withTransaction<Value>(
        lockTimeout: Duration? = nil, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let transaction = PostgresTransaction(on: self, lockTimeout: lockTimeout)
        do {
            let value = try await body(transaction)
            await transaction.rollBack()
            return value
        } catch {
            await transaction.rollBack()
            throw error
        }
    }

    /// Refuses new units, finishes those that wait, and closes; what is not done by `deadline` fails.
    package func shutdown(deadline: ContinuousClock.Instant = .now + .seconds(10)) async {
        beginShutdown(deadline: deadline)
        await thread.join()
    }

    /// Whether the server is reached, so that a unit would be sent at once.
    package var isReady: Bool { channel.isReady }

    package var statistics: PostgresStatistics { channel.statistics }

    /// Units that are not answered yet.
    var load: Int { channel.unanswered }

    func beginShutdown(deadline: ContinuousClock.Instant) {
        channel.shutDown(deadline: deadline)
    }

    func submit(_ unit: [Query], role: TransactionRole?) async -> Request.Answer {
        await channel.submit(Request(unit, role: role, sendBy: .now + requestTimeout))
    }
}
