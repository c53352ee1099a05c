package import Postgres

/// The open transactions that write events, and so hold the feed back: any role may see them.
package struct FeedWriters: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// A transaction that has inserted events and has not ended.
    package struct Writer: Sendable, Hashable {
        /// The server's name for the transaction: never another's while the server runs.
        package let transaction: String
        /// The server process that runs it, as `pg_stat_activity` names it.
        package let pid: Int64

        package init(transaction: String, pid: Int64) {
            self.transaction = transaction
            self.pid = pid
        }
    }

    package func open() async throws(StorageError) -> [Writer] {
        try await pool.read([Query(Self.select)]) { results in
            try results[0].rows.map { Writer(transaction: try $0.text(0), pid: try $0.int64(1)) }
        }
    }

    /// The locks that `hold_event_feed` takes. A lock that is waited for holds nothing back: its transaction takes its
    /// positions afterwards.
    static let locks = """
        pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = 'event_positions'::regclass::oid
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private static let select = Statement(
        "event_feed_writers", "SELECT DISTINCT virtualtransaction, pid::bigint FROM \(locks)")
}

/// Tells for how long the feed has been held back, from looks at who holds it.
///
/// A writer's age counts from the look that found it first, so the lag is exact to the interval of the looks.
package struct FeedLag: Sendable {
    private var firstSeen: [FeedWriters.Writer: ContinuousClock.Instant] = [:]

    package init() {}

    /// How long the oldest of the writers has been there; zero without writers.
    package mutating func observe(
        _ writers: [FeedWriters.Writer], at now: ContinuousClock.Instant
    ) -> (lag: Duration, oldest: FeedWriters.Writer?) {
        let known = firstSeen
        firstSeen = Dictionary(writers.map { ($0, known[$0] ?? now) }) { first, _ in first }
        guard let oldest = firstSeen.min(by: { $0.value < $1.value }) else { return (.zero, nil) }
        return (now - oldest.value, oldest.key)
    }
}
