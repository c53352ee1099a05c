package import PaymentLinks

/// A request for sandbox money; its amount is read once the wallet's currency is known.
package struct FundingBody: Sendable {
    /// The most that one call may bring, in whole units of either currency.
    private static let mostWholeUnits: Int64 = 10_000

    private let reader: BodyReader
    private let allowsNumbers: Bool
    package let idempotencyKey: String?

    /// Reads the body of a request that names the wallet in its path.
    package init(_ fields: JSONObject, idempotencyHeader: [String] = []) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        self.init(&reader, idempotencyHeader: idempotencyHeader, allowsNumbers: false)
        try self.reader.finish()
    }

    /// - Parameter allowsNumbers: whether the amount may be a JSON number, as the sandbox's own route takes it.
    fileprivate init(_ reader: inout BodyReader, idempotencyHeader: [String], allowsNumbers: Bool) {
        idempotencyKey = reader.idempotencyKey(header: idempotencyHeader)
        // Read once for what is wrong in any currency, so that it is reported before the wallet is looked up.
        _ = reader.amount("amount", in: .usdc, allowsNumbers: allowsNumbers)
        self.reader = reader
        self.allowsNumbers = allowsNumbers
    }

    /// The amount in the wallet's currency, or what is wrong with it there.
    package func amount(in currency: Currency) throws(InvalidRequest) -> Money {
        var reader = reader
        let amount = reader.amount("amount", in: currency, allowsNumbers: allowsNumbers)
        if let amount, amount.minorUnits > Self.mostWholeUnits * currency.minorUnitsPerWhole {
            reader.report("amount", "TOO_LARGE", "Send at most \(Self.mostWholeUnits).00 a call.")
        }
        try reader.finish()
        guard let amount else { throw InvalidRequest(reader.problems) }
        return amount
    }

    /// Everything that makes two requests the same, in one spelling.
    package static func canonical(_ amount: Money, for walletId: WalletID) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("walletId", walletId)
            writer.field("amount", amount)
        }
    }
}

/// The same with the wallet named in the body, as the sandbox's own route takes it.
package struct SandboxFundingBody: Sendable {
    package let walletId: WalletID
    package let funding: FundingBody

    package init(_ fields: JSONObject, idempotencyHeader: [String] = []) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let walletId: WalletID? = reader.identifier("walletId", isRequired: true)
        funding = FundingBody(&reader, idempotencyHeader: idempotencyHeader, allowsNumbers: true)
        try reader.finish()
        guard let walletId else { throw InvalidRequest(reader.problems) }
        self.walletId = walletId
    }
}
