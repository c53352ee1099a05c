import PaymentLinks
import Testing

@Suite("A claim's life")
struct ClaimTransitionTests {
    private static let moving: [(from: ClaimStatus, outcome: SettlementOutcome.Kind, step: ClaimStep)] = [
        (.pending, .submitted, .recordSubmission), (.pending, .settled, .settle), (.pending, .failed, .fail),
        (.pending, .returned, .fail), (.settled, .failed, .reverse), (.settled, .returned, .reverse),
        (.awaitingPayment, .submitted, .take), (.awaitingPayment, .settled, .takeAndSettle),
        (.awaitingPayment, .failed, .withdraw), (.awaitingPayment, .returned, .withdraw),
        (.expired, .settled, .suspend), (.cancelled, .settled, .suspend),
    ]

    @Test(
        "Each outcome does what the table says, or nothing",
        arguments: ClaimStatus.allCases, SettlementOutcome.Kind.allCases)
    func table(status: ClaimStatus, outcome: SettlementOutcome.Kind) {
        let row = Self.moving.first { $0.from == status && $0.outcome == outcome }
        #expect(status.applying(outcome) == row?.step ?? .ignore)
    }

    @Test("A step leads to the status that its name says")
    func steps() {
        #expect(
            ClaimStep.allCases.map(\.status) == [
                nil, nil, .pending, .settled, .settled, .failed, .failed, .failed, nil,
            ])
    }

    @Test(
        "However often and in whatever order outcomes come, money moves in once and out at most once",
        arguments: 1...200 as ClosedRange<UInt64>)
    func randomRuns(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var status = ClaimStatus.pending
        var balance = 0
        var history: [ClaimStep] = []
        for _ in 0..<50 {
            let outcome = SettlementOutcome.Kind.allCases.randomElement(using: &generator) ?? .submitted
            let step = status.applying(outcome)
            history.append(step)
            balance += step == .settle ? 1 : step == .reverse ? -1 : 0
            status = step.status ?? status
            #expect(balance == (status == .settled ? 1 : 0), "seed \(seed)")
        }
        #expect(history.count { $0 == .settle } <= 1, "seed \(seed)")
        #expect(history.count { $0 == .fail || $0 == .reverse } <= 1, "seed \(seed)")
    }

    @Test(
        "The same outcome again changes nothing more",
        arguments: ClaimStatus.allCases, SettlementOutcome.Kind.allCases)
    func repeated(status: ClaimStatus, outcome: SettlementOutcome.Kind) {
        let after = status.applying(outcome).status ?? status
        #expect(after.applying(outcome).status == nil)
    }
}
