import Hummingbird
import PaymentLinks
import Sealing
import Storage

/// What payers need: a link's details, claiming it, and the claim.
struct ClaimRoutes: RouteGroup {
    /// How often a claim is looked at while somebody waits for it.
    private static let pollInterval = Duration.milliseconds(200)

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.get("/v1/payment-links/claim/:slug", use: details)
        router.post("/v1/payment-links/claim/:slug/claim", use: claim)
        router.get("/v1/payment-links/claim/:slug/claims/:claimId", use: readClaim)
    }

    @Sendable private func details(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let details = try await gateway.links.details(of: try context.slug()) else { throw Refusal.noSuchSlug }
        return Response(gateway.answer(details))
    }

    @Sendable private func claim(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.optionalKey()
        let slug = try context.slug()
        let body = try ClaimBody(await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        let preferences = request.preferences
        let claim = try gateway.accept(body, on: slug, authority: key?.authority)
        return Response(
            try await JobDesk(gateway).answer(to: claim, preferences, traceparent: context.traceparent))
    }

    @Sendable private func readClaim(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let slug = try context.slug()
        let id: ClaimID = try context.identifier("claimId", orThrow: .noSuchClaim)
        let preferences = request.preferences
        // An invented id is not waited for.
        let result = try await gateway.polling.value(
            within: preferences.wait(default: .zero), every: Self.pollInterval, for: context.meter?.subject,
            until: { !$0.isAbsent || gateway.promise(of: id, on: slug) != .underWay }
        ) {
            try await gateway.claims.find(id, on: slug)
        }
        return Response(try answer(to: result, id, on: slug).applying(preferences))
    }

    private func answer(
        to result: ClaimLookup.Result, _ id: ClaimID, on slug: Slug
    ) throws(Refusal) -> Answer {
        switch result {
        case .won(let claim): return Answer(status: .ok, json: ClaimJSON.claim(claim))
        case .refused(let refusal): throw refusal
        case .absent:
            switch gateway.promise(of: id, on: slug) {
            case .underWay:
                return .accepted(
                    ClaimJSON.processing(id, slug: slug, method: nil), at: ResourcePath.claim(id, on: slug))
            case .notKept: throw .claimNotKept
            case .neverMade: throw .noSuchClaim
            }
        }
    }
}

extension ClaimLookup.Result {
    fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }
}
