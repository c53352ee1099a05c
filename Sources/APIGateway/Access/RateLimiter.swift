package import PaymentLinks
import Synchronization

/// A token bucket for each key and, for callers without one, each address, and for those who try keys; a bounded number
/// of them.
package final class RateLimiter: Sendable {
    package enum Subject: Sendable, Hashable {
        case key(KeyID)
        case address(IPAddress)
        /// The secrets from there that no key has.
        case unknownSecrets(IPAddress)
    }

    /// What an answer says of the limit.
    package struct Verdict: Sendable, Hashable {
        package let decision: TokenBucket.Decision
        /// Requests a second.
        package let rate: Int

        /// Seconds until another request may come, rounded up.
        package var secondsToWait: Int { max(1, Int((decision.wait / .seconds(1)).rounded(.up))) }
    }

    private let ratePerKey: Int
    private let ratePerAddress: Int
    private let limit: Int
    private let buckets = Mutex<[Subject: TokenBucket]>([:])

    /// - Parameter limit: the most buckets that are kept at a time.
    package init(ratePerKey: Int, ratePerAddress: Int, limit: Int = 100_000) {
        self.ratePerKey = ratePerKey
        self.ratePerAddress = ratePerAddress
        self.limit = limit
    }

    /// Counts a request against its subject.
    ///
    /// - Parameter ownRate: the subject's own rate; without it, the rate of its kind.
    package func admit(
        _ subject: Subject, ownRate: Int? = nil, at now: ContinuousClock.Instant = .now
    ) -> Verdict {
        let rate = ownRate ?? rate(of: subject)
        let decision = withBucket(of: subject, rate: rate, at: now) { $0.take(at: now) }
        return Verdict(decision: decision, rate: rate)
    }

    /// Counts up to `count` further requests against the subject, and returns how many of them are allowed.
    package func admit(
        upTo count: Int, _ subject: Subject, ownRate: Int? = nil, at now: ContinuousClock.Instant = .now
    ) -> Int {
        withBucket(of: subject, rate: ownRate ?? rate(of: subject), at: now) { $0.take(upTo: count, at: now) }
    }

    /// Whether the subject's next request would be refused; counts none.
    package func isExhausted(_ subject: Subject, at now: ContinuousClock.Instant = .now) -> Bool {
        buckets.withLock { $0[subject]?.isEmpty(at: now) ?? false }
    }

    private func withBucket<Value>(
        of subject: Subject, rate: Int, at now: ContinuousClock.Instant, _ body: (inout TokenBucket) -> Value
    ) -> Value {
        buckets.withLock { buckets in
            if buckets[subject] == nil, buckets.count >= limit {
                // Full buckets say nothing.
                buckets.makeRoom(within: limit) { !$0.isFull(at: now) }
            }
            var bucket = buckets[subject] ?? TokenBucket(rate: rate, at: now)
            if bucket.rate != rate { bucket.change(rate: rate, at: now) }
            defer { buckets[subject] = bucket }
            return body(&bucket)
        }
    }

    package var count: Int { buckets.withLock { $0.count } }

    private func rate(of subject: Subject) -> Int {
        switch subject {
        case .key: ratePerKey
        case .address, .unknownSecrets: ratePerAddress
        }
    }
}
