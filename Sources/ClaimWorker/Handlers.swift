import Jobs
import Logging
import Metrics
import PaymentLinks
import Storage

/// Claims: the payers' jobs.
struct ClaimHandler: BatchHandler {
    let kind = "claim"
    let batchesAtOnce = 2
    let store: ClaimStore
    let authenticator: JobAuthenticator
    let faultPoint: FaultPoint
    private let accepted = Counter(label: "paylinks_claims_decided_total", dimensions: [("outcome", "accepted")])
    private let refused = Counter(label: "paylinks_claims_decided_total", dimensions: [("outcome", "refused")])
    private let replayed = Counter(label: "paylinks_claims_decided_total", dimensions: [("outcome", "replayed")])
    private let again = Counter(label: "paylinks_batches_decided_again_total")

    init(store: ClaimStore, authenticator: JobAuthenticator, faultPoint: FaultPoint) {
        self.store = store
        self.authenticator = authenticator
        self.faultPoint = faultPoint
    }

    func queue(in topology: JobTopology) -> String { topology.claimQueue }

    func decode(_ body: JSONElement) throws(UnreadableMessage) -> ClaimRequest {
        try authenticator.verify(body, type: ClaimJob.type)
        return try ClaimJob.decode(body)
    }

    func jobId(_ job: ClaimRequest) -> ULID { job.claimId.ulid }

    func locked(_ jobs: [ClaimRequest]) async throws(StorageError) -> Set<ULID> {
        Set(try await store.locked(jobs).map(\.ulid))
    }

    func perform(
        _ jobs: [ClaimRequest], removing published: [ULID], lockTimeout: Duration?
    ) async throws(StorageError) -> BatchResult {
        let plan = try await store.decide(jobs, removing: published, lockTimeout: lockTimeout) {
            faultPoint.crash(at: .beforeCommit)
        }
        count(plan)
        return BatchResult(
            outbox: plan.outbox,
            answers: plan.answers.map {
                ($0.claimId.ulid, .claim(Reply(outcome: $0.outcome, isReplayed: $0.isReplayed)))
            })
    }

    private func count(_ plan: ClaimPlan) {
        let first = plan.answers.filter { !$0.isReplayed }
        let acceptedCount = first.count { if case .accepted = $0.outcome { true } else { false } }
        accepted.increment(by: acceptedCount)
        if plan.isSecond { again.increment() }
        refused.increment(by: first.count - acceptedCount)
        replayed.increment(by: plan.answers.count - first.count)
    }
}

/// Creations: the payees' jobs.
struct CreationHandler: BatchHandler {
    let kind = "create"
    let batchesAtOnce = 2
    let store: CreationStore
    let authenticator: JobAuthenticator
    private let created = Counter(label: "paylinks_links_created_total")

    init(store: CreationStore, authenticator: JobAuthenticator) {
        self.store = store
        self.authenticator = authenticator
    }

    func queue(in topology: JobTopology) -> String { topology.creationQueue }

    func decode(_ body: JSONElement) throws(UnreadableMessage) -> LinkCreation {
        try authenticator.verify(body, type: CreationJob.type)
        return try CreationJob.decode(body)
    }

    func jobId(_ job: LinkCreation) -> ULID { job.linkId.ulid }

    func locked(_ jobs: [LinkCreation]) async throws(StorageError) -> Set<ULID> {
        Set(try await store.locked(jobs).map(\.ulid))
    }

    func perform(
        _ jobs: [LinkCreation], removing published: [ULID], lockTimeout: Duration?
    ) async throws(StorageError) -> BatchResult {
        let plan = try await store.create(jobs, removing: published, lockTimeout: lockTimeout)
        created.increment(by: plan.links.count)
        return BatchResult(
            outbox: plan.outbox,
            answers: plan.answers.map {
                ($0.linkId.ulid, .creation(Reply(outcome: $0.outcome, isReplayed: $0.isReplayed)))
            })
    }
}

/// Outcomes: what rails report of settlements. No caller waits for an answer.
struct OutcomeHandler: BatchHandler {
    let kind = "outcome"
    /// What a rail says first is decided first, within one worker.
    let batchesAtOnce = 1
    let store: SettlementStore
    let authenticator: OutcomeAuthenticator
    private let logger: Logger
    private let settled = Counter(label: "paylinks_settlements_total", dimensions: [("status", "settled")])
    private let failed = Counter(label: "paylinks_settlements_total", dimensions: [("status", "failed")])
    private let ignored = Counter(label: "paylinks_outcomes_ignored_total")
    private let unknown = Counter(label: "paylinks_outcomes_unknown_total")
    private let contradicted = Counter(label: "paylinks_outcomes_contradicted_total")
    private let suspended = SuspendedPayment.Label.allCases.map { label in
        (label, Counter(label: "paylinks_payments_suspended_total", dimensions: [("label", label.rawValue)]))
    }

    init(store: SettlementStore, authenticator: OutcomeAuthenticator, logger: Logger) {
        self.store = store
        self.authenticator = authenticator
        self.logger = logger
    }

    func queue(in topology: JobTopology) -> String { topology.outcomeQueue }

    func decode(_ body: JSONElement) throws(UnreadableMessage) -> SettlementOutcome {
        try OutcomeMessage.decode(body, authenticator)
    }

    func jobId(_ job: SettlementOutcome) -> ULID { job.settlementId.ulid }

    func locked(_ jobs: [SettlementOutcome]) async throws(StorageError) -> Set<ULID> {
        Set(try await store.locked(jobs).map(\.ulid))
    }

    func perform(
        _ jobs: [SettlementOutcome], removing published: [ULID], lockTimeout: Duration?
    ) async throws(StorageError) -> BatchResult {
        let plan = try await store.apply(jobs, removing: published, lockTimeout: lockTimeout)
        ignored.increment(by: plan.ignoredCount)
        unknown.increment(by: plan.unknown.count)
        report(plan.unknown, "outcome of an unknown settlement was ignored")
        contradicted.increment(by: plan.contradicted.count)
        report(plan.contradicted, "payment arrived after its claim had failed")
        for (label, counter) in suspended { counter.increment(by: plan.suspended.count { $0.label == label }) }
        settled.increment(by: plan.claims.values.count { $0.status == .settled })
        failed.increment(by: plan.claims.values.count { $0.status == .failed })
        return BatchResult(outbox: plan.outbox)
    }

    /// Such an outcome moves nothing, and somebody should look at its rail.
    private func report(_ outcomes: [SettlementOutcome], _ message: Logger.Message) {
        for outcome in outcomes {
            logger.error(
                message,
                metadata: [
                    "settlement_id": "\(outcome.settlementId)", "outcome": "\(outcome.kind.rawValue)",
                    "code": "\(outcome.code ?? "none")", "reference": "\(outcome.reference ?? "none")",
                ])
        }
    }
}
