package import PaymentLinks

/// A rail's word on one settlement, as it travels. (contract: `settlement-outcomes`)
package enum OutcomeMessage {
    package static let type = "settlement-outcome"
    private static let name = "settlement outcome"
    private static let version = 1

    /// - Parameter mac: the rail's proof, as `OutcomeAuthenticator` makes it.
    package static func encode(_ outcome: SettlementOutcome, mac: String? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", Self.version)
            writer.field("settlementId", outcome.settlementId)
            writer.field("outcome", outcome.kind.rawValue)
            writer.field("code", outcome.code)
            writer.field("reason", outcome.reason)
            writer.field("reference", outcome.reference)
            writer.field("occurredAt", outcome.occurredAt)
            if let units = outcome.baseUnits { writer.field("amountBaseUnits", String(units)) }
            if let mac { writer.field("mac", mac) }
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> SettlementOutcome {
        try decode(MessageFields.parse(bytes, name), .none)
    }

    /// Throws also when the outcome's MAC is wrong, or missing where the authenticator requires one.
    ///
    /// - Parameter arrival: when the message arrived. It is the time of an outcome that names none.
    package static func decode(
        _ outcome: JSONElement, _ authenticator: OutcomeAuthenticator,
        arrivedAt arrival: @autoclosure () -> Timestamp = .now()
    ) throws(UnreadableMessage) -> SettlementOutcome {
        let fields = try MessageFields(of: name, version: version, in: outcome)
        return SettlementOutcome(
            settlementId: try fields.identifier("settlementId"), kind: try fields.choice("outcome"),
            code: try fields.optional("code", \.string), reason: try fields.optional("reason", \.string),
            reference: try fields.optional("reference", \.string),
            occurredAt: try fields.optional("occurredAt", Timestamp.init(json:)) ?? arrival(),
            baseUnits: try fields.optional("amountBaseUnits", \.baseUnits),
            provenRail: try authenticator.rail(of: outcome))
    }
}

extension JSONElement {
    /// A whole number above 0, as a string.
    fileprivate var baseUnits: Int64? { string.flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil } }
}
