package import Logging
import Metrics
import Storage
import Threading

/// Runs batches in transactions, and finds the items that cannot be done.
///
/// - A fault of the database (a lost connection, a failover, a missing migration) is retried with back-off. The items
///   stay in hand, so an outage does not use up their deliveries.
/// - A fault of the data halves the batch until the item at fault is alone. Only that item fails.
/// - An item whose rows another session has locked is postponed, and the others go on.
package struct BatchRunner<Transaction: BatchTransaction>: Sendable {
    package typealias Item = Transaction.Item

    package struct Outcome: Sendable {
        /// What the committed transactions returned.
        package var values: [Transaction.Value] = []
        package var failed: [Failure] = []
        /// Items that were not done, because another session has locked their rows.
        package var postponed: [Item] = []

        fileprivate mutating func append(_ other: Outcome) {
            values += other.values
            failed += other.failed
            postponed += other.postponed
        }
    }

    /// An item that the database refuses, and why, in words that hold no values.
    package struct Failure: Sendable {
        package let item: Item
        package let reason: String
    }

    /// How often a batch that met another's row of the same key is tried again before it is halved.
    private static var collisionLimit: Int { 3 }
    /// How often a batch waits for locks that it cannot attribute to its items before it is halved.
    private static var lockTimeoutLimit: Int { 2 }
    private static var backoff: Backoff { Backoff(shortest: .milliseconds(50), longest: .seconds(2)) }

    private let transaction: Transaction
    private let kind: String
    private let attemptsAlone: Int
    private let patience = LockPatience()
    private let logger: Logger
    private let retries: Counter

    /// - Parameters:
    ///   - kind: the name of the items in metrics and logs.
    ///   - attemptsAlone: how often an item by itself is tried before it fails.
    package init(_ transaction: Transaction, kind: String, attemptsAlone: Int = 1, logger: Logger) {
        self.transaction = transaction
        self.kind = kind
        self.attemptsAlone = attemptsAlone
        self.logger = logger
        retries = Counter(label: "paylinks_batch_retries_total", dimensions: [("kind", kind)])
    }

    /// Runs all items, at most `limit` in a transaction; `nil` when the task was cancelled before the end.
    package func run(_ items: [Item], atMost limit: Int = .max) async -> Outcome? {
        var outcome = Outcome()
        for start in stride(from: 0, to: items.count, by: min(limit, max(1, items.count))) {
            guard let part = await run(Array(items[start...].prefix(limit))) else { return nil }
            outcome.append(part)
        }
        return outcome
    }

    private func run(_ items: [Item]) async -> Outcome? {
        guard !items.isEmpty else { return Outcome() }
        var attempt = Attempt(isAlone: items.count == 1, attemptsAlone: attemptsAlone)
        while !Task.isCancelled {
            do throws(StorageError) {
                return Outcome(values: [try await transaction.run(items, lockTimeout: patience.timeout)])
            } catch {
                switch await step(after: error, items, &attempt) {
                case .retry: break
                case .rest: guard await attempt.rest() else { return nil }
                case .halve: return await halve(items, after: error)
                case .postpone(let locked): return await postpone(locked, of: items)
                }
            }
            retries.increment()
        }
        return nil
    }

    private enum Step {
        case retry, rest, halve
        case postpone(Set<Int>)
    }

    private func step(after error: StorageError, _ items: [Item], _ attempt: inout Attempt) async -> Step {
        if error.isLockTimeout { return await step(afterLockTimeout: error, items, &attempt) }
        if error.isUniqueViolation, attempt.collides(atMost: Self.collisionLimit) { return .retry }
        if error.blamesTheData { return attempt.failsAlone() ? .halve : .retry }
        report(error, items.count)
        return .rest
    }

    private func step(
        afterLockTimeout error: StorageError, _ items: [Item], _ attempt: inout Attempt
    ) async -> Step {
        patience.timedOut()
        do throws(StorageError) {
            let locked = try await transaction.locked(items)
            if !locked.isEmpty { return .postpone(locked) }
            return attempt.timesOut(atMost: Self.lockTimeoutLimit) ? .retry : .halve
        } catch {
            report(error, items.count)
            return .rest
        }
    }

    private func report(_ error: StorageError, _ count: Int) {
        logger.warning(
            "batch waits for the database",
            metadata: ["kind": "\(kind)", "count": "\(count)", "error": "\(error)"])
    }

    private func postpone(_ locked: Set<Int>, of items: [Item]) async -> Outcome? {
        let free = items.indices.filter { !locked.contains($0) }.map { items[$0] }
        var outcome = await run(free)
        outcome?.postponed += items.indices.filter(locked.contains).map { items[$0] }
        return outcome
    }

    private func halve(_ items: [Item], after error: StorageError) async -> Outcome? {
        if items.count == 1, let item = items.first {
            return error.isLockTimeout
                ? Outcome(postponed: [item]) : Outcome(failed: [Failure(item: item, reason: error.reason)])
        }
        let middle = items.count / 2
        guard var outcome = await run(Array(items[..<middle])), let rest = await run(Array(items[middle...])) else {
            return nil
        }
        outcome.append(rest)
        return outcome
    }

    /// What has happened to one batch so far.
    private struct Attempt {
        let isAlone: Bool
        let attemptsAlone: Int
        private var failures = 0
        private var collisions = 0
        private var lockTimeouts = 0
        private var backoff = BatchRunner.backoff

        init(isAlone: Bool, attemptsAlone: Int) {
            self.isAlone = isAlone
            self.attemptsAlone = attemptsAlone
        }

        mutating func collides(atMost limit: Int) -> Bool {
            collisions += 1
            return collisions <= limit
        }

        mutating func timesOut(atMost limit: Int) -> Bool {
            lockTimeouts += 1
            return lockTimeouts < limit
        }

        /// Whether a batch is halved, or an item by itself fails, after a fault of the data.
        mutating func failsAlone() -> Bool {
            failures += 1
            return !isAlone || failures >= attemptsAlone
        }

        /// False when the task was cancelled.
        mutating func rest() async -> Bool {
            var generator = SystemRandomNumberGenerator()
            do {
                try await Task.sleep(for: backoff.pause(using: &generator))
                return true
            } catch {
                return false
            }
        }
    }
}

extension StorageError {
    /// The cause in words that hold no values.
    fileprivate var reason: String {
        switch self {
        case .database(let error): "database: \(error)"
        case .unreadable(let text): "unreadable row: \(text)"
        }
    }
}
