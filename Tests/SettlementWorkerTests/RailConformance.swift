import PaymentLinks
import SettlementWorker

/// What every rail must keep to, whatever it is made of; to be run against each.
enum RailConformance {
    /// Offers the batch twice, and gives the rules that were broken, in words.
    static func violations(by rail: some Rail, given batch: [OpenedSettlement]) async throws -> [String] {
        let outcomes = try await rail.submit(batch)
        let again = try await rail.submit(batch)
        var violations = outcomes == again ? [] : ["the same batch got other outcomes"]
        violations += unanswered(batch, outcomes).map { "no outcome for \($0)" }
        violations += strangers(batch, outcomes).map { "an outcome for \($0), which nobody asked for" }
        for (id, story) in Dictionary(grouping: outcomes, by: \.settlementId) where !isPossible(story.map(\.kind)) {
            violations.append("an impossible story for \(id)")
        }
        violations += outcomes.filter(lacksReason).map { "a failure without code or reason for \($0.settlementId)" }
        return violations
    }

    private static func unanswered(_ batch: [OpenedSettlement], _ outcomes: [SettlementOutcome]) -> Set<ClaimID> {
        Set(batch.filter { $0.request.method == .ach }.map(\.id)).subtracting(outcomes.map(\.settlementId))
    }

    private static func strangers(_ batch: [OpenedSettlement], _ outcomes: [SettlementOutcome]) -> Set<ClaimID> {
        Set(outcomes.map(\.settlementId)).subtracting(batch.map(\.id))
    }

    /// Submitted first if at all, then settled or failed; returned only after settled.
    private static func isPossible(_ kinds: [SettlementOutcome.Kind]) -> Bool {
        let rest = kinds.first == .submitted ? kinds.dropFirst() : kinds[...]
        return [[], [.settled], [.failed], [.settled, .returned]].contains(Array(rest))
    }

    private static func lacksReason(_ outcome: SettlementOutcome) -> Bool {
        switch outcome.kind {
        case .submitted, .settled: false
        case .failed, .returned: outcome.code == nil || outcome.reason == nil
        }
    }
}
