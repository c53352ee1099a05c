import PaymentLinks
import Testing

@Suite("Random batches, held against deciding one at a time")
struct RandomBatchTests {
    private static let runsPerPart: UInt64 = 160

    @Test(
        "A batch decides as its jobs would be decided one after the other, and never breaks a rule",
        arguments: 0..<8 as Range<UInt64>)
    func batchesEqualSingles(part: UInt64) {
        var won = 0
        var moved = 0
        for seed in part * Self.runsPerPart..<(part + 1) * Self.runsPerPart {
            var run = RandomRun(seed: seed)
            let problems = run.problems()
            #expect(problems.isEmpty, "seed \(seed)")
            won += run.wonCount
            moved += run.movedCount
        }
        #expect(won > 120 && moved > 100, "the runs are too dull to mean anything: \(won) won, \(moved) outcomes")
    }
}

/// One random story: batches of claims and of outcomes, while time passes.
private struct RandomRun {
    private var world: RandomWorld
    private var model: OneAtATimeModel
    private var found: [String] = []
    private(set) var wonCount = 0
    private(set) var movedCount = 0

    init(seed: UInt64) {
        world = RandomWorld(seed: seed)
        model = world.model()
    }

    mutating func problems() -> [String] {
        for _ in 0..<3 {
            decide(world.claims())
            decide(world.outcomes(for: model))
            model.now = model.now.advanced(by: .seconds(1))
        }
        return found
    }

    private mutating func require(_ condition: Bool, _ rule: @autoclosure () -> String) {
        if !condition { found.append(rule()) }
    }

    private mutating func decide(_ requests: [ClaimRequest]) {
        let batch = Self.plan(requests, on: model.state(for: requests), world.generator)
        let singles = singly(requests)
        require(batch.answers.map(\.claimId) == requests.map(\.claimId), "answers are in the jobs' order")
        require(Self.summary(batch) == Self.summary(singles.plans), "a batch decides as its jobs one by one")
        model.apply(batch)
        require(model == singles.model, "a batch leaves what its jobs leave one by one")
        found += model.breaches
        checkRedelivery(of: requests, answeredBy: batch)
        wonCount += batch.events.count { $0.type == .linkClaimed }
    }

    private func singly(_ requests: [ClaimRequest]) -> (plans: [ClaimPlan], model: OneAtATimeModel) {
        var model = model
        let plans = requests.map { request in
            let plan = Self.plan([request], on: model.state(for: [request]), world.generator)
            model.apply(plan)
            return plan
        }
        return (plans, model)
    }

    private mutating func checkRedelivery(of requests: [ClaimRequest], answeredBy first: ClaimPlan) {
        let again = Self.plan(requests, on: model.state(for: requests), world.generator)
        require(
            again.isEmpty && again.postings.isEmpty && again.keys.isEmpty && again.outbox.isEmpty,
            "a redelivered batch writes nothing")
        require(Self.answers(again) == Self.answers(first), "a redelivered batch is answered as before")
    }

    private mutating func decide(_ outcomes: [SettlementOutcome]) {
        let batch = Self.plan(outcomes, on: model.state(for: outcomes), world.generator)
        var singles = model
        var postings: [Posting] = []
        var events: [EventType] = []
        for outcome in outcomes {
            let plan = Self.plan([outcome], on: singles.state(for: [outcome]), world.generator)
            singles.apply(plan)
            postings += plan.postings
            events += plan.events.map(\.type)
        }
        let moved = { (postings: [Posting]) in postings.map { Moved(step: $0.step, entries: $0.entries) } }
        require(
            moved(batch.postings) == moved(postings) && batch.events.map(\.type) == events,
            "outcomes are decided as one by one")
        model.apply(batch)
        require(model == singles, "outcomes leave what they leave one by one")
        found += model.breaches
        let again = Self.plan(outcomes, on: model.state(for: outcomes), world.generator)
        // A payment whose link was held by another may take it once that one has failed.
        let isStill = again.postings.isEmpty && again.events.isEmpty
        require(isStill || !again.takenOffers.isEmpty, "repeated outcomes move nothing")
        movedCount += batch.postings.count
    }
}

extension RandomRun {
    private static func plan(
        _ requests: [ClaimRequest], on state: ClaimBatchState, _ generator: SeededGenerator
    ) -> ClaimPlan {
        var generator = generator
        let policy = RailPolicy(depositAddresses: [.sandbox: Chain.base.usdcToken], achLimit: Sample.usd(150))
        return ClaimBatch.decide(requests, on: state, policy: policy, using: &generator)
    }

    private static func plan(
        _ outcomes: [SettlementOutcome], on state: OutcomeBatchState, _ generator: SeededGenerator
    ) -> OutcomePlan {
        var generator = generator
        return OutcomeBatch.decide(outcomes, on: state, using: &generator)
    }

    /// A posting without its transaction, whose id is random for a payment in suspense.
    private struct Moved: Equatable {
        let step: LedgerStep
        let entries: [Entry]
    }

    private struct Answered: Equatable {
        let claimId: ClaimID
        let outcome: ClaimOutcome
        let isReplayed: Bool
    }

    /// Everything that a plan writes, but for its events' random ids.
    private struct Summary: Equatable {
        var answers: [Answered] = []
        var records: [Answered] = []
        var aliases: [ClaimPlan.Alias] = []
        var keys: [ClaimPlan.Key] = []
        var postings: [Posting] = []
        var settlements: [SettlementRequest] = []
        var claimedLinks: [LinkID?] = []
    }

    private static func answers(_ plan: ClaimPlan) -> [Answered] {
        plan.answers.map { Answered(claimId: $0.claimId, outcome: $0.outcome, isReplayed: $0.isReplayed) }
    }

    private static func summary(_ plans: [ClaimPlan]) -> Summary {
        Summary(
            answers: plans.flatMap(answers),
            records: plans.flatMap(\.records).map {
                Answered(claimId: $0.request.claimId, outcome: $0.outcome, isReplayed: false)
            },
            aliases: plans.flatMap(\.aliases), keys: plans.flatMap(\.keys), postings: plans.flatMap(\.postings),
            settlements: plans.flatMap(\.settlements), claimedLinks: plans.flatMap(\.events).map(\.linkId))
    }

    private static func summary(_ plan: ClaimPlan) -> Summary { summary([plan]) }
}

/// Equal in every row that later decisions read.
extension OneAtATimeModel: Equatable {
    static func == (left: OneAtATimeModel, right: OneAtATimeModel) -> Bool {
        left.entries == right.entries && left.aliases == right.aliases && left.claimedEvents == right.claimedEvents
            && left.wallets.mapValues(\.balance) == right.wallets.mapValues(\.balance)
            && left.keys.mapValues(\.claimId) == right.keys.mapValues(\.claimId)
            && left.links.mapValues(\.status) == right.links.mapValues(\.status)
            && left.links.mapValues(\.winningClaimId) == right.links.mapValues(\.winningClaimId)
            && left.claims.mapValues(\.status) == right.claims.mapValues(\.status)
            && left.claims.mapValues(\.outcome) == right.claims.mapValues(\.outcome)
            && left.settling.mapValues(SettlingFacts.init) == right.settling.mapValues(SettlingFacts.init)
    }

    private struct SettlingFacts: Equatable {
        let status: ClaimStatus
        let failure: SettlementFailure?
        let reference: String?
        let times: [Timestamp?]

        init(_ claim: SettlingClaim) {
            status = claim.status
            failure = claim.failure
            reference = claim.reference
            times = [claim.submittedAt, claim.settledAt, claim.failedAt]
        }
    }
}
