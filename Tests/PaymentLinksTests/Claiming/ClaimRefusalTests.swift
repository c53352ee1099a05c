import PaymentLinks
import Testing

@Suite("What a claim is refused for")
struct ClaimRefusalTests {
    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]
    private static let listed = Sample.email("Payer@Example.com")
    private static let unlisted = Sample.email("other@example.com")

    private static let lifecycles: [(LinkStatus, expiresAt: Timestamp?, ErrorCode?)] = [
        (.active, nil, nil), (.active, Sample.later, nil), (.claimed, nil, .linkAlreadyClaimed),
        (.cancelled, nil, .linkCancelled), (.expired, Sample.now, .linkExpired),
        (.active, Sample.now.advanced(by: .microseconds(1)), nil),
        (.active, Sample.now, .linkExpired), (.active, Sample.now.advanced(by: .microseconds(-1)), .linkExpired),
        (.claimed, Sample.now.advanced(by: .seconds(-1)), .linkAlreadyClaimed),
    ]

    @Test("Only an ACTIVE link whose time has not come can be claimed, by any method", arguments: lifecycles)
    func lifecycle(row: (LinkStatus, expiresAt: Timestamp?, ErrorCode?)) {
        let winner = row.0 == .claimed ? ClaimID(bits: 5) : nil
        let link = Sample.link(status: row.0, expiresAt: row.expiresAt, winner: winner)
        for payer in [Sample.ach, Sample.usdc, .wallet(Sample.payer)] {
            #expect(Sample.decide([Sample.claim(by: payer)], on: Sample.state([link], Self.wallets)).codes == [row.2])
        }
    }

    private static let recipients: [(emails: Bool, wallets: Bool, EmailAddress?, ClaimRequest.Payer, isAllowed: Bool)] =
        [
            (false, false, nil, Sample.ach, true),
            (true, false, nil, Sample.ach, false),
            (true, false, unlisted, Sample.ach, false),
            (true, false, Sample.email("pAYER@eXAMPLE.COM"), Sample.ach, true),
            (false, true, listed, Sample.ach, false),
            (false, true, listed, Sample.usdc, false),
            (false, true, nil, .wallet(WalletID(bits: 12)), false),
            (false, true, nil, .wallet(Sample.payer), true),
            (true, true, listed, .wallet(WalletID(bits: 12)), false),
            (true, true, unlisted, .wallet(Sample.payer), false),
            (true, true, listed, Sample.ach, false),
            (true, true, listed, .wallet(Sample.payer), true),
        ]

    @Test("Restrictions hold, and both where both are given", arguments: recipients)
    func restrictions(row: (emails: Bool, wallets: Bool, EmailAddress?, ClaimRequest.Payer, isAllowed: Bool)) {
        let restrictions = RecipientRestrictions(
            emails: row.emails ? [Self.listed] : [], walletIds: row.wallets ? [Sample.payer] : [])
        let state = Sample.state(
            [Sample.link(restrictions: restrictions)],
            Self.wallets + [Sample.wallet(WalletID(bits: 12), available: 100_000)])
        let plan = Sample.decide([Sample.claim(by: row.3, email: row.2)], on: state)
        #expect(plan.codes == [row.isAllowed ? nil : .recipientNotAllowed])
    }

    private static let authorities: [(ClaimRequest.WalletAuthority?, isPublic: Bool, isAllowed: Bool)] = [
        (nil, false, false), (nil, true, true),
        (Sample.authority(), false, true),
        (Sample.authority(of: Sample.stranger), false, false), (Sample.authority(of: Sample.stranger), true, true),
        (Sample.authority(.production), false, false),
        (Sample.authority(scope: [Sample.payer]), false, true), (Sample.authority(scope: [Sample.payee]), false, false),
        (Sample.authority(scope: []), false, false), (Sample.authority(scope: []), true, true),
    ]

    @Test("A wallet is spent from by its organization's key, or by anyone if its owner said so", arguments: authorities)
    func authority(row: (ClaimRequest.WalletAuthority?, isPublic: Bool, isAllowed: Bool)) {
        let payer = Sample.wallet(Sample.payer, available: 100_000, allowsPublicClaims: row.isPublic)
        let plan = Sample.decide(
            [Sample.claim(authority: row.0)], on: Sample.state([Sample.link()], [payer, Sample.wallet(Sample.payee)]))
        #expect(plan.codes == [row.isAllowed ? nil : .walletAuthorizationRequired])
    }

    @Test(
        "A wallet that does not exist and one without authority over it have one answer",
        arguments: [nil, Sample.authority(of: Sample.stranger)])
    func probing(authority: ClaimRequest.WalletAuthority?) {
        let absent = Sample.state([Sample.link()], [Sample.wallet(Sample.payee)])
        let present = Sample.state([Sample.link()], Self.wallets)
        let answers = [absent, present].map {
            Sample.decide([Sample.claim(authority: authority)], on: $0).answers.map(\.outcome.refusal)
        }
        #expect(answers[0].map { $0?.code } == [.walletAuthorizationRequired])
        #expect(answers[0] == answers[1])
        #expect(Sample.decide([Sample.claim()], on: absent).codes == [.walletAuthorizationRequired])
    }

    @Test("What a wallet lacks is told, and its balance only to its organization", arguments: [true, false])
    func insufficientFunds(hasKey: Bool) throws {
        let payer = Sample.wallet(Sample.payer, available: 14_999, allowsPublicClaims: true)
        let plan = Sample.decide(
            [Sample.claim(authority: hasKey ? Sample.payerKey : nil)],
            on: Sample.state([Sample.link()], [payer, Sample.wallet(Sample.payee)]))
        let refusal = try #require(plan.answers.first?.outcome.refusal)
        #expect(refusal.code == .insufficientFunds)
        #expect(refusal.details?["walletId"] == Sample.payer.description)
        #expect(refusal.details?["requested"] == "150.00")
        #expect(refusal.details?["balance"] == (hasKey ? "149.99" : nil))
    }

    @Test("A frozen wallet pays nothing but receives")
    func frozen() {
        let rich = Sample.wallet(Sample.payer, available: 100_000)
        let frozenRich = Sample.wallet(Sample.payer, available: 100_000, isFrozen: true)
        let frozenPayee = Sample.wallet(Sample.payee, isFrozen: true)
        let paying = Sample.state([Sample.link()], [frozenRich, Sample.wallet(Sample.payee)])
        #expect(Sample.decide([Sample.claim()], on: paying).codes == [.walletFrozen])
        for payer in [Sample.ach, Sample.usdc, .wallet(Sample.payer)] {
            let receiving = Sample.state([Sample.link()], [rich, frozenPayee])
            #expect(Sample.decide([Sample.claim(by: payer)], on: receiving).codes == [nil])
        }
    }

    @Test("A link whose wallet is gone is not claimed")
    func payeeGone() {
        let state = Sample.state([Sample.link()], [Sample.wallet(Sample.payer, available: 100_000)])
        #expect(Sample.decide([Sample.claim()], on: state).codes == [.amountExceedsRailLimit])
    }

    @Test("Pending money counts towards what the payee's wallet can hold")
    func overflow() {
        let full = Sample.wallet(Sample.payee, available: .max - 20_000, pending: 5_001)
        let nearlyFull = Sample.wallet(Sample.payee, available: .max - 20_000, pending: 5_000)
        #expect(
            Sample.decide([Sample.claim(by: Sample.ach)], on: Sample.state([Sample.link()], [full])).codes == [
                .amountExceedsRailLimit
            ])
        #expect(
            Sample.decide([Sample.claim(by: Sample.ach)], on: Sample.state([Sample.link()], [nearlyFull])).codes == [
                nil
            ])
    }
}
