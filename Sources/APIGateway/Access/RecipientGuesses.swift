package import PaymentLinks

/// Bounds how many email addresses one caller can try on one restricted link.
///
/// The caller is an organization in one environment, or an address without a key. Only refusals for the recipient
/// count, so callers who race for a link never meet the bound. One caller's tries never hold up another caller.
package final class RecipientGuesses: Sendable {
    private struct Guesser: Hashable {
        let slug: Slug
        let subject: RateLimiter.Subject
    }

    /// So many tries at once, and then one a minute.
    package static let burst = 16
    private static let rate = RequestRate(burst: burst, thenEvery: .seconds(60))
    /// The most callers and links that are remembered at a time.
    private static let capacity = 10_000

    private let buckets = Buckets<Guesser>(limit: capacity)

    package init() {}

    /// Throws if the caller has used up its tries on the link.
    package func check(
        _ slug: Slug, by subject: RateLimiter.Subject?, at now: ContinuousClock.Instant = .now
    ) throws(Refusal) {
        guard let subject, buckets.isExhausted(Guesser(slug: slug, subject: subject), at: now) else { return }
        throw .tooManyRecipients
    }

    /// Counts a refusal for the recipient.
    package func count(
        _ slug: Slug, by subject: RateLimiter.Subject?, at now: ContinuousClock.Instant = .now
    ) {
        guard let subject else { return }
        let guesser = Guesser(slug: slug, subject: subject)
        _ = buckets.take(.init(subject: guesser, rate: Self.rate), and: nil, at: now)
    }
}
