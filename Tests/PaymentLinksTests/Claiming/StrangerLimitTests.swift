import PaymentLinks
import Testing

@Suite("What strangers can store and learn by claiming one link again and again")
struct StrangerLimitTests {
    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]
    private static let listed = Sample.email("payer@example.com")
    private static let winner = ClaimSnapshot(
        id: ClaimID(bits: 5), slug: Sample.slug(1), linkId: LinkID(bits: 1), method: .ach, status: .pending,
        outcome: .accepted(
            ClaimReceipt(
                claimId: ClaimID(bits: 5), transactionId: TransactionID(bits: 6), slug: Sample.slug(1), method: .ach,
                amount: Sample.usd(15_000), createdAt: Sample.now, instructions: nil)),
        digest: Sample.digest(0))

    /// A link that was won some time ago by the claim with digest 0.
    private static func claimed(_ tally: LinkTally = LinkTally(), ago: Duration = .zero) -> ClaimBatchState {
        let claimedAt = Sample.now.advanced(by: .zero - ago)
        let link = Sample.link(status: .claimed, winner: winner.id, tally: tally, claimedAt: claimedAt)
        return Sample.state([link], wallets, claims: [winner])
    }

    private static func equal(_ number: Int = 500, key: Int? = nil) -> ClaimRequest {
        Sample.claim(number, by: Sample.ach, authority: nil, digest: 0, key: key)
    }

    private static func differing(_ numbers: ClosedRange<Int>, authority: ClaimRequest.WalletAuthority? = nil)
        -> [ClaimRequest]
    {
        numbers.map { Sample.claim($0, by: Sample.ach, authority: authority) }
    }

    // MARK: - Guessing the winner

    @Test(
        "An equal claim without a key gets the winner's outcome for 15 minutes",
        arguments: [(Duration.zero, true), (.seconds(899), true), (.seconds(900), false), (.seconds(100_000), false)])
    func window(row: (Duration, isReplayed: Bool)) {
        let plan = Sample.decide([Self.equal()], on: Self.claimed(ago: row.0))
        #expect(plan.answers.map(\.isReplayed) == [row.isReplayed])
        #expect(plan.codes == [row.isReplayed ? nil : .linkAlreadyClaimed])
    }

    @Test("After 8 claims that differ, equal claims without a key get the same 409 as the others", arguments: 0...9)
    func guesses(count: Int) {
        let guesses = count == 0 ? [] : Self.differing(1...count)
        let together = Sample.decide(guesses + [Self.equal()], on: Self.claimed())
        #expect(together.codes == guesses.map { _ in .linkAlreadyClaimed } + [count < 8 ? nil : .linkAlreadyClaimed])
        #expect(together.tallies[LinkID(bits: 1)]?.differingClaims == (count == 0 ? 0 : min(count, 8)))
        let later = Self.claimed(LinkTally(differingClaims: min(count, 8)))
        #expect(Sample.decide([Self.equal()], on: later).codes == [count < 8 ? nil : .linkAlreadyClaimed])
    }

    @Test("A claim that differs counts whatever idempotency key it brings, and a repeated key stays the caller's own")
    func keys() {
        let keyed = (1...8).map { Sample.claim($0, by: Sample.ach, authority: nil, key: $0) }
        let plan = Sample.decide(
            keyed + [Self.equal(), Sample.claim(9, by: Sample.ach, authority: nil, digest: 1, key: 1)],
            on: Self.claimed())
        #expect(plan.tallies[LinkID(bits: 1)]?.differingClaims == 8)
        #expect(plan.codes.allSatisfy { $0 == .linkAlreadyClaimed })
        #expect(plan.answers.map(\.isReplayed) == Array(repeating: false, count: 9) + [true])
    }

    @Test("A new winner starts without claims that differed")
    func newWinner() {
        let open = Sample.state([Sample.link(tally: LinkTally(storedAnswers: 3, differingClaims: 8))], Self.wallets)
        let plan = Sample.decide([Self.equal(1), Self.equal(2)], on: open)
        #expect(plan.codes == [nil, nil] && plan.answers.map(\.isReplayed) == [false, true])
        #expect(plan.tallies[LinkID(bits: 1)] == LinkTally(storedAnswers: 4))
    }

    // MARK: - Storing

    @Test("A link stores 64 refusals of callers without a key, and sends the same refusal beyond that")
    func anonymousRefusals() {
        let plan = Sample.decide(Self.differing(1...200), on: Self.claimed())
        #expect(plan.codes.count == 200 && Set(plan.answers.map(\.outcome)).count == 1)
        #expect(plan.records.count == 64)
        #expect(plan.tallies[LinkID(bits: 1)] == LinkTally(storedAnswers: 64, differingClaims: 8))
        let full = Self.claimed(LinkTally(storedAnswers: 64, differingClaims: 8))
        #expect(Sample.decide(Self.differing(1...5), on: full).isEmpty)
    }

    @Test("Callers with a key have room of their own beyond that")
    func keyedRefusals() {
        let full = Self.claimed(LinkTally(storedAnswers: 64, differingClaims: 8))
        let plan = Sample.decide(Self.differing(1...5, authority: Sample.payerKey), on: full)
        #expect(plan.records.count == 5 && plan.tallies[LinkID(bits: 1)]?.storedAnswers == 69)
        let fuller = Self.claimed(LinkTally(storedAnswers: 1024, differingClaims: 8))
        #expect(Sample.decide(Self.differing(1...5, authority: Sample.payerKey), on: fuller).isEmpty)
    }

    @Test("Replays are stored within the same bound, and answered beyond it")
    func replays() {
        let plan = Sample.decide((1...200).map { Self.equal($0) }, on: Self.claimed())
        #expect(plan.codes.allSatisfy { $0 == nil } && plan.answers.allSatisfy(\.isReplayed))
        #expect(plan.aliases.count == 64)
    }

    @Test("A refusal that is not stored uses up no idempotency key")
    func unstoredKey() {
        let full = Self.claimed(LinkTally(storedAnswers: 64, differingClaims: 8))
        #expect(Sample.decide([Sample.claim(1, by: Sample.ach, authority: nil, key: 1)], on: full).keys.isEmpty)
    }

    @Test("A link whose bound is used up can be claimed like any other")
    func noLock() {
        let full = LinkTally(storedAnswers: 5_000, differingClaims: 8)
        for payer in [Sample.ach, .wallet(Sample.payer)] {
            let state = Sample.state([Sample.link(tally: full)], Self.wallets)
            let plan = Sample.decide([Sample.claim(by: payer)], on: state)
            #expect(plan.codes == [nil] && plan.records.count == 1)
        }
    }

    @Test(
        "A claim that may have been refused without a row does not win after its link reopened",
        arguments: [(64, -1, false), (64, 0, true), (64, 1, true), (63, -1, true)])
    func lateRedelivery(row: (stored: Int, milliseconds: Int64, wins: Bool)) {
        let reopened = Sample.link(tally: LinkTally(storedAnswers: row.stored), updatedAt: Sample.now)
        let time = UInt128(Sample.now.milliseconds + row.milliseconds) << 80
        let claim = ClaimRequest(
            claimId: ClaimID(bits: time), transactionId: TransactionID(bits: 1), slug: Sample.slug(1),
            payer: Sample.ach, recipientEmail: nil, authority: nil, digest: Sample.digest(1), idempotencyKey: nil)
        let plan = Sample.decide([claim], on: Sample.state([reopened], Self.wallets))
        #expect(plan.codes == [row.wins ? nil : .linkAlreadyClaimed])
    }

    @Test("A slug without a link: a marked one is not created yet, and few answers are stored for either")
    func noLink() {
        let marked = Sample.slug(1).marked(7)
        for (slug, code) in [(Sample.slug(1), ErrorCode.paymentLinkNotFound), (marked, .linkNotReady)] {
            let claims = (1...20).map { number in
                ClaimRequest(
                    claimId: ClaimID(bits: UInt128(number)), transactionId: TransactionID(bits: UInt128(number)),
                    slug: slug, payer: Sample.ach, recipientEmail: nil, authority: nil, digest: Sample.digest(number),
                    idempotencyKey: Sample.digest(-number))
            }
            let plan = Sample.decide(claims, on: Sample.state([], Self.wallets))
            #expect(plan.codes == claims.map { _ in code })
            #expect(plan.records.count == 8 && plan.tallies.isEmpty)
            #expect(plan.keys.count == (code == .linkNotReady ? 0 : 8), "a link that is not ready uses up no key")
        }
    }

    // MARK: - Guessing a recipient

    private static let poor = Sample.wallet(Sample.payer, available: 1, allowsPublicClaims: true)
    private static let rich = Sample.wallet(Sample.payer, available: 100_000)
    private static let strangers: [(name: String, ClaimRequest.Payer, WalletSnapshot, Money, wallets: [WalletID])] = [
        ("no authority", .wallet(Sample.payer), rich, Sample.usd(15_000), []),
        ("no such wallet", .wallet(WalletID(bits: 99)), rich, Sample.usd(15_000), []),
        ("an empty wallet", .wallet(Sample.payer), poor, Sample.usd(15_000), []),
        ("a wallet that is not listed", Sample.ach, rich, Sample.usd(15_000), [Sample.payer]),
        ("an amount that ACH cannot carry", Sample.ach, rich, Sample.usdc(1_000_001), []),
        ("an amount above the limit of ACH", Sample.ach, rich, Sample.usd(100_000_001), []),
    ]

    @Test("A claim that cannot win has one answer for a right and a wrong email address", arguments: strangers.indices)
    func recipients(index: Int) {
        let stranger = Self.strangers[index]
        let restrictions = RecipientRestrictions(emails: [Self.listed], walletIds: stranger.wallets)
        let link = Sample.link(amount: stranger.3, restrictions: restrictions)
        let state = Sample.state([link], [stranger.2, Sample.wallet(Sample.payee, currency: .usdc)])
        let answers = [Self.listed, try? EmailAddress("other@example.com"), nil].map { email in
            Sample.decide([Sample.claim(by: stranger.1, email: email, authority: nil)], on: state).answers[0].outcome
        }
        #expect(answers[0].refusal != nil, "\(stranger.name)")
        #expect(Set(answers).count == 1, "\(stranger.name): \(answers)")
    }
}
