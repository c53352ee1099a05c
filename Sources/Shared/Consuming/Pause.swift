package import PaymentLinks
import ServiceLifecycle

/// Time, as a consumer needs it: a clock, and a wait that ends early when the process is to stop.
package struct Pause: Sendable {
    package let now: @Sendable () -> Timestamp
    /// Waits, and says whether it waited to the end; false: the process is to stop.
    package let wait: @Sendable (Duration) async -> Bool

    /// Made of any clock and any wait, so that tests need neither.
    package init(
        now: @escaping @Sendable () -> Timestamp, wait: @escaping @Sendable (Duration) async -> Bool
    ) {
        self.now = now
        self.wait = wait
    }

    /// The system's clock, and a wait that only the task's cancellation ends.
    package static let untilCancelled = Pause(now: { Timestamp.now() }) { duration in
        do {
            try await Task.sleep(for: duration)
            return true
        } catch {
            return false
        }
    }

    /// The system's clock, and a wait that the service's graceful shutdown ends.
    package static let real = Pause(now: { Timestamp.now() }) { duration in
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
            return true
        } catch {
            return false
        }
    }
}
