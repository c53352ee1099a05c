import Logging
import Metrics
import Storage

/// Removes what is old, and ends what cannot be delivered any more, a bounded number of rows at a time, for as long as
/// there are any.
struct Pruning: Sendable {
    private static let batchLimit = 5_000
    private static let interval = Duration.seconds(60)
    /// How soon deliveries end whose endpoint was deleted or disabled.
    private static let sweepInterval = Duration.seconds(2)
    /// Between two batches of a long backlog, so that claims have the database to themselves most of the time.
    private static let breath = Duration.milliseconds(100)

    /// How long each kind of row is kept.
    struct Retention: Sendable {
        let idempotency: Duration
        let deliveries: Duration
        let events: Duration
    }

    let pruner: Pruner
    let retention: Retention
    let logger: Logger
    private let pruned = Counter(label: "paylinks_rows_pruned_total")

    init(pruner: Pruner, retention: Retention, logger: Logger) {
        self.pruner = pruner
        self.retention = retention
        self.logger = logger
    }

    /// Prunes until the task is cancelled.
    func run() async {
        await repeatedly(every: Self.interval) { await pruneOnce() }
    }

    /// Ends the deliveries to endpoints that are deleted, or were disabled for failing, until the task is cancelled.
    func endAbandoned() async {
        await repeatedly(every: Self.sweepInterval) {
            await attempt { try await pruner.endAbandoned(limit: Self.batchLimit) }
        }
    }

    private func repeatedly(every interval: Duration, _ batch: () async -> Int) async {
        while !Task.isCancelled {
            let count = await batch()
            do { try await Task.sleep(for: count > 0 ? Self.breath : interval) } catch { return }
        }
    }

    /// One batch of each kind; a kind that cannot be pruned now keeps no other from it.
    private func pruneOnce() async -> Int {
        let limit = Self.batchLimit
        let removed = await [
            prune { try await pruner.prune(olderThan: retention.idempotency, limit: limit) },
            prune { try await pruner.pruneDeliveries(olderThan: retention.deliveries, limit: limit) },
            prune { try await pruner.pruneEvents(olderThan: retention.events, limit: limit) },
        ]
        return removed.reduce(0, +)
    }

    private func prune(_ batch: () async throws -> Int) async -> Int {
        let removed = await attempt(batch)
        pruned.increment(by: removed)
        return removed
    }

    private func attempt(_ batch: () async throws -> Int) async -> Int {
        do {
            return try await batch()
        } catch {
            logger.warning("old rows cannot be pruned now", metadata: ["error": "\(error)"])
            return 0
        }
    }
}
