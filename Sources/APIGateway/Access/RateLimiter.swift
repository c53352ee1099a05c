package import PaymentLinks

/// Holds callers to their rates: each organization in each environment, each of its keys, each address without a key,
/// and each address that tries keys. It keeps a bounded number of buckets.
package final class RateLimiter: Sendable {
    /// A caller who has a share or a rate of its own.
    package enum Subject: Sendable, Hashable {
        /// All keys of an organization in one environment: keys cost nothing, so they share.
        case organization(OrganizationID, Environment)
        case key(KeyID)
        case address(IPAddress)
        /// The secrets from there that no key has.
        case unknownSecrets(IPAddress)
    }

    /// The rates of callers for whom no other rate is set, in requests a second.
    package struct Rates: Sendable {
        let perOrganization: RequestRate
        let perKey: RequestRate
        let perAddress: RequestRate

        /// What an address without a key may send at once, however low its rate is: a payer's page loads, claims, and
        /// polls, and several payers share an address.
        package static let addressBurst = 64

        package init(perOrganization: Int, perKey: Int, perAddress: Int) {
            self.perOrganization = RequestRate(perSecond: perOrganization)
            self.perKey = RequestRate(perSecond: perKey)
            self.perAddress = RequestRate(perSecond: perAddress, burst: Self.addressBurst)
        }
    }

    /// What a response says about the limit.
    package struct Verdict: Sendable, Hashable {
        package let decision: TokenBucket.Decision
        package let rate: RequestRate

        /// Seconds until another request may come, rounded up.
        package var secondsToWait: Int { max(1, Int((decision.wait / .seconds(1)).rounded(.up))) }
    }

    private let rates: Rates
    private let buckets: Buckets<Subject>

    /// - Parameter limit: the most buckets that are kept at a time.
    package init(_ rates: Rates, limit: Int = 100_000) {
        self.rates = rates
        buckets = Buckets(limit: limit)
    }

    package var count: Int { buckets.count }

    /// Counts a request against its subject and, if there is one, against the key that it came with.
    ///
    /// - Parameter key: the key, and its own rate in requests a second if it has one.
    package func admit(
        _ subject: Subject, by key: (id: KeyID, ownRate: Int?)? = nil, at now: ContinuousClock.Instant = .now
    ) -> Verdict {
        let (decision, rate) = buckets.take(charge(subject), and: charge(key), at: now)
        return Verdict(decision: decision, rate: rate)
    }

    /// Counts up to `count` further requests in the same way, and returns how many of them are allowed.
    package func admit(
        upTo count: Int, _ subject: Subject, by key: (id: KeyID, ownRate: Int?)? = nil,
        at now: ContinuousClock.Instant = .now
    ) -> Int {
        buckets.take(upTo: count, charge(subject), and: charge(key), at: now)
    }

    /// Whether the subject's next request would be refused; counts none.
    package func isExhausted(_ subject: Subject, at now: ContinuousClock.Instant = .now) -> Bool {
        buckets.isExhausted(subject, at: now)
    }

    private func charge(_ subject: Subject) -> Buckets<Subject>.Charge {
        .init(subject: subject, rate: rate(of: subject))
    }

    /// A key that may do no less than its whole organization needs no bucket.
    private func charge(_ key: (id: KeyID, ownRate: Int?)?) -> Buckets<Subject>.Charge? {
        guard let key else { return nil }
        let rate = key.ownRate.map { RequestRate(perSecond: $0) } ?? rates.perKey
        return rate.burst < rates.perOrganization.burst ? .init(subject: .key(key.id), rate: rate) : nil
    }

    private func rate(of subject: Subject) -> RequestRate {
        switch subject {
        case .organization: rates.perOrganization
        case .key: rates.perKey
        case .address, .unknownSecrets: rates.perAddress
        }
    }
}
