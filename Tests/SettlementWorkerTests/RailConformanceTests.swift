import PaymentLinks
import SettlementWorker
import Testing

@Suite("Rails")
struct RailConformanceTests {
    static let sandbox = SandboxRail(delay: .zero, pause: .none)

    @Test(
        "Every rail answers every settlement, the same each time",
        arguments: [sandbox, MissingRail(), RailTable(sandbox: sandbox, production: MissingRail())] as [any Rail])
    func conformance(rail: any Rail) async throws {
        #expect(try await violations(rail) == [])
    }

    @Test(
        "The conformance suite finds a rail that breaks a rule",
        arguments: [
            BrokenRail { _ in [] },
            BrokenRail { batch in
                batch.map { outcome(for: $0.id, .settled) } + [outcome(for: ClaimID(bits: 0), .settled)]
            },
            BrokenRail { batch in batch.map { outcome(for: $0.id, .returned, code: "R01", reason: "Why.") } },
            BrokenRail { batch in batch.map { outcome(for: $0.id, .failed) } },
            BrokenRail { batch in
                batch.map { outcome(for: $0.id, .settled, reference: String(Int.random(in: 0 ... .max))) }
            },
        ])
    func brokenRails(rail: BrokenRail) async throws {
        #expect(try await !violations(rail).isEmpty)
    }

    @Test("A production settlement fails at once where no rail is connected, and says why")
    func missingRail() async throws {
        let settlement = Sample.settlement(1, paidFrom: try Sample.bankAccount("1234567890"), environment: .production)
        let rails = RailTable(sandbox: Self.sandbox, production: MissingRail())
        let outcomes = try await rails.submit([settlement])
        #expect(outcomes.map(\.kind) == [.failed])
        #expect(outcomes.first?.code == "RAIL_UNAVAILABLE")
        #expect(outcomes.first?.reason?.contains("No ach rail is connected") == true)
    }

    @Test("Sandbox and production settlements of one batch go to their own rails")
    func split() async throws {
        let account = try Sample.bankAccount("1234567890")
        let batch = [
            Sample.settlement(1, paidFrom: account), Sample.settlement(2, paidFrom: account, environment: .production),
        ]
        let outcomes = try await RailTable(sandbox: Self.sandbox, production: MissingRail()).submit(batch)
        let kinds = Dictionary(grouping: outcomes, by: \.settlementId).mapValues { $0.map(\.kind) }
        #expect(kinds == [batch[0].id: [.submitted, .settled], batch[1].id: [.failed]])
    }

    private func violations(_ rail: any Rail) async throws -> [String] {
        try await RailConformance.violations(by: rail, given: Sample.everyKind())
    }
}

/// Answers as it likes.
struct BrokenRail: Rail {
    let answer: @Sendable ([OpenedSettlement]) -> [SettlementOutcome]

    func submit(_ batch: [OpenedSettlement]) -> [SettlementOutcome] { answer(batch) }
}

func outcome(
    for id: ClaimID, _ kind: SettlementOutcome.Kind, code: String? = nil, reason: String? = nil,
    reference: String? = nil
) -> SettlementOutcome {
    SettlementOutcome(
        settlementId: id, kind: kind, code: code, reason: reason, reference: reference, occurredAt: Sample.createdAt)
}
