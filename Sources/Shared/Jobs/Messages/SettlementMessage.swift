package import PaymentLinks

/// What a rail is asked to do for one claim, as it travels; `SettlementRequest.messageBody` writes it.
package enum SettlementMessage {
    package static let type = "settlement"

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> SettlementRequest {
        let fields = try MessageFields(of: "settlement", version: SettlementRequest.version, in: bytes)
        guard let units = Int64(try fields.string("amountBaseUnits")), units > 0 else {
            throw fields.failure("amountBaseUnits must be a whole number above 0")
        }
        return SettlementRequest(
            settlementId: try fields.identifier("settlementId"), transactionId: try fields.identifier("transactionId"),
            environment: try fields.choice("environment"), method: try fields.choice("method"),
            amount: Money(minorUnits: units, currency: try fields.choice("currency")),
            sealedDestination: try fields.bytes("destination"), payee: try fields.string("payee"),
            createdAt: try fields.timestamp("createdAt"),
            instructions: try PaymentInstructions(try fields.optionalObject("instructions")))
    }
}
