/// A rail's word on one settlement. (contract: `settlement-outcomes`)
package struct SettlementOutcome: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case submitted, settled, failed, returned

        /// Whether it can end a claim, so that the link is free again.
        package var mayReopenLink: Bool { self == .failed || self == .returned }
    }

    package let settlementId: ClaimID
    package let kind: Kind
    /// A return code such as `R01`, or the rail's own; empty when all went well.
    package let code: String?
    package let reason: String?
    /// A trace number, or a transaction hash and log index.
    package let reference: String?
    package let occurredAt: Timestamp
    /// What the rail saw arrive, in base units of the rail's currency; `nil` for the amount that the settlement asks
    /// for.
    package let baseUnits: Int64?
    /// The rail whose key signed the outcome; `nil` for an unsigned one.
    package let provenRail: ClaimMethod?

    package init(
        settlementId: ClaimID, kind: Kind, code: String?, reason: String?, reference: String?, occurredAt: Timestamp,
        baseUnits: Int64? = nil, provenRail: ClaimMethod? = nil
    ) {
        self.settlementId = settlementId
        self.kind = kind
        self.code = code
        self.reason = reason
        self.reference = reference
        self.occurredAt = occurredAt
        self.baseUnits = baseUnits
        self.provenRail = provenRail
    }

    /// Whether it can end a claim, so that the link is free again: also a final payment that may be too small.
    package var mayReopenLink: Bool { kind.mayReopenLink || kind == .settled && baseUnits != nil }

    var failure: SettlementFailure {
        SettlementFailure(code: code ?? "UNKNOWN", reason: reason ?? "The rail gave no reason.")
    }
}
