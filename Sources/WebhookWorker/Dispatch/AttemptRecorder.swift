import Consuming
import Logging
import Metrics
import PaymentLinks
import ServiceLifecycle
import Storage
import Synchronization

/// Writes attempts in batches: while one batch commits, the next gathers.
///
/// It holds no more than the board has let out: when the database is away, nothing new is leased.
final class AttemptRecorder: Service {
    /// The most attempts in one transaction.
    private static let batchLimit = 500
    /// Before attempts whose rows another session holds are tried again.
    private static let contentionPause = Duration.milliseconds(20)

    private let runner: BatchRunner<AttemptTransaction>
    private let logger: Logger
    private let attempts = Mutex<[AttemptRecord]>([])
    /// Those whose rows another session holds: one for each such row at most.
    private let postponed = Mutex<[AttemptRecord]>([])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let disabled = Counter(label: "paylinks_webhooks_disabled_total")

    init(store: AttemptStore, logger: Logger) {
        runner = BatchRunner(AttemptTransaction(store: store), kind: "attempt", logger: logger)
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ attempt: AttemptRecord) {
        attempts.withLock { $0.append(attempt) }
        signal.yield()
    }

    /// Writes until the service is asked to stop, which happens after the last attempt has ended.
    func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in signals {
                await writeAll()
                await takeUpPostponed()
            }
            await writeAll()
        } onGracefulShutdown: {
            self.signal.finish()
        }
    }

    /// Puts postponed attempts behind those that wait, after a moment in which their rows may come free.
    private func takeUpPostponed() async {
        guard postponed.withLock({ !$0.isEmpty }) else { return }
        try? await Task.sleep(for: Self.contentionPause)
        let list = postponed.withLock { list in
            defer { list = [] }
            return list
        }
        for attempt in list { add(attempt) }
    }

    private func writeAll() async {
        while true {
            let batch = attempts.withLock { attempts in
                let batch = Array(attempts.prefix(Self.batchLimit))
                attempts.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty, await write(batch) else { return }
        }
    }

    /// Writes the batch; false when the process is stopped before that.
    ///
    /// An attempt that the database refuses is dropped alone. Its delivery is attempted again when its lease ends.
    private func write(_ batch: [AttemptRecord]) async -> Bool {
        guard let outcome = await runner.run(batch) else { return false }
        let recorded = outcome.values
        postponed.withLock { $0 += recorded.flatMap(\.postponed) + outcome.postponed }
        report(recorded.flatMap(\.disabled))
        for failure in outcome.failed {
            logger.error(
                "an attempt cannot be recorded",
                metadata: ["delivery_id": "\(failure.item.lease.deliveryId)", "reason": "\(failure.reason)"])
        }
        return true
    }

    private func report(_ webhooks: [WebhookID]) {
        disabled.increment(by: webhooks.count)
        for id in webhooks { logger.info("webhook disabled", metadata: ["webhook_id": "\(id)"]) }
    }
}

private struct AttemptTransaction: BatchTransaction {
    let store: AttemptStore

    func run(_ attempts: [AttemptRecord], lockTimeout: Duration?) async throws(StorageError) -> AttemptStore.Recorded {
        try await store.record(attempts)
    }
}
