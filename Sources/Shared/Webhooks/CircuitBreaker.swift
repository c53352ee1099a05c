/// Keeps away from an endpoint that fails again and again, and tries it gently after a while.
///
/// Closed, it lets everything pass. After some failures in a row it opens for a pause that doubles each time; then one
/// delivery is let through, whose outcome closes it or opens it again.
package struct CircuitBreaker: Sendable, Hashable {
    /// How many failures in a row open it.
    package static let failureLimit = 5
    package static let shortestPause = Duration.seconds(5)
    package static let longestPause = Duration.seconds(60)

    package enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant, pause: Duration)
        /// One delivery is under way to find out.
        case probing(pause: Duration)
    }

    package private(set) var state = State.closed(failures: 0)

    package init() {}

    /// Whether a delivery may start now.
    package func allows(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: true
        case .open(let until, _): now >= until
        case .probing: false
        }
    }

    /// Told when a delivery starts; only when `allows` said so.
    package mutating func started() {
        if case .open(_, let pause) = state { state = .probing(pause: pause) }
    }

    /// How long it still lets nothing pass; `nil` when something may pass, or is under way to find out.
    package func pause(at now: ContinuousClock.Instant) -> Duration? {
        if case .open(let until, _) = state, until > now { until - now } else { nil }
    }

    /// Called when a delivery that started was not attempted after all: another may find out.
    package mutating func abandoned(at now: ContinuousClock.Instant) {
        if case .probing(let pause) = state { state = .open(until: now, pause: pause) }
    }

    package mutating func succeeded() {
        state = .closed(failures: 0)
    }

    /// - Parameter pause: what the endpoint asked for; it opens the breaker at once, up to the longest pause.
    package mutating func failed(at now: ContinuousClock.Instant, askedFor pause: Duration? = nil) {
        if let pause, pause > .zero { return open(min(pause, Self.longestPause), at: now) }
        switch state {
        case .closed(let failures) where failures + 1 < Self.failureLimit: state = .closed(failures: failures + 1)
        case .closed: open(Self.shortestPause, at: now)
        case .probing(let pause): open(min(pause * 2, Self.longestPause), at: now)
        case .open: break
        }
    }

    private mutating func open(_ pause: Duration, at now: ContinuousClock.Instant) {
        state = .open(until: now + pause, pause: pause)
    }
}
