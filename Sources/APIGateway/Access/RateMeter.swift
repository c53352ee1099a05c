import PaymentLinks

/// The rate of one caller, for those who count more than the request itself.
package struct RateMeter: Sendable {
    private let limiter: RateLimiter
    package let subject: RateLimiter.Subject
    private let ownRate: Int?

    /// - Parameter ownRate: the caller's own rate; without it, the rate of its kind.
    package init(_ limiter: RateLimiter, _ subject: RateLimiter.Subject, ownRate: Int?) {
        self.limiter = limiter
        self.subject = subject
        self.ownRate = ownRate
    }

    /// Counts one request.
    package func admit() -> RateLimiter.Verdict { limiter.admit(subject, ownRate: ownRate) }

    /// Counts up to `count` requests, and returns how many of them are allowed.
    package func take(upTo count: Int) -> Int { limiter.admit(upTo: count, subject, ownRate: ownRate) }
}
