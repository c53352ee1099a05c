package import PaymentLinks

/// A claim as its payer sends it: valid in itself, not yet held against the link.
package struct ClaimBody: Sendable {
    package let destination: Destination
    package let recipientEmail: EmailAddress?
    package let idempotencyKey: String?

    package var method: ClaimMethod { destination.method }

    /// Reads the body, or throws every wrong field of it.
    package init(_ fields: JSONObject, idempotencyHeader: [String] = []) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        try self.init(&reader, idempotencyHeader: idempotencyHeader)
    }

    /// Reads what is left of the reader's object, or throws every wrong field of it.
    init(_ reader: inout BodyReader, idempotencyHeader: [String] = []) throws(InvalidRequest) {
        let method: ClaimMethod? = reader.choice("method", isRequired: true)
        let destination = reader.object("destination", isRequired: true) { $0.destination(method) }
        recipientEmail = reader.value("recipientEmail") { (text: String) throws(EmailAddressError) in
            try EmailAddress(text)
        }
        idempotencyKey = reader.idempotencyKey(header: idempotencyHeader)
        try reader.finish()
        guard let destination else { throw InvalidRequest(reader.problems) }
        self.destination = destination
    }

    /// Everything that makes two requests the same, in one spelling. It holds account numbers: only digest it.
    package var canonical: [UInt8] {
        JSONWriter.object { writer in
            writer.field("method", method.rawValue)
            writer.field("account", array: destination.facts) { $0.string($1) }
            writer.field("recipientEmail", recipientEmail?.folded)
        }
    }
}

extension BodyReader {
    /// Reads the fields that the destination's type has or, where that is wrong, the method's.
    fileprivate mutating func destination(_ method: ClaimMethod?) -> Destination? {
        let type = destinationType(method)
        switch type ?? method {
        case .ach: return achAccount().map(Destination.ach)
        case .usdc: return usdcAccount().map(Destination.usdc)
        case .wallet: return identifier("walletId", isRequired: true).map(Destination.wallet)
        case nil:
            ignoreRest()
            return nil
        }
    }

    private mutating func destinationType(_ method: ClaimMethod?) -> ClaimMethod? {
        guard let text = string("type", isRequired: true) else { return nil }
        guard let type = ClaimMethod(destinationType: text) else {
            report("type", "INVALID_VALUE", "Send one of ACH, USDC, WALLET.")
            return nil
        }
        if let method, method != type {
            report("type", "METHOD_MISMATCH", "The method \(method.rawValue) goes with \(method.destinationType).")
        }
        return type
    }

    private mutating func achAccount() -> ACHAccount? {
        let routingNumber = value("routingNumber", isRequired: true) { (text: String) throws(RoutingNumberError) in
            try RoutingNumber(text)
        }
        let accountNumber = value("accountNumber", isRequired: true) { (text: String) throws(AccountNumberError) in
            try AccountNumber(text)
        }
        let accountName = value("accountName", isRequired: true) { (text: String) throws(AccountNameError) in
            try AccountName(text)
        }
        guard let routingNumber, let accountNumber, let accountName else { return nil }
        return ACHAccount(routingNumber: routingNumber, accountNumber: accountNumber, accountName: accountName)
    }

    private mutating func usdcAccount() -> USDCAccount? {
        let address = value("address", isRequired: true) { (text: String) throws(EVMAddressError) in
            try EVMAddress(text)
        }
        let chain = chain("chain")
        guard let address, let chain else { return nil }
        return USDCAccount(address: address, chain: chain)
    }

    private mutating func chain(_ field: String) -> Chain? {
        guard let text = string(field, isRequired: true) else { return nil }
        if let chain = Chain(name: text) { return chain }
        let names = Chain.allCases.map(\.rawValue).joined(separator: ", ")
        report(field, "UNSUPPORTED_CHAIN", "Send one of \(names).")
        return nil
    }
}

extension Destination {
    /// The account's facts in a fixed order, each in its one spelling.
    fileprivate var facts: [String] {
        switch self {
        case .ach(let account):
            [account.routingNumber.unmasked, account.accountNumber.unmasked, account.accountName.string]
        case .usdc(let account): [account.address.description, account.chain.rawValue]
        case .wallet(let id): [id.description]
        }
    }
}
