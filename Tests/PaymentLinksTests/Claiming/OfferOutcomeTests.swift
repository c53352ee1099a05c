import PaymentLinks
import Testing

/// Offers of one link, on which outcomes and releases are decided.
struct OfferScene {
    static let ids = (1...3).map { Sample.claim($0).claimId }
    static let payBefore = Sample.later

    var claims = (1...3).map { Self.offer($0) }
    var link = Sample.link(amount: Sample.usd(10_000))
    var wallet = Sample.wallet(Sample.payee)
    var suspended: Set<SuspendedPayment.Key> = []

    static func offer(_ number: Int, _ status: ClaimStatus = .awaitingPayment) -> SettlingClaim {
        SettlingClaim(
            id: Sample.claim(number).claimId, transactionId: Sample.claim(number).transactionId,
            linkId: LinkID(bits: 1), method: .usdc, claimedAt: Sample.now, status: status, reference: nil,
            submittedAt: nil, settledAt: nil, isOffer: true, payBefore: payBefore)
    }

    static func seen(
        _ kind: SettlementOutcome.Kind, _ number: Int = 1, units: Int64? = nil, reference: String? = "0xa:0"
    ) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: ids[number - 1], kind: kind, code: nil, reason: nil, reference: reference,
            occurredAt: Sample.now, baseUnits: units)
    }

    func state(_ now: Timestamp) -> OutcomeBatchState {
        var state = OutcomeBatchState(
            claims: Dictionary(uniqueKeysWithValues: claims.map { ($0.id, $0) }), links: [link.id: link],
            wallets: [wallet.id: wallet], now: now)
        state.suspended = suspended
        return state
    }

    func decide(_ outcomes: SettlementOutcome..., now: Timestamp = Sample.now) -> OutcomePlan {
        var generator = SeededGenerator(seed: 1)
        return OutcomeBatch.decide(outcomes, on: state(now), using: &generator)
    }

    func release(_ claim: SettlingClaim, now: Timestamp = Sample.now) -> ReleaseDecision {
        var generator = SeededGenerator(seed: 1)
        return OutcomeBatch.release(claim, by: .payee, on: state(now), using: &generator)
    }
}

@Suite("What the money of offers does")
struct OfferOutcomeTests {
    private let asked: Int64 = 100_000_000

    @Test("The first sufficient payment takes the link, and is pending until it is final")
    func take() throws {
        let plan = OfferScene().decide(OfferScene.seen(.submitted))
        let claim = try #require(plan.claims[OfferScene.ids[0]])
        #expect(claim.status == .pending && !claim.isOffer && claim.submittedAt == Sample.now)
        #expect(plan.takenLinks == [LinkID(bits: 1): OfferScene.ids[0]] && plan.endedOffers == [OfferScene.ids[0]])
        #expect(plan.events.map(\.type) == [.linkClaimed])
        #expect(plan.postings.map(\.step) == [.claim])
        #expect(plan.postings.walletChanges[Sample.payee]?.pending == 10_000)
    }

    @Test("An offer that takes its link continues the link's sequence without a gap")
    func sequence() throws {
        let state = Sample.state([Sample.link(amount: Sample.usd(10_000))], [Sample.wallet(Sample.payee)])
        let request = Sample.claim(1, by: Sample.usdc)
        let receipt = try #require(Sample.decide([request], on: state).answers.first?.outcome.receipt)
        let link = OfferScene().link
        #expect(link.eventSequence(claimedBy: receipt) == link.eventSequence)
        let plan = OfferScene().decide(OfferScene.seen(.settled))
        #expect(plan.events.compactMap(\.sequence) == [link.eventSequence + 1, link.eventSequence + 2])
    }

    private static let orders: [([SettlementOutcome.Kind], [LedgerStep], [EventType])] = [
        ([.submitted, .settled], [.claim, .settle], [.linkClaimed, .linkSettled]),
        ([.settled], [.claim, .settle], [.linkClaimed, .linkSettled]),
        ([.settled, .submitted, .settled], [.claim, .settle], [.linkClaimed, .linkSettled]),
        ([.submitted, .submitted], [.claim], [.linkClaimed]),
        ([.submitted, .failed, .failed], [.claim, .fail], [.linkClaimed, .linkClaimFailed]),
        ([.settled, .returned], [.claim, .settle, .reverse], [.linkClaimed, .linkSettled, .linkClaimFailed]),
        ([.failed, .submitted], [], []),
    ]

    @Test("Outcomes of an offer that come twice or out of order move the ledger once", arguments: orders)
    func ordersMoveOnce(row: ([SettlementOutcome.Kind], [LedgerStep], [EventType])) {
        var generator = SeededGenerator(seed: 1)
        let plan = OutcomeBatch.decide(
            row.0.map { OfferScene.seen($0) }, on: OfferScene().state(Sample.now), using: &generator)
        #expect(plan.postings.map(\.step) == row.1)
        #expect(plan.events.map(\.type) == row.2)
        #expect(plan.suspended.isEmpty)
        let isTaken = row.1.contains(.claim) && !row.1.contains(.fail) && !row.1.contains(.reverse)
        #expect(plan.takenLinks.isEmpty != isTaken && plan.reopenedLinks.isEmpty)
    }

    @Test("The first payment that is seen wins; another one is kept in suspense, once, when it is final")
    func loser() throws {
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted, 2), OfferScene.seen(.submitted, 1), OfferScene.seen(.settled, 1),
            OfferScene.seen(.settled, 1))
        #expect(plan.takenLinks == [LinkID(bits: 1): OfferScene.ids[1]])
        let payment = try #require(plan.suspended.first)
        #expect(plan.suspended.count == 1 && payment.label == .unmatched && payment.amount == Sample.usdc(asked))
        let entries = [Entry(.usdcClearing, Sample.usdc(-asked)), Entry(.suspense, Sample.usdc(asked))]
        #expect(plan.postings.last?.entries == entries)
        #expect(plan.claims[OfferScene.ids[0]]?.failure?.code == "UNMATCHED")
        #expect(plan.claims[OfferScene.ids[0]]?.status == .awaitingPayment)
        var later = OfferScene()
        later.suspended = [payment.key]
        #expect(later.decide(OfferScene.seen(.settled, 1), OfferScene.seen(.returned, 1)).isEmpty)
    }

    @Test("A payment after payBefore is late, even if its offer has not expired yet; one instant before it is not")
    func late() {
        let before = OfferScene.payBefore.advanced(by: .microseconds(-1))
        #expect(OfferScene().decide(OfferScene.seen(.settled), now: before).suspended.isEmpty)
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted), OfferScene.seen(.settled), now: OfferScene.payBefore)
        #expect(plan.takenLinks.isEmpty && plan.suspended.map(\.label) == [.late])
        var scene = OfferScene()
        scene.claims[0] = OfferScene.offer(1, .expired)
        #expect(scene.decide(OfferScene.seen(.settled)).suspended.map(\.label) == [.late])
        scene = OfferScene()
        scene.link = Sample.link(amount: Sample.usd(10_000), expiresAt: Sample.now)
        #expect(scene.decide(OfferScene.seen(.settled)).suspended.map(\.label) == [.late])
    }

    @Test("Too little goes to suspense and takes nothing; too much settles, and the surplus goes to suspense")
    func wrongAmounts() {
        let short = OfferScene().decide(
            OfferScene.seen(.submitted, units: asked - 1), OfferScene.seen(.settled, units: asked - 1))
        #expect(short.takenLinks.isEmpty && short.suspended.map(\.label) == [.underpaid])
        #expect(short.suspended.map(\.amount) == [Sample.usdc(asked - 1)])
        let exact = OfferScene().decide(OfferScene.seen(.settled, units: asked))
        #expect(exact.takenLinks.count == 1 && exact.suspended.isEmpty)
        let over = OfferScene().decide(
            OfferScene.seen(.settled, units: asked + 5), OfferScene.seen(.settled, units: asked + 5))
        #expect(over.claims[OfferScene.ids[0]]?.status == .settled)
        #expect(over.suspended.map(\.label) == [.overpaid] && over.suspended.map(\.amount) == [Sample.usdc(5)])
        #expect(over.postings.walletChanges[Sample.payee]?.available == 10_000)
    }

    @Test("A second transfer for a paid offer goes to suspense, and its failure does not undo the first")
    func secondTransfer() {
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted), OfferScene.seen(.submitted, reference: "0xb:0"),
            OfferScene.seen(.failed, reference: "0xb:0"), OfferScene.seen(.settled),
            OfferScene.seen(.settled, reference: "0xc:0"))
        #expect(plan.claims[OfferScene.ids[0]]?.status == .settled)
        #expect(plan.claims[OfferScene.ids[0]]?.reference == "0xa:0")
        #expect(plan.suspended.map(\.key.reference) == ["0xc:0"] && plan.suspended.map(\.label) == [.unmatched])
    }

    @Test("A payment in suspense takes no link afterwards, so it is booked once")
    func suspendedTakesNothing() {
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted, 1, reference: "0xb:0"), OfferScene.seen(.settled, 2),
            OfferScene.seen(.failed, 1, reference: "0xb:0"), OfferScene.seen(.submitted, 2))
        #expect(plan.postings.map(\.step) == [.claim, .suspend, .fail])
        #expect(plan.takenLinks.isEmpty && plan.suspended.map(\.key.claimId) == [OfferScene.ids[1]])
        let short = OfferScene().decide(OfferScene.seen(.settled, units: asked - 1), OfferScene.seen(.submitted))
        #expect(short.postings.map(\.step) == [.suspend] && short.takenLinks.isEmpty)
    }

    @Test("A payment that proves too small when it is final fails its claim, and is booked once")
    func tooSmallWhenFinal() throws {
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted), OfferScene.seen(.settled, units: asked - 1),
            OfferScene.seen(.settled, units: asked - 1))
        #expect(plan.postings.map(\.step) == [.claim, .fail, .suspend])
        let claim = try #require(plan.claims[OfferScene.ids[0]])
        #expect(claim.status == .failed && claim.failure?.code == "UNDERPAID")
        #expect(plan.suspended.map(\.amount) == [Sample.usdc(asked - 1)])
        #expect(plan.postings.walletChanges[Sample.payee]?.pending == 0)
    }

    @Test("A returned payment whose surplus is in suspense is reported to operators")
    func returnedSurplus() {
        let plan = OfferScene().decide(OfferScene.seen(.settled, units: asked + 5), OfferScene.seen(.returned))
        #expect(plan.postings.map(\.step).last == .reverse && plan.contradicted.count == 1)
    }

    @Test("A link that one offer gives back can be taken by another in the same batch")
    func retake() {
        let plan = OfferScene().decide(
            OfferScene.seen(.submitted, 1), OfferScene.seen(.failed, 1), OfferScene.seen(.submitted, 2))
        #expect(plan.takenLinks == [LinkID(bits: 1): OfferScene.ids[1]] && plan.reopenedLinks.isEmpty)
        #expect(plan.events.map(\.type) == [.linkClaimed, .linkClaimFailed, .linkClaimed])
    }

    @Test("Money that a full wallet cannot hold is kept in suspense")
    func full() {
        var scene = OfferScene()
        scene.wallet = Sample.wallet(Sample.payee, available: .max)
        #expect(scene.decide(OfferScene.seen(.settled)).suspended.map(\.label) == [.unmatched])
    }
}

@Suite("Releases")
struct ReleaseDecisionTests {
    private func released(_ decision: ReleaseDecision) -> OutcomePlan? {
        if case .released(let plan) = decision { plan } else { nil }
    }

    private func status(_ decision: ReleaseDecision) -> ClaimStatus? {
        if case .notReleasable(let status) = decision { status } else { nil }
    }

    private func scene(_ status: ClaimStatus, submittedAt: Timestamp? = nil) -> OfferScene {
        var scene = OfferScene()
        scene.claims = [
            SettlingClaim(
                id: OfferScene.ids[0], transactionId: Sample.claim(1).transactionId, linkId: LinkID(bits: 1),
                method: .ach, claimedAt: Sample.now, status: status, reference: nil, submittedAt: submittedAt,
                settledAt: nil)
        ]
        scene.link = Sample.link(amount: Sample.usd(10_000), status: .claimed, winner: OfferScene.ids[0])
        scene.wallet = Sample.wallet(Sample.payee, pending: 10_000)
        return scene
    }

    @Test("A bank debit that was not submitted is cancelled, its money goes back, and the link is open again")
    func debit() throws {
        let scene = scene(.pending)
        let plan = try #require(released(scene.release(scene.claims[0])))
        #expect(plan.claims[OfferScene.ids[0]]?.status == .cancelled)
        #expect(plan.claims[OfferScene.ids[0]]?.failure?.code == "RELEASED")
        #expect(plan.reopenedLinks == [LinkID(bits: 1): .active])
        #expect(plan.postings.walletChanges[Sample.payee]?.pending == -10_000)
        #expect(plan.transactions == [Sample.claim(1).transactionId: .failed])
        #expect(plan.events.map(\.type) == [.linkClaimFailed] && plan.outbox.count == 1)
    }

    @Test("What was submitted, or is over, is not released; what was released is so already")
    func notReleased() {
        let submitted = scene(.pending, submittedAt: Sample.now)
        #expect(status(submitted.release(submitted.claims[0])) == .pending)
        for over in [ClaimStatus.settled, .failed] {
            let scene = scene(over)
            #expect(status(scene.release(scene.claims[0])) == over)
        }
        let cancelled = scene(.cancelled)
        guard case .alreadyReleased = cancelled.release(cancelled.claims[0]) else {
            Issue.record("a released claim is released again")
            return
        }
    }

    @Test("An open offer is cancelled and moves nothing; one whose time has passed is not")
    func offer() throws {
        let scene = OfferScene()
        let plan = try #require(released(scene.release(scene.claims[0])))
        #expect(plan.claims[OfferScene.ids[0]]?.status == .cancelled && plan.endedOffers == [OfferScene.ids[0]])
        #expect(plan.postings.isEmpty && plan.events.isEmpty && plan.reopenedLinks.isEmpty)
        #expect(status(scene.release(scene.claims[0], now: OfferScene.payBefore)) == .expired)
    }

    @Test("A rail that acts on a released debit brings money to suspense, once, and never to the payee")
    func actedOn() {
        let scene = scene(.cancelled)
        let outcome = SettlingScene.outcome(.settled, of: OfferScene.ids[0], reference: "trace")
        let plan = scene.decide(SettlingScene.outcome(.submitted, of: OfferScene.ids[0]), outcome, outcome)
        #expect(plan.suspended.map(\.label) == [.unmatched])
        #expect(plan.postings.map(\.step) == [.suspend] && plan.claims.isEmpty)
        #expect(plan.postings.first?.entries.first == Entry(.achClearing, Sample.usd(-10_000)))
        let back = scene.decide(outcome, SettlingScene.outcome(.returned, of: OfferScene.ids[0], reference: "trace"))
        #expect(back.contradicted.map(\.kind) == [.returned])
    }
}
