import Logging
import Metrics
import Storage

/// Removes old idempotency keys and job results, a bounded number at a time, for as long as there are any.
struct Pruning: Sendable {
    private static let batchLimit = 5_000
    private static let interval = Duration.seconds(60)
    /// Between two batches of a long backlog, so that claims have the database to themselves most of the time.
    private static let breath = Duration.milliseconds(100)

    let pruner: Pruner
    let retention: Duration
    let logger: Logger
    private let pruned = Counter(label: "paylinks_rows_pruned_total")

    init(pruner: Pruner, retention: Duration, logger: Logger) {
        self.pruner = pruner
        self.retention = retention
        self.logger = logger
    }

    /// Prunes until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let removed = await pruneOnce()
            do { try await Task.sleep(for: removed > 0 ? Self.breath : Self.interval) } catch { return }
        }
    }

    private func pruneOnce() async -> Int {
        do {
            let removed = try await pruner.prune(olderThan: retention, limit: Self.batchLimit)
            pruned.increment(by: removed)
            return removed
        } catch {
            logger.warning("old rows cannot be pruned now", metadata: ["error": "\(error)"])
            return 0
        }
    }
}
