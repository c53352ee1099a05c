/// Requests that a caller may make: so many at once, and so many a second after that.
package struct RequestRate: Sendable, Hashable {
    /// The most that a bucket holds.
    package let burst: Int
    /// Tokens that come in a second.
    package let perSecond: Double

    /// A rate of at least 1 a second, whose burst is what a second brings or a larger number.
    package init(perSecond rate: Int, burst: Int = 1) {
        perSecond = Double(max(1, rate))
        self.burst = max(1, rate, burst)
    }

    /// A burst of at least 1, and then one request in each interval.
    package init(burst: Int, thenEvery interval: Duration) {
        self.burst = max(1, burst)
        perSecond = 1 / max(interval / .seconds(1), 0.001)
    }

    /// Seconds in which an empty bucket fills, rounded up.
    package var window: Int { max(1, Int((Double(burst) / perSecond).rounded(.up))) }
}

/// A bucket of tokens that fills at a rate; pure, on a clock that the caller passes in.
package struct TokenBucket: Sendable {
    /// The answer to one request.
    package struct Decision: Sendable, Hashable {
        package let isAllowed: Bool
        /// How many more requests the bucket holds now.
        package let remaining: Int
        /// How long until the bucket holds another request; zero while it does.
        package let wait: Duration
    }

    package private(set) var rate: RequestRate
    private var tokens: Double
    private var updated: ContinuousClock.Instant

    /// A full bucket.
    package init(_ rate: RequestRate, at now: ContinuousClock.Instant) {
        self.rate = rate
        tokens = Double(rate.burst)
        updated = now
    }

    /// Takes a token, if there is one.
    package mutating func take(at now: ContinuousClock.Instant) -> Decision {
        refill(at: now)
        let isAllowed = tokens >= 1
        if isAllowed { tokens -= 1 }
        let missing = max(0, 1 - tokens)
        return Decision(
            isAllowed: isAllowed, remaining: Int(tokens), wait: .seconds(missing / rate.perSecond))
    }

    /// Whether there is no token to take.
    package func isEmpty(at now: ContinuousClock.Instant) -> Bool { tokens + earned(until: now) < 1 }

    /// How many tokens there are.
    package func count(at now: ContinuousClock.Instant) -> Int {
        Int(min(Double(rate.burst), tokens + earned(until: now)))
    }

    /// Takes as many tokens as there are, at most `count`, and returns how many.
    package mutating func take(upTo count: Int, at now: ContinuousClock.Instant) -> Int {
        refill(at: now)
        let taken = min(count, Int(tokens))
        tokens -= Double(taken)
        return taken
    }

    /// Continues with another rate. Tokens beyond its burst are lost.
    package mutating func change(to rate: RequestRate, at now: ContinuousClock.Instant) {
        refill(at: now)
        self.rate = rate
        tokens = min(tokens, Double(rate.burst))
    }

    /// Whether nothing was taken for so long that a new bucket would be the same.
    package func isFull(at now: ContinuousClock.Instant) -> Bool {
        tokens + earned(until: now) >= Double(rate.burst)
    }

    private mutating func refill(at now: ContinuousClock.Instant) {
        tokens = min(Double(rate.burst), tokens + earned(until: now))
        updated = max(updated, now)
    }

    private func earned(until now: ContinuousClock.Instant) -> Double {
        max(0, (now - updated) / .seconds(1)) * rate.perSecond
    }
}
