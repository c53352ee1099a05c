package import PaymentLinks
import ServiceLifecycle

/// Time, as this role needs it: a clock, and a wait that the process's stop cuts short.
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

    /// The system's clock and a real wait, to be used in the tasks of a service.
    package static let real = Pause(now: { Timestamp.now() }) { duration in
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
            return true
        } catch {
            return false
        }
    }
}
