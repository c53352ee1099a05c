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
    private static let faultPause = Duration.milliseconds(500)
    /// Before attempts whose rows another session holds are tried again.
    private static let contentionPause = Duration.milliseconds(20)

    private let store: AttemptStore
    private let logger: Logger
    private let attempts = Mutex<[AttemptRecord]>([])
    /// Those whose rows another session holds: one for each such row at most.
    private let postponed = Mutex<[AttemptRecord]>([])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let disabled = Counter(label: "paylinks_webhooks_disabled_total")

    init(store: AttemptStore, logger: Logger) {
        self.store = store
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

    /// Writes the batch, again and again until the database takes it; false when the process has to give up.
    private func write(_ batch: [AttemptRecord]) async -> Bool {
        while true {
            do {
                let recorded = try await store.record(batch)
                postponed.withLock { $0 += recorded.postponed }
                report(recorded.disabled)
                return true
            } catch {
                if error.blamesTheData { return await halve(batch, after: error) }
                logger.warning(
                    "attempts cannot be recorded now", metadata: ["count": "\(batch.count)", "error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.faultPause) } catch { return false }
        }
    }

    /// One attempt that cannot be recorded takes no other with it. Its delivery is attempted again when its lease ends.
    private func halve(_ batch: [AttemptRecord], after error: StorageError) async -> Bool {
        if batch.count == 1, let attempt = batch.first {
            logger.error(
                "an attempt cannot be recorded",
                metadata: ["delivery_id": "\(attempt.lease.deliveryId)", "error": "\(error)"])
            return true
        }
        let middle = batch.count / 2
        guard await write(Array(batch[..<middle])) else { return false }
        return await write(Array(batch[middle...]))
    }

    private func report(_ webhooks: [WebhookID]) {
        disabled.increment(by: webhooks.count)
        for id in webhooks { logger.info("webhook disabled", metadata: ["webhook_id": "\(id)"]) }
    }
}
