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

/// How long to wait before the next attempt: doubling, bounded, and jittered so that a fleet spreads out.
package struct RetryDelay: Sendable {
    package static let shortest = Duration.milliseconds(100)
    package static let longest = Duration.seconds(5)

    private var ceiling = shortest

    package init() {}

    /// A delay between half the ceiling and the ceiling, which then doubles.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { ceiling = min(ceiling * 2, Self.longest) }
        return ceiling * Double.random(in: 0.5...1, using: &generator)
    }
}
