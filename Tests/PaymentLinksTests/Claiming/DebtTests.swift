import PaymentLinks
import Testing

@Suite("Debts")
struct DebtTests {
    private static let transaction = TransactionID(bits: 5)

    private static func wallet(_ id: WalletID, available: Int64 = 0, debt: Int64) -> WalletSnapshot {
        var wallet = Sample.wallet(id, available: available)
        wallet.balance.debt = debt
        return wallet
    }

    private static let credits: [(debt: Int64, paid: Int64, rest: Int64)] = [
        (0, 0, 100), (1, 1, 99), (99, 99, 1), (100, 100, 0), (101, 100, 0),
    ]

    @Test("A credit pays the wallet's debt first, and the rest can be spent", arguments: credits)
    func credit(row: (debt: Int64, paid: Int64, rest: Int64)) {
        let posting = Posting.transfer(
            Self.transaction, .fund, from: .sandboxFunding, Sample.usd(100), to: .wallet(Sample.payee), Sample.usd(100)
        ).payingDebts(of: [Sample.payee: Self.wallet(Sample.payee, debt: row.debt)])
        var entries = [Entry(.sandboxFunding, Sample.usd(-100))]
        if row.paid > 0 { entries.append(Entry(.walletDebt(Sample.payee), Sample.usd(row.paid))) }
        if row.rest > 0 { entries.append(Entry(.wallet(Sample.payee), Sample.usd(row.rest))) }
        #expect(posting.entries == entries)
    }

    @Test("Two credits of one posting pay one debt once")
    func twoCredits() {
        let posting = Posting(
            Self.transaction, .fund,
            [
                Entry(.sandboxFunding, Sample.usd(-90)), Entry(.wallet(Sample.payee), Sample.usd(40)),
                Entry(.wallet(Sample.payee), Sample.usd(50)),
            ]
        ).payingDebts(of: [Sample.payee: Self.wallet(Sample.payee, debt: 60)])
        let change = [posting].walletChanges[Sample.payee]
        #expect(change?.debt == -60 && change?.available == 30)
    }

    @Test("Debits, pending money, and other wallets' credits are left alone")
    func untouched() {
        let indebted = [Sample.payer: Self.wallet(Sample.payer, debt: 10)]
        for posting in [
            Posting.transfer(
                Self.transaction, .claim, from: .achClearing, Sample.usd(7), to: .walletPending(Sample.payer),
                Sample.usd(7)),
            Posting.transfer(
                Self.transaction, .claim, from: .wallet(Sample.payer), Sample.usd(7), to: .wallet(Sample.payee),
                Sample.usd(7)),
        ] {
            #expect(posting.payingDebts(of: indebted) == posting)
        }
    }

    // MARK: - Claims

    /// Links of 60 and 30 into the indebted wallet, and of 20 out of it.
    private static let links = [
        Sample.link(1, amount: Sample.usd(60), to: Sample.payee),
        Sample.link(2, amount: Sample.usd(20), to: Sample.payer),
        Sample.link(3, amount: Sample.usd(30), to: Sample.payee),
    ]

    private static func decide(debt: Int64, _ claims: [ClaimRequest]) -> ClaimPlan {
        let wallets = [Sample.wallet(Sample.payer, available: 500), wallet(Sample.payee, debt: debt)]
        return Sample.decide(claims, on: Sample.state(links, wallets))
    }

    @Test("In a batch, a wallet in debt pays only after the credits before have paid its debt")
    func inOrder() {
        let out = { Sample.claim($0, on: 2, by: .wallet(Sample.payee)) }
        let plan = Self.decide(debt: 70, [Sample.claim(1, on: 1), out(2), Sample.claim(3, on: 3), out(4)])
        #expect(plan.codes == [nil, .insufficientFunds, nil, nil])
        let change = plan.postings.walletChanges[Sample.payee]
        #expect(change?.debt == -70 && change?.available == 0, "60 + 30 pay 70, and 20 are spent")
        #expect(
            plan.events.map(\.type) == [
                .linkClaimed, .linkSettled, .walletDebtChanged, .linkClaimed, .linkSettled, .walletDebtChanged,
                .linkClaimed, .linkSettled,
            ])
        #expect(plan.demands[Sample.payee]?.debt == 70, "what it owed when it was read")
        #expect(plan.demands[Sample.payer]?.debt == 0, "it was credited too")
    }

    @Test("Only a key that may read the wallet is shown that it is in debt")
    func refusal() throws {
        let out = { (authority: ClaimRequest.WalletAuthority?) in
            Sample.claim(1, on: 2, by: .wallet(Sample.payee), authority: authority)
        }
        let told = try #require(Self.decide(debt: 70, [out(Sample.authority())]).answers[0].outcome.refusal)
        #expect(told.code == .insufficientFunds)
        #expect(told.details?["debt"] == "0.70" && told.details?["balance"] == "0.00")
        #expect(told.message.contains("in debt"))
        let kept = try #require(
            Self.decide(debt: 70, [out(Sample.authority(readsBalances: false))]).answers[0].outcome.refusal)
        #expect(kept.details?["debt"] == nil && kept.details?["balance"] == nil)
        #expect(kept == told.withoutBalance)
    }

    @Test("An event of a changed debt shows what the wallet owed and owes")
    func event() throws {
        let plan = Self.decide(debt: 70, [Sample.claim(1, on: 1)])
        let event = try #require(plan.events.last)
        #expect(event.linkId == nil && event.organizationId == Sample.organization)
        let data = try #require(try JSONDocument(Array(event.body.utf8)).root["data"])
        #expect(data["walletId"]?.string == Sample.payee.description)
        #expect(data["transactionId"]?.string == Sample.claim(1).transactionId.description)
        #expect(data["currency"]?.string == "USD")
        #expect(data["previousDebt"]?.string == "0.70" && data["debt"]?.string == "0.10")
    }

    @Test("A failed winner's claim is not repeated for an equal one: its link has been paid, and was refunded")
    func failedWinner() throws {
        let claim = Sample.claim(1)
        let first = Sample.decide(
            [claim],
            on: Sample.state(
                [Sample.link()], [Sample.wallet(Sample.payer, available: 15_000), Sample.wallet(Sample.payee)]))
        let answers: [(ClaimStatus, ErrorCode?)] = [(.settled, nil), (.failed, .linkAlreadyClaimed)]
        for (status, code) in answers {
            let winner = ClaimSnapshot(
                id: claim.claimId, slug: claim.slug, linkId: LinkID(bits: 1), method: .ach, status: status,
                outcome: first.answers[0].outcome, digest: claim.digest)
            let state = Sample.state(
                [Sample.link(status: .claimed, winner: claim.claimId)], [Sample.wallet(Sample.payee)], claims: [winner])
            #expect(Sample.decide([Sample.claim(2, digest: 1)], on: state).codes == [code])
        }
    }

    // MARK: - Outcomes

    @Test("Settled money pays the debt first, and the event follows that of the settlement")
    func settled() {
        var scene = SettlingScene()
        scene.wallet.balance = WalletBalance(available: 0, pending: 10_000, debt: 4_000)
        let plan = scene.decide(.settled)
        #expect(
            plan.postings.map(\.entries) == [
                [
                    Entry(.walletPending(Sample.payee), Sample.usd(-10_000)),
                    Entry(.walletDebt(Sample.payee), Sample.usd(4_000)),
                    Entry(.wallet(Sample.payee), Sample.usd(6_000)),
                ]
            ])
        #expect(plan.events.map(\.type) == [.linkSettled, .walletDebtChanged])
    }

    @Test("A return that makes a debt announces it after the failed claim")
    func returned() {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(.settled, settledAt: Sample.now)
        scene.wallet = Sample.wallet(Sample.payee, available: 9_000)
        #expect(scene.decide(.returned).events.map(\.type) == [.linkClaimFailed, .walletDebtChanged])
        scene.wallet = Sample.wallet(Sample.payee, available: 10_000)
        #expect(scene.decide(.returned).events.map(\.type) == [.linkClaimFailed])
    }

    private static let returns: [(status: ClaimStatus, isKept: Bool, after: LinkStatus)] = [
        (.settled, true, .claimed), (.settled, false, .active), (.pending, true, .active), (.pending, false, .active),
    ]

    @Test("A link stays CLAIMED after its settled money was returned, if its organization says so", arguments: returns)
    func kept(row: (status: ClaimStatus, isKept: Bool, after: LinkStatus)) throws {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(row.status)
        scene.wallet = Sample.wallet(Sample.payee, available: 10_000, pending: 10_000)
        scene.keptAfterReturn = row.isKept ? [scene.link.id] : []
        let plan = scene.decide(.returned)
        #expect(plan.claims.values.map(\.status) == [.failed])
        #expect(plan.reopenedLinks == (row.after == .active ? [scene.link.id: .active] : [:]))
        let event = try #require(plan.events.first)
        #expect(event.type == .linkClaimFailed && event.body.contains(#""status":"\#(row.after.rawValue)""#))
    }
}

@Suite("Events without balances")
struct EventBodyTests {
    private static let bodies: [(body: String, shown: String)] = [
        (
            #"{"id":"e","event":"wallet.funded","data":{"amount":"1.00","newBalance":"7.00"}}"#,
            #"{"id":"e","event":"wallet.funded","data":{"amount":"1.00","newBalance":null}}"#
        ),
        (
            #"{"event":"wallet.debt_changed","data":{"previousDebt":"2.00","debt":"1.00","currency":"USD"}}"#,
            #"{"event":"wallet.debt_changed","data":{"previousDebt":null,"debt":null,"currency":"USD"}}"#
        ),
        (
            #"{"event":"payment_link.created","data":{"metadata":{"event":"wallet.funded","debt":"1.00"}}}"#,
            #"{"event":"payment_link.created","data":{"metadata":{"event":"wallet.funded","debt":"1.00"}}}"#
        ),
        ("not JSON", "not JSON"),
    ]

    @Test("A wallet's event keeps everything but its balances, and any other event is left alone", arguments: bodies)
    func withoutBalances(row: (body: String, shown: String)) {
        #expect(EventBody.withoutBalances(row.body) == row.shown)
    }
}
