import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Sees the request to stop before every other service does, and holds the process to its deadline.
///
/// The group cancels what is still at work when the deadline passes. What does not even heed its cancellation is
/// left behind a little later: the process ends all the same, for whoever waits for it will kill it otherwise.
final class Drain: Service {
    /// How long cancelled work may take to return.
    private static let cancellationPatience = Duration.seconds(2)

    private let deadline: Duration
    private let readiness: Readiness
    private let logger: Logger
    private let began = Mutex<ContinuousClock.Instant?>(nil)

    init(deadline: Duration, readiness: Readiness, logger: Logger) {
        self.deadline = deadline
        self.readiness = readiness
        self.logger = logger
    }

    /// Whether work was still in hand when the deadline passed.
    var hasTimedOut: Bool {
        guard let began = began.withLock({ $0 }) else { return false }
        return ContinuousClock.now - began >= deadline
    }

    func run() async throws {
        // Throws when another service has failed and all are cancelled: then, too, the process must end.
        defer { endLater(than: deadline + Self.cancellationPatience) }
        try await gracefulShutdown()
        began.withLock { $0 = .now }
        readiness.beginDraining()
        logger.info("service stopping")
    }

    /// A thread, because the work that does not return may hold every cooperative one; it dies with the process.
    private func endLater(than delay: Duration) {
        Thread.detachNewThread { [logger] in
            Thread.sleep(forTimeInterval: delay / .seconds(1))
            logger.error("service did not stop in time")
            exit(ExitStatus.failure.rawValue)
        }
    }
}
