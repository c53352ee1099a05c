package import PaymentLinks

/// What a rail is asked to do for one claim, as it travels; `SettlementRequest.messageBody` writes it.
package enum SettlementMessage {
    package static let type = "settlement"

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> SettlementRequest {
        let body = try SettlementBody.decode(bytes)
        guard let units = Int64(body.amountBaseUnits), units > 0 else {
            throw UnreadableMessage("amountBaseUnits must be a whole number above 0")
        }
        return SettlementRequest(
            settlementId: body.settlementId, transactionId: body.transactionId, environment: body.environment,
            method: body.method, amount: Money(minorUnits: units, currency: body.currency),
            sealedDestination: body.destination.bytes, payee: body.payee, createdAt: body.createdAt)
    }
}

private struct SettlementBody: VersionedBody {
    static let name = "settlement"
    static var version: Int { SettlementRequest.version }

    let version: Int
    let settlementId: ClaimID
    let transactionId: TransactionID
    let environment: Environment
    let method: ClaimMethod
    let amountBaseUnits: String
    let currency: Currency
    let destination: Base64
    let payee: String
    let createdAt: Timestamp
}
