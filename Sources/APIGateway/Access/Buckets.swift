import Synchronization

/// A bounded number of token buckets, one for each subject.
final class Buckets<Subject: Hashable & Sendable>: Sendable {
    /// A subject and its rate.
    struct Charge: Sendable {
        let subject: Subject
        let rate: RequestRate
    }

    private let limit: Int
    private let buckets = Mutex<[Subject: TokenBucket]>([:])

    /// - Parameter limit: the most buckets that are kept at a time.
    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { buckets.withLock { $0.count } }

    /// Takes a token for each charge, or none at all if one of the buckets is empty. Returns the decision that leaves
    /// the caller the least, and its rate.
    func take(
        _ first: Charge, and second: Charge?, at now: ContinuousClock.Instant
    ) -> (decision: TokenBucket.Decision, rate: RequestRate) {
        buckets.withLock { buckets in
            var one = bucket(first, in: buckets, at: now)
            let decision = one.take(at: now)
            guard let second, decision.isAllowed else {
                if decision.isAllowed { keep(one, of: first.subject, in: &buckets, at: now) }
                return (decision, first.rate)
            }
            var other = bucket(second, in: buckets, at: now)
            let limiting = other.take(at: now)
            guard limiting.isAllowed else { return (limiting, second.rate) }
            keep(one, of: first.subject, in: &buckets, at: now)
            keep(other, of: second.subject, in: &buckets, at: now)
            return limiting.remaining <= decision.remaining ? (limiting, second.rate) : (decision, first.rate)
        }
    }

    /// Takes up to `count` tokens for each charge, as many as every bucket holds, and returns how many.
    func take(upTo count: Int, _ first: Charge, and second: Charge?, at now: ContinuousClock.Instant) -> Int {
        buckets.withLock { buckets in
            var one = bucket(first, in: buckets, at: now)
            var other = second.map { bucket($0, in: buckets, at: now) }
            let granted = min(count, one.count(at: now), other?.count(at: now) ?? count)
            let taken = one.take(upTo: granted, at: now)
            keep(one, of: first.subject, in: &buckets, at: now)
            if let second, other != nil {
                _ = other?.take(upTo: taken, at: now)
                if let other { keep(other, of: second.subject, in: &buckets, at: now) }
            }
            return taken
        }
    }

    /// Whether the subject's next request would be refused; counts none.
    func isExhausted(_ subject: Subject, at now: ContinuousClock.Instant) -> Bool {
        buckets.withLock { $0[subject]?.isEmpty(at: now) ?? false }
    }

    private func bucket(
        _ charge: Charge, in buckets: [Subject: TokenBucket], at now: ContinuousClock.Instant
    ) -> TokenBucket {
        var bucket = buckets[charge.subject] ?? TokenBucket(charge.rate, at: now)
        if bucket.rate != charge.rate { bucket.change(to: charge.rate, at: now) }
        return bucket
    }

    private func keep(
        _ bucket: TokenBucket, of subject: Subject, in buckets: inout [Subject: TokenBucket],
        at now: ContinuousClock.Instant
    ) {
        if buckets.count >= limit, buckets[subject] == nil {
            // Full buckets say nothing.
            buckets.makeRoom(within: limit) { !$0.isFull(at: now) }
        }
        buckets[subject] = bucket
    }
}
