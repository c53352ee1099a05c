/// So many requests a second, with as much in store as a second brings; pure, on a clock that is handed in.
package struct TokenBucket: Sendable {
    /// What one request was told.
    package struct Decision: Sendable, Hashable {
        package let isAllowed: Bool
        /// How many more requests the bucket holds now.
        package let remaining: Int
        /// How long until the bucket holds another request; zero while it does.
        package let wait: Duration
    }

    /// Tokens that come in a second, and the most that the bucket holds.
    package private(set) var rate: Int
    private var tokens: Double
    private var updated: ContinuousClock.Instant

    /// A full bucket. The rate is at least 1.
    package init(rate: Int, at now: ContinuousClock.Instant) {
        self.rate = max(1, rate)
        tokens = Double(self.rate)
        updated = now
    }

    /// Takes a token, if there is one.
    package mutating func take(at now: ContinuousClock.Instant) -> Decision {
        refill(at: now)
        let isAllowed = tokens >= 1
        if isAllowed { tokens -= 1 }
        let missing = max(0, 1 - tokens)
        return Decision(
            isAllowed: isAllowed, remaining: Int(tokens), wait: .seconds(missing / Double(rate)))
    }

    /// Whether there is no token to take.
    package func isEmpty(at now: ContinuousClock.Instant) -> Bool { tokens + earned(until: now) < 1 }

    /// Takes as many tokens as there are, at most `count`, and returns how many.
    package mutating func take(upTo count: Int, at now: ContinuousClock.Instant) -> Int {
        refill(at: now)
        let taken = min(count, Int(tokens))
        tokens -= Double(taken)
        return taken
    }

    /// Goes on with another rate; what is in the bucket beyond it is lost.
    package mutating func change(rate: Int, at now: ContinuousClock.Instant) {
        refill(at: now)
        self.rate = max(1, rate)
        tokens = min(tokens, Double(self.rate))
    }

    /// Whether nothing was taken for so long that a new bucket would be the same.
    package func isFull(at now: ContinuousClock.Instant) -> Bool {
        tokens + earned(until: now) >= Double(rate)
    }

    private mutating func refill(at now: ContinuousClock.Instant) {
        tokens = min(Double(rate), tokens + earned(until: now))
        updated = max(updated, now)
    }

    private func earned(until now: ContinuousClock.Instant) -> Double {
        max(0, (now - updated) / .seconds(1)) * Double(rate)
    }
}
