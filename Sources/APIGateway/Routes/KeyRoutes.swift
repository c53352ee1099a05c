import Hummingbird
package import PaymentLinks
import Sealing
package import Storage

/// API keys, for those whose own key may handle keys.
struct KeyRoutes: RouteGroup {
    private let gateway: Gateway
    private let directory: KeyDirectory

    init(_ gateway: Gateway, _ directory: KeyDirectory) {
        self.gateway = gateway
        self.directory = directory
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/api-keys", use: create)
        router.get("/v1/api-keys", use: list)
        router.get("/v1/api-keys/:id", use: read)
        router.patch("/v1/api-keys/:id", use: change)
        router.delete("/v1/api-keys/:id", use: revoke)
    }

    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let own = try context.key(.keysWrite)
        let now = Timestamp.now()
        let body = try KeyBody(await request.jsonObject(), at: now)
        try own.requireEnvironment(body.environment ?? own.environment)
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(own.environment, using: &generator)
        let key = own.child(body, prefix: secret.prefix, at: now)
        guard own.grant.covers(key.grant, defaultRate: gateway.ratePerKey) else { throw Refusal.grantsTooMuch }
        try await gateway.keys.insert(key, secretDigest: RequestDigests.secretDigest(secret.text))
        return Response(
            status: .created, json: KeyJSON.key(key, secret: secret, at: now),
            headers: [.location: ResourcePath.key(key.id)])
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let own = try context.key(.keysRead)
        let query = ListQuery(request)
        try query.finish()
        let now = Timestamp.now()
        return try await gateway.keys.list(
            organization: own.organizationId, environment: own.environment, query.page
        ).response(cursor: \.id.bits) { KeyJSON.fields(of: $1, at: now, in: &$0) }
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try await found(context, by: try context.key(.keysRead))
        return Response(status: .ok, json: KeyJSON.key(key, at: .now()))
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let own = try context.key(.keysWrite)
        let changes = try KeyChanges(await request.optionalJSONObject())
        let key = try await found(context, by: own)
        if let grant = key.grant.changed(by: changes) {
            guard own.grant.covers(grant, defaultRate: gateway.ratePerKey) else { throw Refusal.grantsTooMuch }
        }
        let changed = try await gateway.keys.change(key.id, organization: own.organizationId, changes)
        guard let changed else { throw Refusal.noSuchKey }
        directory.forget(key.id)
        return Response(status: .ok, json: KeyJSON.key(changed, at: .now()))
    }

    @Sendable private func revoke(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let own = try context.key(.keysWrite)
        let key = try await found(context, by: own)
        guard try await gateway.keys.revoke(key.id, organization: own.organizationId) else { throw Refusal.noSuchKey }
        directory.forget(key.id)
        return Response(status: .noContent)
    }

    private func found(_ context: GatewayContext, by own: APIKey) async throws -> APIKey {
        let id: KeyID = try context.identifier(orThrow: .noSuchKey)
        guard let key = try await gateway.keys.find(id, organization: own.organizationId) else {
            throw Refusal.noSuchKey
        }
        try own.requireEnvironment(key.environment)
        return key
    }
}

extension KeyGrant {
    /// The grant as these changes leave it; `nil` when they leave it as it is.
    fileprivate func changed(by changes: KeyChanges) -> KeyGrant? {
        guard changes.permissions != nil || changes.rateLimit != nil else { return nil }
        var grant = self
        grant.permissions = changes.permissions ?? permissions
        if let rateLimit = changes.rateLimit { grant.rateLimit = rateLimit }
        return grant
    }
}

extension APIKey {
    /// A key that this one gives out; bounds that are not asked for are this key's own.
    package func child(_ body: KeyBody, prefix: String, at now: Timestamp) -> APIKey {
        let grant = KeyGrant(
            permissions: body.permissions, walletScope: body.walletScope ?? grant.walletScope,
            allowedIps: body.allowedIps ?? grant.allowedIps, expiresAt: body.expiresAt ?? grant.expiresAt,
            rateLimit: body.rateLimit ?? grant.rateLimit)
        return APIKey(
            id: .mint(at: now), organizationId: organizationId, environment: environment, name: body.name,
            prefix: prefix, grant: grant, revokedAt: nil, createdAt: now)
    }
}
