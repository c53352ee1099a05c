package import PaymentLinks

/// A rail's word on one settlement, as it travels. (contract: `settlement-outcomes`)
package enum OutcomeMessage {
    package static let type = "settlement-outcome"

    package static func encode(_ outcome: SettlementOutcome) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", OutcomeBody.version)
            writer.field("settlementId", outcome.settlementId)
            writer.field("outcome", outcome.kind.rawValue)
            writer.field("code", outcome.code)
            writer.field("reason", outcome.reason)
            writer.field("reference", outcome.reference)
            writer.field("occurredAt", outcome.occurredAt)
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> SettlementOutcome {
        let body = try OutcomeBody.decode(bytes)
        return SettlementOutcome(
            settlementId: body.settlementId, kind: body.outcome, code: body.code, reason: body.reason,
            reference: body.reference, occurredAt: body.occurredAt)
    }
}

private struct OutcomeBody: VersionedBody {
    static let name = "settlement outcome"
    static let version = 1

    let version: Int
    let settlementId: ClaimID
    let outcome: SettlementOutcome.Kind
    let code: String?
    let reason: String?
    let reference: String?
    let occurredAt: Timestamp
}
