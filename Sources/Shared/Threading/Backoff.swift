/// The pauses between attempts: each twice the one before, up to a limit, and shortened at random by up to
/// a half, so that a fleet does not return to its server in step.
package struct Backoff: Sendable {
    private let shortest: Duration
    private let longest: Duration
    private var next: Duration

    package init(shortest: Duration, longest: Duration) {
        self.shortest = shortest
        self.longest = max(shortest, longest)
        next = shortest
    }

    /// The pause to make now.
    package mutating func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { next = min(next * 2, longest) }
        return next * Double.random(in: 0.5...1, using: &generator)
    }

    /// Starts over, after a success.
    package mutating func reset() {
        next = shortest
    }
}
