package import PaymentLinks

/// The job that carries a claim from a gateway to a claim worker.
package enum ClaimJob {
    static let type = "claim"

    package static func encode(_ request: ClaimRequest) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", ClaimJobBody.version)
            writer.field("claimId", request.claimId)
            writer.field("transactionId", request.transactionId)
            writer.field("slug", request.slug)
            writer.field("method", request.method.rawValue)
            writer.fields(of: request.payer)
            writer.field("recipientEmail", request.recipientEmail)
            writer.field("authority", request.authority)
            writer.field("digest", base64: request.digest.bytes)
            writer.field("idempotencyKey", base64: request.idempotencyKey?.bytes)
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> ClaimRequest {
        try ClaimJobBody.decode(bytes).request()
    }
}

private struct ClaimJobBody: VersionedBody {
    static let name = "claim job"
    static let version = 1

    struct Authority: Decodable {
        let organizationId: OrganizationID
        let environment: Environment
        let walletScope: [WalletID]?
    }

    let version: Int
    let claimId: ClaimID
    let transactionId: TransactionID
    let slug: Slug
    let method: ClaimMethod
    let destination: Base64?
    let chain: Chain?
    let walletId: WalletID?
    let recipientEmail: EmailAddress?
    let authority: Authority?
    let digest: Base64
    let idempotencyKey: Base64?

    func request() throws(UnreadableMessage) -> ClaimRequest {
        ClaimRequest(
            claimId: claimId, transactionId: transactionId, slug: slug, payer: try payer(),
            recipientEmail: recipientEmail,
            authority: authority.map {
                .init(
                    organizationId: $0.organizationId, environment: $0.environment,
                    walletScope: $0.walletScope.map(Set.init))
            },
            digest: try digest.digest("digest"), idempotencyKey: try idempotencyKey?.digest("idempotencyKey"))
    }

    private func payer() throws(UnreadableMessage) -> ClaimRequest.Payer {
        switch (method, destination, chain, walletId) {
        case (.ach, let destination?, _, _): return .ach(sealedDestination: destination.bytes)
        case (.usdc, let destination?, let chain?, _):
            return .usdc(sealedDestination: destination.bytes, chain: chain)
        case (.wallet, _, _, let walletId?): return .wallet(walletId)
        default: throw UnreadableMessage("the payer's fields do not fit the method \(method.rawValue)")
        }
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
        field(name, object: { writer in
            writer.field("organizationId", authority.organizationId)
            writer.field("environment", authority.environment.rawValue)
            if let scope = authority.walletScope {
                writer.field("walletScope", array: scope.sorted()) { $0.string($1.description) }
            }
        })
    }
}
