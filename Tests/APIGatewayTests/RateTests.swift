import APIGateway
import PaymentLinks
import Storage
import Testing

@Suite("Rates")
struct RateTests {
    private typealias Subject = RateLimiter.Subject
    private let start = ContinuousClock.now
    private let organization = Subject.organization(OrganizationID(bits: 1), .sandbox)
    private let keys = [KeyID(bits: 1), KeyID(bits: 2)]

    private static func limiter(organization: Int = 100, key: Int = 100, address: Int = 1, limit: Int = 100)
        -> RateLimiter
    {
        RateLimiter(.init(perOrganization: organization, perKey: key, perAddress: address), limit: limit)
    }

    @Test func `A bucket gives its store at once and then its rate`() {
        var bucket = TokenBucket(RequestRate(perSecond: 4), at: start)
        #expect((0..<5).map { _ in bucket.take(at: start).isAllowed } == [true, true, true, true, false])
        #expect(bucket.take(at: start).wait == .milliseconds(250))
        #expect(bucket.take(at: start + .milliseconds(249)).isAllowed == false)
        #expect(bucket.take(at: start + .milliseconds(251)).isAllowed)
        #expect(bucket.take(at: start + .seconds(100)).remaining == 3)
        #expect(bucket.take(at: start).remaining == 2, "a clock that goes back brings nothing")
    }

    @Test func `A burst may be larger than a second's rate, and a rate lower than one a second`() {
        var slow = TokenBucket(RequestRate(burst: 2, thenEvery: .seconds(60)), at: start)
        #expect((0..<3).map { _ in slow.take(at: start).isAllowed } == [true, true, false])
        #expect(slow.isEmpty(at: start + .seconds(59)) && !slow.isEmpty(at: start + .seconds(61)))
        #expect(slow.count(at: start + .seconds(1_000)) == 2)
        #expect(RequestRate(perSecond: 3, burst: 64).window == 22)
        #expect(RequestRate(perSecond: 100, burst: 64).burst == 100 && RequestRate(perSecond: 100).window == 1)
    }

    @Test func `Subjects have buckets of their own, and a bounded number of them`() {
        let limiter = Self.limiter(organization: 1, limit: 10)
        #expect(limiter.admit(organization, at: start).decision.isAllowed)
        #expect(!limiter.admit(organization, at: start).decision.isAllowed)
        for number in 0..<100 {
            #expect(limiter.admit(.address(IPAddress(bits: UInt128(number))), at: start).decision.isAllowed)
            #expect(limiter.count <= 10)
        }
        #expect(limiter.admit(organization, at: start + .seconds(2)).decision.isAllowed)
    }

    @Test func `The keys of an organization share its rate, in each environment of its own`() {
        let limiter = Self.limiter(organization: 10, key: 10)
        func admitted(_ subject: Subject, _ key: KeyID) -> Int {
            (0..<20).count { _ in limiter.admit(subject, by: (key, nil), at: start).decision.isAllowed }
        }
        #expect(admitted(organization, keys[0]) == 10)
        #expect(admitted(organization, keys[1]) == 0, "another key brings nothing")
        #expect(admitted(.organization(OrganizationID(bits: 1), .production), keys[1]) == 10)
        #expect(admitted(.organization(OrganizationID(bits: 2), .sandbox), keys[0]) == 10)
        #expect(limiter.admit(upTo: 5, organization, by: (keys[1], nil), at: start + .milliseconds(300)) == 3)
    }

    @Test func `A key's own rate holds it below its organization's, and takes nothing where it refuses`() {
        let limiter = Self.limiter(organization: 10, key: 100)
        let slow = (id: keys[0], ownRate: Optional(3))
        let verdicts = (0..<9).map { _ in limiter.admit(organization, by: slow, at: start) }
        #expect(verdicts.map(\.decision.remaining) == [2, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(verdicts.allSatisfy { $0.rate.burst == 3 })
        #expect(limiter.admit(upTo: 20, organization, by: (keys[1], nil), at: start) == 7)
        #expect(limiter.admit(organization, by: (keys[1], nil), at: start).rate.burst == 10)
    }

    @Test func `A key's own rate is its rate, from the moment that it changes`() {
        let limiter = Self.limiter()
        func admit(_ rate: Int?, after seconds: Int) -> RateLimiter.Verdict {
            limiter.admit(organization, by: (keys[0], rate), at: start + .seconds(seconds))
        }
        #expect((0..<5).count { _ in admit(3, after: 0).decision.isAllowed } == 3)
        #expect(admit(10, after: 1).decision.remaining == 2)
        #expect(admit(nil, after: 2).rate.burst == 100)
        #expect(admit(1, after: 3).decision.remaining == 0)
    }

    @Test func `Many are taken at once, as far as there are any`() {
        let limiter = Self.limiter(organization: 10)
        #expect(limiter.admit(upTo: 4, organization, at: start) == 4)
        #expect(limiter.admit(upTo: 10, organization, at: start) == 6)
        #expect(limiter.admit(upTo: 10, organization, at: start) == 0)
        #expect(limiter.admit(upTo: 10, organization, at: start + .milliseconds(500)) == 5)
    }

    @Test func `An address without a key has a burst of 64, however low its rate`() {
        let limiter = Self.limiter(address: 2)
        let address = Subject.address(IPAddress(bits: 1))
        #expect((0..<100).count { _ in limiter.admit(address, at: start).decision.isAllowed } == 64)
        #expect(limiter.isExhausted(address, at: start))
        #expect(!limiter.isExhausted(address, at: start + .milliseconds(500)))
        #expect((0..<9).count { _ in limiter.admit(address, at: start + .seconds(1)).decision.isAllowed } == 2)
    }

    @Test func `No caller has more than half of the places for requests`() {
        let shares = InFlightShares(limit: 4)
        let other = Subject.address(IPAddress(bits: 1))
        #expect((0..<3).map { _ in shares.enter(organization) } == [true, true, false])
        #expect((0..<3).map { _ in shares.enter(other) } == [true, true, false])
        #expect(shares.enter(nil), "a caller who is not limited")
        shares.leave(organization)
        #expect(!shares.enter(other) && shares.enter(organization))
    }

    @Test func `One caller's tries for a recipient are bounded for each link, and hold up no other caller`() throws {
        let guesses = RecipientGuesses()
        let (slug, other) = (try #require(Slug("0123456789abcdefghjk")), try #require(Slug("00000000000000000000")))
        for _ in 0..<RecipientGuesses.burst {
            try guesses.check(slug, by: organization, at: start)
            guesses.count(slug, by: organization, at: start)
        }
        #expect(throws: Refusal.self) { try guesses.check(slug, by: organization, at: start + .seconds(59)) }
        try guesses.check(slug, by: organization, at: start + .seconds(61))
        try guesses.check(other, by: organization, at: start)
        try guesses.check(slug, by: .address(IPAddress(bits: 1)), at: start)
    }
}
