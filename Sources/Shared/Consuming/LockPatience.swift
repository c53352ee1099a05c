import Synchronization

/// How long the batches of a worker wait for rows that other transactions have locked.
///
/// A first wait is long, because other batches release their locks soon. After a wait that failed, a session may hold
/// its locks for minutes. The next batches then wait a short time only, so that jobs without such rows go on.
final class LockPatience: Sendable {
    private static let short = Duration.milliseconds(100)
    private static let shortPeriod = Duration.seconds(5)

    private let shortUntil = Mutex<ContinuousClock.Instant?>(nil)

    /// How long the next transaction waits for locks; `nil`: as long as its connection's setting says.
    var timeout: Duration? {
        shortUntil.withLock { $0.map { ContinuousClock.now < $0 } == true ? Self.short : nil }
    }

    /// Notes that a transaction waited for a lock and did not get it.
    func timedOut() {
        shortUntil.withLock { $0 = .now + Self.shortPeriod }
    }
}
