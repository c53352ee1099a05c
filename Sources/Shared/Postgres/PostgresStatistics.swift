/// What a connection, or a pool of them, is doing.
package struct PostgresStatistics: Sendable, Hashable {
    /// How often a connection was made anew since the start.
    package var reconnects: Int
    /// Units that were sent and are not answered yet.
    package var inFlight: Int
    /// Units that wait to be sent.
    package var queued: Int

    package init(reconnects: Int = 0, inFlight: Int = 0, queued: Int = 0) {
        self.reconnects = reconnects
        self.inFlight = inFlight
        self.queued = queued
    }

    static func + (left: PostgresStatistics, right: PostgresStatistics) -> PostgresStatistics {
        PostgresStatistics(
            reconnects: left.reconnects + right.reconnects,
            inFlight: left.inFlight + right.inFlight,
            queued: left.queued + right.queued)
    }
}
