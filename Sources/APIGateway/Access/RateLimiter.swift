package import PaymentLinks
import Synchronization

/// A token bucket for each key and, for callers without one, each address; a bounded number of them.
package final class RateLimiter: Sendable {
    package enum Subject: Sendable, Hashable {
        case key(KeyID)
        case address(IPAddress)
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
    package func admit(_ subject: Subject, at now: ContinuousClock.Instant = .now) -> Verdict {
        let rate = rate(of: subject)
        let decision = buckets.withLock { buckets in
            if buckets[subject] == nil, buckets.count >= limit { makeRoom(in: &buckets, at: now) }
            return buckets[subject, default: TokenBucket(rate: rate, at: now)].take(at: now)
        }
        return Verdict(decision: decision, rate: rate)
    }

    package var count: Int { buckets.withLock { $0.count } }

    private func rate(of subject: Subject) -> Int {
        switch subject {
        case .key: ratePerKey
        case .address: ratePerAddress
        }
    }

    /// Lets go of full buckets, which say nothing and, if that is too little, of half of the others.
    private func makeRoom(in buckets: inout [Subject: TokenBucket], at now: ContinuousClock.Instant) {
        buckets = buckets.filter { !$0.value.isFull(at: now) }
        guard buckets.count > limit / 2 else { return }
        for subject in buckets.keys.prefix(buckets.count / 2 + 1) { buckets[subject] = nil }
    }
}
