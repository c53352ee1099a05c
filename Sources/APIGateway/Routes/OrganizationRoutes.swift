import Hummingbird
import PaymentLinks
import Storage

/// The caller's own organization, as it is in the environment of the key.
struct OrganizationRoutes: RouteGroup {
    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.get("/v1/organization", use: read)
        router.patch("/v1/organization", use: change)
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsRead)
        return try response(await gateway.organizations.find(key.organizationId, in: key.environment), to: key)
    }

    /// The choice decides over the money of every wallet, so it takes both permissions, and a key that reaches all.
    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try await gateway.currentKey(context, .paymentsWrite, .walletsWrite)
        guard key.grant.walletScope == nil else { throw Refusal.scopedKeyChangesNoOrganization }
        let body = try OrganizationBody(await request.optionalJSONObject())
        let changed = try await gateway.organizations.change(
            key.organizationId, in: key.environment, reopensAfterReturn: body.reopensAfterReturn)
        return try response(changed, to: key)
    }

    private func response(_ organization: OrganizationRecord?, to key: APIKey) throws -> Response {
        guard let organization else { throw Refusal.unknownKey }
        return Response(status: .ok, json: OrganizationJSON.organization(organization, in: key.environment))
    }
}
