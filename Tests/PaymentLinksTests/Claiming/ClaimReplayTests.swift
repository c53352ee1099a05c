import PaymentLinks
import Testing

@Suite("Claims that come more than once")
struct ClaimReplayTests {
    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]
    private static let state = Sample.state([Sample.link(1), Sample.link(2)], wallets)

    @Test("Of two payers of one link the first wins, and the other is told")
    func race() {
        let plan = Sample.decide([Sample.claim(1), Sample.claim(2)], on: Self.state)
        #expect(plan.codes == [nil, .linkAlreadyClaimed])
        #expect(plan.postings.count == 1 && plan.events.map(\.type) == [.linkClaimed, .linkSettled])
    }

    @Test("A claim that equals the winner, without a key, gets the winner's outcome and an alias")
    func equalWinner() {
        let plan = Sample.decide([Sample.claim(1), Sample.claim(2, digest: 1)], on: Self.state)
        #expect(plan.answers.map(\.isReplayed) == [false, true])
        #expect(plan.answers[0].outcome == plan.answers[1].outcome)
        #expect(plan.aliases.map(\.claimId) == [Sample.claim(2).claimId])
        #expect(plan.aliases.map(\.answeredBy) == [Sample.claim(1).claimId])
        #expect(plan.records.count == 1 && plan.postings.count == 1)
    }

    @Test("With a key of its own, an equal claim is another claim, and comes too late")
    func equalWithKey() {
        let plan = Sample.decide([Sample.claim(1), Sample.claim(2, digest: 1, key: 1)], on: Self.state)
        #expect(plan.codes == [nil, .linkAlreadyClaimed])
        #expect(plan.aliases.isEmpty)
    }

    @Test("A claim that equals another link's winner wins its own link")
    func equalElsewhere() {
        #expect(
            Sample.decide([Sample.claim(1), Sample.claim(2, on: 2, digest: 1)], on: Self.state).codes == [nil, nil])
    }

    @Test("A claim that equals a refused one is decided anew")
    func equalRefused() {
        let poor = Sample.state([Sample.link(1)], [Sample.wallet(Sample.payer), Sample.wallet(Sample.payee)])
        let plan = Sample.decide([Sample.claim(1), Sample.claim(2, digest: 1)], on: poor)
        #expect(plan.answers.map(\.isReplayed) == [false, false])
        #expect(plan.records.count == 2 && plan.aliases.isEmpty)
    }

    @Test("A key with the same request repeats the outcome, won or refused")
    func usedKey() {
        for state in [Self.state, Sample.state([Sample.link(status: .cancelled)], Self.wallets)] {
            let plan = Sample.decide([Sample.claim(1, key: 1), Sample.claim(2, digest: 1, key: 1)], on: state)
            #expect(plan.answers[0].outcome == plan.answers[1].outcome)
            #expect(plan.answers.map(\.isReplayed) == [false, true])
            #expect(plan.keys.count == 1 && plan.aliases.count == 1 && plan.records.count == 1)
        }
    }

    private static let readers: [(ClaimRequest.WalletAuthority?, learns: Bool)] = [
        (Sample.payerKey, true), (Sample.authority(scope: [Sample.payer]), true), (nil, false),
        (Sample.authority(of: Sample.stranger), false), (Sample.authority(.production), false),
        (Sample.authority(scope: [Sample.payee]), false), (Sample.authority(readsBalances: false), false),
    ]

    @Test("A repeated refusal tells a wallet's balance only to whoever has authority over it", arguments: readers)
    func balanceOnReplay(reader: (authority: ClaimRequest.WalletAuthority?, learns: Bool)) throws {
        let wallets = [
            Sample.wallet(Sample.payer, available: 14_999, allowsPublicClaims: true), Sample.wallet(Sample.payee),
        ]
        let state = Sample.state([Sample.link()], wallets)
        let again = Sample.claim(2, authority: reader.authority, digest: 1, key: 1)
        let plan = Sample.decide([Sample.claim(1, key: 1), again], on: state)
        let refusals = plan.answers.compactMap(\.outcome.refusal)
        #expect(refusals.map(\.code) == [.insufficientFunds, .insufficientFunds])
        #expect(plan.answers.map(\.isReplayed) == [false, true])
        #expect(refusals.map { $0.details?["balance"] } == ["149.99", reader.learns ? "149.99" : nil])
        #expect(refusals.allSatisfy { $0.details?["requested"] == "150.00" && $0.details?["walletId"] != nil })
        #expect(plan.records.map(\.outcome.refusal?.details?["balance"]) == ["149.99"])
        var later = state
        let earlier = ClaimSnapshot(
            id: Sample.claim(1).claimId, slug: Sample.slug(1), linkId: LinkID(bits: 1), method: .wallet,
            status: .refused, outcome: plan.answers[0].outcome, digest: Sample.digest(1))
        later.claims = [earlier.id: earlier]
        later.aliases = [again.claimId: earlier.id]
        let redelivered = try #require(Sample.decide([again], on: later).answers.first)
        #expect(redelivered.outcome == plan.answers[1].outcome && redelivered.isReplayed)
    }

    @Test("A key with another request is refused, and the first request keeps it")
    func reusedKey() {
        let claims = [
            Sample.claim(1, key: 1), Sample.claim(2, on: 2, digest: 9, key: 1), Sample.claim(3, digest: 1, key: 1),
        ]
        let plan = Sample.decide(claims, on: Self.state)
        #expect(plan.codes == [nil, .idempotencyKeyReuse, nil])
        #expect(plan.answers.map(\.isReplayed) == [false, false, true])
        #expect(plan.keys.map(\.claimId) == [claims[0].claimId])
    }

    @Test("Fifty equal requests have one effect and fifty equal answers", arguments: [nil, 1])
    func fifty(key: Int?) {
        let plan = Sample.decide((1...50).map { Sample.claim($0, digest: 1, key: key) }, on: Self.state)
        #expect(Set(plan.answers.map(\.outcome)).count == 1)
        #expect(plan.codes.allSatisfy { $0 == nil })
        #expect(plan.postings.count == 1 && plan.events.count == 2 && plan.records.count == 1)
        #expect(plan.aliases.count == 49)
    }

    @Test("A message that is delivered twice in one batch is answered twice and done once")
    func twiceInABatch() {
        let plan = Sample.decide([Sample.claim(1), Sample.claim(1)], on: Self.state)
        #expect(plan.answers.map(\.isReplayed) == [false, false])
        #expect(plan.answers[0].outcome == plan.answers[1].outcome)
        #expect(plan.records.count == 1 && plan.aliases.isEmpty && plan.postings.count == 1)
    }

    @Test("A redelivered claim is answered as it was decided, wherever its settlement has got to")
    func redelivered() throws {
        let first = Sample.decide([Sample.claim(1, by: Sample.ach)], on: Self.state)
        let outcome = try #require(first.answers.first).outcome
        let failed = ClaimSnapshot(
            id: Sample.claim(1).claimId, slug: Sample.slug(1), linkId: LinkID(bits: 1), method: .ach, status: .failed,
            outcome: outcome, digest: Sample.digest(1))
        let reopened = Sample.state([Sample.link(1)], Self.wallets, claims: [failed])
        let plan = Sample.decide([Sample.claim(1, by: Sample.ach)], on: reopened)
        #expect(plan.isEmpty)
        #expect(plan.answers.map(\.outcome) == [outcome])
    }

    @Test("A redelivered alias is answered by the claim that answered it, as a replay")
    func redeliveredAlias() throws {
        let first = Sample.decide([Sample.claim(1), Sample.claim(2, digest: 1)], on: Self.state)
        let outcome = try #require(first.answers.first).outcome
        let winner = ClaimSnapshot(
            id: Sample.claim(1).claimId, slug: Sample.slug(1), linkId: LinkID(bits: 1), method: .wallet,
            status: .settled, outcome: outcome, digest: Sample.digest(1))
        var state = Sample.state([Sample.link(status: .claimed, winner: winner.id)], Self.wallets, claims: [winner])
        state.aliases = [Sample.claim(2).claimId: winner.id]
        let plan = Sample.decide([Sample.claim(2, digest: 1)], on: state)
        #expect(plan.isEmpty)
        #expect(plan.answers.map(\.outcome) == [outcome])
        #expect(plan.answers.map(\.isReplayed) == [true])
    }
}
