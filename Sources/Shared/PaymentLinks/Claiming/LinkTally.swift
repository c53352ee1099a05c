/// What a link remembers of the claims that did not win it.
package struct LinkTally: Hashable, Sendable {
    /// Refusals and replays that have a row of their own. It never decreases.
    package var storedAnswers: Int
    /// Claims that differed from the winner's while the link was CLAIMED, counted up to `ClaimLimits.differingClaims`.
    /// A new winner starts at 0.
    package var differingClaims: Int

    package init(storedAnswers: Int = 0, differingClaims: Int = 0) {
        self.storedAnswers = storedAnswers
        self.differingClaims = differingClaims
    }
}

/// Bounds on what callers can store and learn by claiming the same link again and again.
///
/// None of them closes a link: beyond a bound, the same answer is sent and not stored.
package enum ClaimLimits {
    /// For how long a claim without a key that equals the winner gets the winner's outcome.
    package static let replayWindow = Duration.seconds(15 * 60)
    /// After so many claims that differ from the winner, equal claims without a key get 409 as well.
    package static let differingClaims = 8
    /// Answers beside the winner's that one link stores for callers without an API key.
    package static let storedAnswers = 64
    /// The same for callers with an API key, so that anonymous callers cannot use up what is stored for them.
    package static let storedAnswersWithKey = 1024
    /// Answers that one batch stores for one slug without a link.
    static let storedAnswersWithoutLink = 8
}
