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
        case .staysPending: [submitted]
        case .returns(let code): [submitted, settled, returned(code)]
        case .underpays: [submitted, underpaid]
        case .overpays: [submitted, overpaid]
        }
    }

    private var submitted: SettlementOutcome {
        outcome(.submitted, at: settlement.request.createdAt)
    }

    private var settled: SettlementOutcome { outcome(.settled) }

    private func returned(_ code: String) -> SettlementOutcome {
        outcome(.returned, code: code, reason: ACHReturn.reason(code))
    }

    private var underpaid: SettlementOutcome {
        let amount = settlement.request.amount
        let paid = Money(minorUnits: amount.minorUnits / 2, currency: amount.currency)
        return outcome(
            .failed, code: "UNDERPAID",
            reason: "\(paid) of \(amount) \(amount.currency.rawValue) arrived. What arrived is kept for its sender.")
    }

    private var overpaid: SettlementOutcome {
        outcome(.settled, code: "OVERPAID", reason: "More than asked for arrived. The rest is kept for its sender.")
    }

    private func outcome(
        _ kind: SettlementOutcome.Kind, code: String? = nil, reason: String? = nil, at time: Timestamp? = nil
    ) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: settlement.id, kind: kind, code: code, reason: reason, reference: reference,
            occurredAt: time ?? settledAt)
    }
}
