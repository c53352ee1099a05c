import Hummingbird
import PaymentLinks
import Sealing
import Storage

/// What payers need: a link's details, claiming it, and the claim.
struct ClaimRoutes: RouteGroup {
    /// How often a claim is looked at while somebody waits for it.
    private static let pollInterval = Duration.milliseconds(200)
    /// Milliseconds after which a claim without a row may have been refused without one.
    private static let timeToDecide: Int64 = 60_000

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
        let slug = try context.slug()
        return Response(try gateway.answer(try await gateway.details.value(of: slug), of: slug))
    }

    @Sendable private func claim(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.optionalKey()
        let slug = try context.slug()
        let body = try ClaimBody(await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        let intake = ClaimIntake(gateway: gateway, authority: key?.authority, subject: context.meter?.subject)
        return Response(
            try await intake.answer(
                to: try intake.accept(body, on: slug), request.preferences, traceparent: context.traceparent))
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
        return Response(try await answer(to: result, id, on: slug).applying(preferences))
    }

    private func answer(
        to result: ClaimLookup.Result, _ id: ClaimID, on slug: Slug
    ) async throws -> Answer {
        switch result {
        case .won(let claim): return Answer(status: .ok, json: ClaimJSON.claim(claim))
        case .refused(let refusal): throw refusal
        case .absent:
            switch gateway.promise(of: id, on: slug) {
            case .underWay:
                if let refusal = try await refusalWithoutRow(of: id, on: slug) { throw refusal }
                return .accepted(
                    ClaimJSON.processing(id, slug: slug, method: nil), at: ResourcePath.claim(id, on: slug))
            case .notKept: throw Refusal.claimNotKept
            case .neverMade: throw Refusal.noSuchClaim
            }
        }
    }

    /// Beyond its bound, a link's refusals have no row. The link's current status then shows what the claim was
    /// answered, once workers had a minute to decide it.
    private func refusalWithoutRow(of id: ClaimID, on slug: Slug) async throws -> Refusal? {
        guard Timestamp.now().milliseconds - id.ulid.milliseconds > Self.timeToDecide else { return nil }
        return try await gateway.claims.refusalWithoutRow(on: slug)
    }
}

extension ClaimLookup.Result {
    fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }
}
