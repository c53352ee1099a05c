import Metrics
import PaymentLinks

/// What one queue's work looks like from outside.
struct SettlementMetrics: Sendable {
    private let taken: Counter
    private let batchSize: Recorder
    private let outcomes: [SettlementOutcome.Kind: Counter]

    init(method: ClaimMethod) {
        let method = [("method", method.rawValue)]
        taken = Counter(label: "paylinks_settlements_taken_total", dimensions: method)
        batchSize = Recorder(label: "paylinks_settlement_batch_size", dimensions: method, aggregate: true)
        outcomes = Dictionary(
            uniqueKeysWithValues: SettlementOutcome.Kind.allCases.map { kind in
                (kind, Counter(label: "paylinks_outcomes_published_total", dimensions: [("outcome", kind.rawValue)]))
            })
    }

    func took(_ count: Int) {
        taken.increment(by: count)
        batchSize.record(count)
    }

    func published(_ published: [SettlementOutcome]) {
        for outcome in published { outcomes[outcome.kind]?.increment() }
    }
}
