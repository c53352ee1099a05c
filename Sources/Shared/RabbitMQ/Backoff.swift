/// How long to wait before the next round of attempts: doubling, bounded, and jittered so that a fleet spreads out.
package struct Backoff {
    private let minimum: Duration
    private let maximum: Duration
    private var ceiling: Duration

    package init(minimum: Duration, maximum: Duration) {
        self.minimum = minimum
        self.maximum = max(minimum, maximum)
        ceiling = minimum
    }

    /// A pause between half the current ceiling and the ceiling; the ceiling then doubles up to the maximum.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let pause = ceiling * Double.random(in: 0.5...1, using: &generator)
        ceiling = min(ceiling * 2, maximum)
        return pause
    }

    /// Starts over, after a connection that proved itself.
    package mutating func reset() {
        ceiling = minimum
    }
}
