import Hummingbird
package import PaymentLinks
import Sealing
import Storage

/// Releases claims before their money moves: for the payer, who sends the claim's body again, and for the payee.
struct ReleaseRoutes: RouteGroup {
    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/payment-links/claim/:slug/claims/:claimId/release", use: releaseByPayer)
        router.post("/v1/payment-links/:id/release", use: releaseByPayee)
    }

    @Sendable private func releaseByPayer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.optionalKey()
        let slug = try context.slug()
        let id: ClaimID = try context.identifier("claimId", orThrow: .noSuchClaim)
        let body = try ClaimBody(await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        let release = try await gateway.releases.release(
            id, on: slug, digest: gateway.digests.digest(of: body.canonical))
        guard let released = try await publish(release) else { throw gateway.refusal(ofUnknown: id, on: slug) }
        guard case .won(let claim) = try await gateway.claims.find(released, on: slug) else {
            throw Refusal.noSuchClaim
        }
        return Response(status: .ok, json: ClaimJSON.claim(claim))
    }

    @Sendable private func releaseByPayee(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsWrite)
        let id = try await link(try context.identifier(orThrow: .noSuchLink), within: key).id
        let claim = try ReleaseBody.claimId(await request.optionalJSONObject())
        let release = try await gateway.releases.release(
            id, claim: claim, organization: key.organizationId, environment: key.environment,
            walletScope: key.grant.walletScope)
        if case .notClaimed = release {} else if try await publish(release) == nil { throw Refusal.noSuchClaim }
        return Response(status: .ok, json: gateway.linkJSON.link(try await link(id, within: key)))
    }

    /// The link of this id, or the one that answers it. Throws why there is none within the key's reach.
    private func link(_ id: LinkID, within key: APIKey) async throws -> LinkRecord {
        switch try await gateway.links.find(id, organization: key.organizationId) {
        case .link(let link):
            try key.requireEnvironment(link.environment)
            try key.requireScope(link.walletId)
            return link
        case .refused(let refusal): throw refusal
        case .absent: throw Refusal.noSuchLink
        }
    }

    /// Publishes what a release sends, and returns the released claim; `nil` when there is no such claim.
    private func publish(_ release: ReleaseStore.Release) async throws -> ClaimID? {
        switch release {
        case .released(let id, let messages):
            await gateway.outbox.publish(messages)
            return id
        case .notReleasable(let status): throw Refusal.claimNotReleasable(status)
        case .notThePayers: throw Refusal.notTheClaimsBody
        case .notClaimed, .notFound: return nil
        }
    }
}

extension Gateway {
    /// Why a claim that no row knows cannot be released.
    fileprivate func refusal(ofUnknown id: ClaimID, on slug: Slug) -> Refusal {
        switch promise(of: id, on: slug) {
        case .underWay: .claimNotReleasable(.processing)
        case .notKept: .claimNotKept
        case .neverMade: .noSuchClaim
        }
    }
}

/// The body of a payee's release, which may name one claim of the link.
package enum ReleaseBody {
    package static func claimId(_ fields: JSONObject) throws(InvalidRequest) -> ClaimID? {
        var reader = BodyReader(fields)
        let id: ClaimID? = reader.identifier("claimId")
        try reader.finish()
        return id
    }
}
