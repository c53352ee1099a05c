package import PaymentLinks

/// Stands where no rail is connected: every settlement fails at once, so that its link can be claimed again.
package struct MissingRail: Rail {
    package static let code = "RAIL_UNAVAILABLE"

    package init() {}

    package func submit(_ batch: [OpenedSettlement]) -> [SettlementOutcome] {
        batch.map { settlement in
            let method = settlement.request.method.rawValue
            return SettlementOutcome(
                settlementId: settlement.id, kind: .failed, code: Self.code,
                reason: "No \(method) rail is connected for production payments. The link can be claimed again.",
                reference: nil, occurredAt: settlement.request.createdAt)
        }
    }
}
