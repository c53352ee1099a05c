import PaymentLinks
import Storage

/// The rate of one caller, for work that counts as more than the request itself.
package struct RateMeter: Sendable {
    private let limiter: RateLimiter
    /// Who is held to a share: the key's organization in its environment, or the address without a key.
    package let subject: RateLimiter.Subject
    private let key: (id: KeyID, ownRate: Int?)?

    /// The rate of a key, and of all keys of its organization and environment together.
    init(_ limiter: RateLimiter, _ key: APIKey) {
        self.limiter = limiter
        subject = .organization(key.organizationId, key.environment)
        self.key = (key.id, key.grant.rateLimit)
    }

    /// The rate of callers without a key at an address.
    init(_ limiter: RateLimiter, _ address: IPAddress) {
        self.limiter = limiter
        subject = .address(address.subscriber)
        key = nil
    }

    /// Counts one request.
    package func admit() -> RateLimiter.Verdict { limiter.admit(subject, by: key) }

    /// Counts up to `count` requests, and returns how many of them are allowed.
    package func take(upTo count: Int) -> Int { limiter.admit(upTo: count, subject, by: key) }
}
