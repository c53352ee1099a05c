import PaymentLinks
import Testing

/// A claim at a rail, with its link and its payee's wallet, on which outcomes are decided.
struct SettlingScene {
    var claim = settling(.pending)
    var link = Sample.link(amount: Sample.usd(10_000), status: .claimed, winner: Sample.claim().claimId)
    var wallet = Sample.wallet(Sample.payee, pending: 10_000)
    /// The links that stay CLAIMED when settled money is returned.
    var keptAfterReturn: Set<LinkID> = []

    static func settling(
        _ status: ClaimStatus, method: ClaimMethod = .ach, settledAt: Timestamp? = nil, eventSequence: Int64? = 2
    ) -> SettlingClaim {
        SettlingClaim(
            id: Sample.claim().claimId, transactionId: Sample.claim().transactionId, linkId: LinkID(bits: 1),
            method: method, claimedAt: Sample.now, status: status, reference: nil, submittedAt: nil,
            settledAt: settledAt, eventSequence: eventSequence)
    }

    func decide(_ kinds: SettlementOutcome.Kind..., now: Timestamp = Sample.now) -> OutcomePlan {
        decide(kinds.map { Self.outcome($0) }, now: now)
    }

    func decide(_ outcomes: [SettlementOutcome], now: Timestamp = Sample.now) -> OutcomePlan {
        var generator = SeededGenerator(seed: 1)
        let state = OutcomeBatchState(
            claims: [claim.id: claim], links: [link.id: link], wallets: [wallet.id: wallet],
            keptAfterReturn: keptAfterReturn, now: now)
        return OutcomeBatch.decide(outcomes, on: state, using: &generator)
    }

    static func outcome(
        _ kind: SettlementOutcome.Kind, of id: ClaimID = Sample.claim().claimId, reference: String? = nil
    ) -> SettlementOutcome {
        let hasFailed = kind == .failed || kind == .returned
        return SettlementOutcome(
            settlementId: id, kind: kind, code: hasFailed ? "R01" : nil, reason: hasFailed ? "Insufficient funds" : nil,
            reference: reference, occurredAt: Sample.now)
    }
}

@Suite("What rails' outcomes do")
struct OutcomeBatchTests {
    private let id: ClaimID = Sample.claim().claimId
    private let transaction: TransactionID = Sample.claim().transactionId

    @Test("A submission is recorded and moves nothing")
    func submitted() throws {
        let plan = SettlingScene().decide([SettlingScene.outcome(.submitted, reference: "trace-1")])
        let claim = try #require(plan.claims[id])
        #expect(claim.status == .pending && claim.reference == "trace-1" && claim.submittedAt == Sample.now)
        #expect(plan.postings.isEmpty && plan.events.isEmpty && plan.transactions.isEmpty)
    }

    @Test("A settlement makes pending money available")
    func settled() {
        let plan = SettlingScene().decide(.settled)
        #expect(plan.claims[id]?.status == .settled && plan.claims[id]?.settledAt == Sample.now)
        #expect(plan.transactions == [transaction: .posted])
        #expect(plan.postings.map(\.step) == [.settle])
        #expect(plan.postings.walletChanges[Sample.payee]?.pending == -10_000)
        #expect(plan.postings.walletChanges[Sample.payee]?.available == 10_000)
        #expect(plan.events.map(\.type) == [.linkSettled])
        #expect(plan.reopenedLinks.isEmpty)
    }

    @Test(
        "Money that never came leaves the pending account, and the link is open again",
        arguments: [SettlementOutcome.Kind.failed, .returned])
    func failed(kind: SettlementOutcome.Kind) {
        let plan = SettlingScene().decide(kind)
        #expect(plan.claims[id]?.status == .failed && plan.claims[id]?.failedAt == Sample.now)
        #expect(plan.claims[id]?.failure == SettlementFailure(code: "R01", reason: "Insufficient funds"))
        #expect(plan.transactions == [transaction: .failed])
        #expect(
            plan.postings.first?.entries == [
                Entry(.walletPending(Sample.payee), -Sample.usd(10_000)), Entry(.achClearing, Sample.usd(10_000)),
            ])
        #expect(plan.reopenedLinks == [LinkID(bits: 1): .active])
        #expect(plan.events.map(\.type) == [.linkClaimFailed])
    }

    private static let clawbacks: [(available: Int64, debt: Int64)] = [
        (10_000, 0), (12_000, 0), (9_999, 1), (0, 10_000),
    ]

    @Test("A later return takes what is available, and the rest becomes a debt", arguments: clawbacks)
    func reversed(row: (available: Int64, debt: Int64)) throws {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(.settled)
        scene.wallet = Sample.wallet(Sample.payee, available: row.available)
        let plan = scene.decide(.returned)
        #expect(plan.transactions == [transaction: .reversed])
        let change = try #require(plan.postings.walletChanges[Sample.payee])
        #expect(change.available == row.debt - 10_000)
        #expect(change.debt == row.debt)
        let entries = try #require(plan.postings.first).entries
        #expect(entries.allSatisfy { $0.amount.minorUnits != 0 })
        #expect(entries.last == Entry(.achClearing, Sample.usd(10_000)))
        #expect(plan.reopenedLinks == [LinkID(bits: 1): .active])
    }

    @Test("A payment that settled, went back and is told again contradicts nothing; one that comes too late does")
    func contradicted() {
        var scene = SettlingScene()
        let told: [SettlementOutcome.Kind] = [.submitted, .settled, .returned]
        #expect(scene.decide((told + told).map { SettlingScene.outcome($0) }).contradicted.isEmpty)
        scene.claim = SettlingScene.settling(.failed, settledAt: Sample.now)
        #expect(scene.decide(.settled, .returned).contradicted.isEmpty)
        scene.claim = SettlingScene.settling(.failed)
        #expect(scene.decide(.settled).contradicted.map(\.settlementId) == [id])
    }

    @Test("A return in another currency than the wallet's goes back through the conversion account")
    func reversedAtPar() throws {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(.settled, method: .usdc)
        scene.wallet = Sample.wallet(Sample.payee, available: 4_000)
        let entries = try #require(scene.decide(.failed).postings.first).entries
        #expect(
            entries == [
                Entry(.wallet(Sample.payee), Sample.usd(-4_000)), Entry(.walletDebt(Sample.payee), Sample.usd(-6_000)),
                Entry(.conversion, Sample.usd(10_000)), Entry(.conversion, Sample.usdc(-100_000_000)),
                Entry(.usdcClearing, Sample.usdc(100_000_000)),
            ])
    }

    @Test(
        "A link whose time passed meanwhile expires instead of opening again, and that is told",
        arguments: [ClaimStatus.pending, .settled])
    func reopenExpired(status: ClaimStatus) {
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(status)
        scene.wallet = Sample.wallet(Sample.payee, available: 10_000, pending: 10_000)
        scene.link = Sample.link(
            amount: Sample.usd(10_000), status: .claimed, expiresAt: Sample.later, winner: Sample.claim().claimId)
        let before = scene.decide(.failed, now: Sample.later.advanced(by: .microseconds(-1)))
        #expect(before.reopenedLinks == [LinkID(bits: 1): .active])
        let after = scene.decide(.failed, now: Sample.later)
        #expect(after.reopenedLinks == [LinkID(bits: 1): .expired])
        #expect(after.events.map(\.type) == [.linkClaimFailed, .linkExpired])
    }

    @Test("A link that another claim holds by now stays with it")
    func claimedByAnother() {
        var scene = SettlingScene()
        scene.link = Sample.link(amount: Sample.usd(10_000), status: .claimed, winner: ClaimID(bits: 7))
        let plan = scene.decide(.failed)
        #expect(plan.reopenedLinks.isEmpty)
        #expect(plan.postings.map(\.step) == [.fail])
    }

    private static let orders: [([SettlementOutcome.Kind], steps: [LedgerStep], ignored: Int)] = [
        ([.submitted, .submitted], [], 0), ([.settled, .settled], [.settle], 1), ([.failed, .failed], [.fail], 1),
        ([.settled, .submitted], [.settle], 1), ([.submitted, .settled, .returned], [.settle, .reverse], 0),
        ([.returned, .settled], [.fail], 1), ([.failed, .returned], [.fail], 1),
        ([.settled, .returned, .settled, .returned], [.settle, .reverse], 2),
        ([.failed, .submitted, .settled], [.fail], 2),
    ]

    @Test("Outcomes that come twice or out of order move the ledger once", arguments: orders)
    func repeatedOrOutOfOrder(row: ([SettlementOutcome.Kind], steps: [LedgerStep], ignored: Int)) {
        let plan = SettlingScene().decide(row.0.map { SettlingScene.outcome($0) })
        #expect(plan.postings.map(\.step) == row.steps)
        #expect(plan.ignoredCount == row.ignored)
        #expect(plan.reopenedLinks.count == (row.steps == [.settle] || row.steps == [] ? 0 : 1))
    }

    @Test("Outcomes of settlements that we never asked for are reported and change nothing")
    func unknown() {
        let plan = SettlingScene().decide([SettlingScene.outcome(.settled, of: ClaimID(bits: 3))])
        #expect(plan.unknown.map(\.settlementId) == [ClaimID(bits: 3)])
        #expect(plan.isEmpty && plan.postings.isEmpty && plan.events.isEmpty)
        var scene = SettlingScene()
        scene.claim = SettlingScene.settling(.settled, method: .wallet)
        #expect(scene.decide(.returned).unknown.count == 1)
    }

    @Test("A failure without a code or a reason still has both")
    func unexplained() {
        let silent = SettlementOutcome(
            settlementId: id, kind: .failed, code: nil, reason: nil, reference: nil, occurredAt: Sample.now)
        let failure = SettlingScene().decide([silent]).claims[id]?.failure
        #expect(failure?.code == "UNKNOWN")
        #expect(failure?.reason.isEmpty == false)
    }
}
