/// What a connection, or a pool of them, is doing.
package struct PostgresStatistics: Sendable, Hashable {
    /// How often a connection was replaced since the start.
    package var reconnects: Int
    /// Units that were sent and are not answered yet.
    package var inFlight: Int
    /// Units that wait to be sent.
    package var queued: Int
    /// Units sent since the start: a round trip each.
    package var units: Int
    /// Statements executed since the start, those that begin and end transactions included.
    package var statements: Int

    package init(reconnects: Int = 0, inFlight: Int = 0, queued: Int = 0, units: Int = 0, statements: Int = 0) {
        self.reconnects = reconnects
        self.inFlight = inFlight
        self.queued = queued
        self.units = units
        self.statements = statements
    }

    static func + (left: PostgresStatistics, right: PostgresStatistics) -> PostgresStatistics {
        PostgresStatistics(
            reconnects: left.reconnects + right.reconnects,
            inFlight: left.inFlight + right.inFlight,
            queued: left.queued + right.queued,
            units: left.units + right.units,
            statements: left.statements + right.statements)
    }
}
