package import PaymentLinks

/// The job that carries a claim from a gateway to a claim worker.
package enum ClaimJob {
    package static let type = "claim"
    private static let name = "claim job"
    private static let version = 1

    package static func encode(_ request: ClaimRequest) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", Self.version)
            writer.field("claimId", request.claimId)
            writer.field("transactionId", request.transactionId)
            writer.field("slug", request.slug)
            writer.field("method", request.method.rawValue)
            writer.fields(of: request.payer)
            writer.field("recipientEmail", request.recipientEmail)
            writer.field("recipientEmailDigest", base64: request.recipientEmailDigest?.bytes)
            writer.field("authority", request.authority)
            writer.field("digest", base64: request.digest.bytes)
            writer.field("idempotencyKey", base64: request.idempotencyKey?.bytes)
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> ClaimRequest {
        try decode(MessageFields.parse(bytes, name))
    }

    package static func decode(_ job: JSONElement) throws(UnreadableMessage) -> ClaimRequest {
        let fields = try MessageFields(of: name, version: version, in: job)
        return ClaimRequest(
            claimId: try fields.identifier("claimId"), transactionId: try fields.identifier("transactionId"),
            slug: try fields.slug("slug"), payer: try payer(fields),
            recipientEmail: try fields.optional("recipientEmail", EmailAddress.init(json:)),
            recipientEmailDigest: try fields.optionalDigest("recipientEmailDigest"),
            authority: try authority(fields), digest: try fields.digest("digest"),
            idempotencyKey: try fields.optionalDigest("idempotencyKey"))
    }

    private static func payer(_ fields: MessageFields) throws(UnreadableMessage) -> ClaimRequest.Payer {
        let method: ClaimMethod = try fields.choice("method")
        let destination = try fields.optional("destination", \.base64)
        let chain = try fields.optional("chain") { $0.string.flatMap(Chain.init(rawValue:)) }
        let walletId = try fields.optional("walletId", WalletID.init(json:))
        switch (method, destination, chain, walletId) {
        case (.ach, let destination?, _, _): return .ach(sealedDestination: destination)
        case (.usdc, let destination?, let chain?, _): return .usdc(sealedDestination: destination, chain: chain)
        case (.wallet, _, _, let walletId?): return .wallet(walletId)
        default: throw fields.failure("the payer's fields do not fit the method \(method.rawValue)")
        }
    }

    private static func authority(_ fields: MessageFields) throws(UnreadableMessage) -> ClaimRequest.WalletAuthority? {
        guard let authority = try fields.optionalObject("authority") else { return nil }
        return ClaimRequest.WalletAuthority(
            organizationId: try authority.identifier("organizationId"),
            environment: try authority.choice("environment"),
            walletScope: try authority.optionalList("walletScope", WalletID.init(json:)).map(Set.init),
            readsBalances: try authority.optional("readsBalances", \.boolean) ?? false)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of payer: ClaimRequest.Payer) {
        switch payer {
        case .ach(let sealed):
            field("destination", base64: sealed)
        case .usdc(let sealed, let chain):
            field("destination", base64: sealed)
            field("chain", chain.rawValue)
        case .wallet(let walletId):
            field("walletId", walletId)
        }
    }

    fileprivate mutating func field(_ name: StaticString, _ authority: ClaimRequest.WalletAuthority?) {
        guard let authority else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("organizationId", authority.organizationId)
                writer.field("environment", authority.environment.rawValue)
                if let scope = authority.walletScope {
                    writer.field("walletScope", array: scope.sorted()) { $0.string($1.description) }
                }
                if authority.readsBalances { writer.field("readsBalances", true) }
            })
    }
}
