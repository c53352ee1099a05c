/// What may be sent again when no answer came.
package enum Repetition: Sendable, Hashable {
    /// Repeating it changes nothing.
    case always
    /// It carries an idempotency key, so it is done once.
    case keyed
    /// Only what was refused at the door, with nothing begun, is sent again.
    case refusedOnly
}

/// Decides whether to send a request again, and when; pure.
package struct RetryPolicy: Sendable {
    /// How long the first pause is at most; each further one is twice as long, up to the longest.
    static let firstPause = Duration.milliseconds(250)
    static let longestPause = Duration.seconds(8)
    /// A server that asks for more patience than this is not waited for.
    static let longestRetryAfter = Duration.seconds(60)
    /// Codes of answers that began nothing.
    static let refusedAtTheDoor: Set = ["RATE_LIMIT_EXCEEDED", "OVERLOADED"]

    package let maxRetries: Int

    package init(maxRetries: Int) {
        self.maxRetries = maxRetries
    }

    /// The pause before the next try; nil when there is none.
    ///
    /// - Parameters:
    ///   - attempt: How many tries there were, the first counted as 0.
    ///   - chance: From 0 to 1. Pauses vary in full, so that many who failed together do not come back together.
    package func pause(
        after error: PaylinksError, _ repetition: Repetition, attempt: Int, chance: Double
    ) -> Duration? {
        guard attempt < maxRetries, mayRepeat(after: error, repetition) else { return nil }
        let ceiling = min(Self.longestPause, Self.firstPause * (1 << min(attempt, 16)))
        return (error.refusal?.retryAfter ?? .zero) + ceiling * chance
    }

    private func mayRepeat(after error: PaylinksError, _ repetition: Repetition) -> Bool {
        switch error {
        case .noAnswer, .timedOut: repetition != .refusedOnly
        case .unreadable, .cancelled: false
        case .refused(let refusal): mayRepeat(after: refusal, repetition)
        }
    }

    /// Whether what was refused so may be sent again.
    func mayRepeat(after refusal: Refusal, _ repetition: Repetition) -> Bool {
        if let wait = refusal.retryAfter, wait > Self.longestRetryAfter { return false }
        if Self.refusedAtTheDoor.contains(refusal.code) { return true }
        // Whether anything began before a 429 that is not the API's own, such as a proxy's, is not known.
        return repetition != .refusedOnly && (refusal.leavesUnknown || refusal.status == 429)
    }
}
