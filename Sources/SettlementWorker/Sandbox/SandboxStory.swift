import PaymentLinks

/// Tells one settlement's script as the outcomes that a rail would report.
struct SandboxStory {
    private let settlement: OpenedSettlement
    private let settledAt: Timestamp
    private let reference: String

    init(_ settlement: OpenedSettlement, settledAt: Timestamp) {
        self.settlement = settlement
        self.settledAt = settledAt
        reference = SandboxReference.text(for: settlement.request)
    }

    func outcomes(_ script: SandboxScript) -> [SettlementOutcome] {
        switch script {
        case .settles: [submitted, settled]
        case .staysPending: settlement.request.method == .ach ? [submitted] : []
        case .returns(let code): [submitted, settled, returned(code)]
        case .underpays: half < settlement.request.amount.minorUnits ? [underpaid] : []
        case .overpays: overpaid
        }
    }

    private var submitted: SettlementOutcome {
        outcome(.submitted, at: settlement.request.createdAt)
    }

    private var settled: SettlementOutcome { outcome(.settled) }

    private func returned(_ code: String) -> SettlementOutcome {
        outcome(.returned, code: code, reason: ACHReturn.reason(code))
    }

    /// Half of the amount, or one base unit.
    private var half: Int64 { max(1, settlement.request.amount.minorUnits / 2) }

    /// An insufficient payment is never `submitted`: that would be the sight of a sufficient one.
    private var underpaid: SettlementOutcome {
        outcome(.settled, code: "UNDERPAID", reason: "Less than asked for arrived.", baseUnits: half)
    }

    private var overpaid: [SettlementOutcome] {
        let units = settlement.request.amount.minorUnits + half
        return [
            outcome(.submitted, at: settlement.request.createdAt, baseUnits: units),
            outcome(.settled, code: "OVERPAID", reason: "More than asked for arrived.", baseUnits: units),
        ]
    }

    private func outcome(
        _ kind: SettlementOutcome.Kind, code: String? = nil, reason: String? = nil, at time: Timestamp? = nil,
        baseUnits: Int64? = nil
    ) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: settlement.id, kind: kind, code: code, reason: reason, reference: reference,
            occurredAt: time ?? settledAt, baseUnits: baseUnits)
    }
}
