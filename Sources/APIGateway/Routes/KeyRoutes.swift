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
        let known = try context.key(.keysWrite)
        let now = Timestamp.now()
        let body = try KeyBody(await request.jsonObject(), at: now)
        try known.requireEnvironment(body.environment ?? known.environment)
        var generator = SystemRandomNumberGenerator()
        let secret = APISecret.mint(known.environment, using: &generator)
        let outcome = try await gateway.keyAdministration.create(
            by: known.id, of: known.organizationId, secretDigest: RequestDigests.secretDigest(secret.text),
            limit: gateway.keyLimit
        ) { [ratePerKey = gateway.ratePerKey] own in
            if let refusal = own.refusal(toUse: .keysWrite, at: now) { return .failure(refusal) }
            let key = own.child(body, prefix: secret.prefix, at: now)
            return own.grant.covers(key.grant, defaultRate: ratePerKey) ? .success(key) : .failure(.grantsTooMuch)
        }
        let key = try outcome.value(limit: gateway.keyLimit, orThrow: .unknownKey)
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
        let known = try context.key(.keysWrite)
        let changes = try KeyChanges(await request.optionalJSONObject())
        let key = try await found(context, by: known)
        let outcome = try await gateway.keyAdministration.change(
            key.id, by: known.id, of: known.organizationId, changes
        ) { [ratePerKey = gateway.ratePerKey] own, key in
            own.refusal(toUse: .keysWrite, at: .now()) ?? own.refusal(toChange: [key])
                ?? own.refusal(toGrant: key.grant.changed(by: changes), defaultRate: ratePerKey)
        }
        let changed = try outcome.value(limit: gateway.keyLimit, orThrow: .noSuchKey)
        directory.forget([changed.id])
        return Response(status: .ok, json: KeyJSON.key(changed, at: .now()))
    }

    @Sendable private func revoke(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let known = try context.key(.keysWrite)
        var query = ListQuery(request)
        let cascades = query.boolean("cascade") ?? false
        try query.finish()
        let key = try await found(context, by: known)
        let outcome = try await gateway.keyAdministration.revoke(
            key.id, by: .key(known.id), of: known.organizationId, cascades: cascades
        ) { own, keys in
            own?.refusal(toUse: .keysWrite, at: .now())
                ?? own?.refusal(toChange: keys.filter { $0.revokedAt == nil || $0.id == key.id })
        }
        directory.forget(try outcome.value(limit: gateway.keyLimit, orThrow: .noSuchKey))
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
            prefix: prefix, grant: grant, createdBy: id, revokedAt: nil, createdAt: now)
    }

    /// Why the key, as the database has it now, may not do this; `nil` if it may.
    ///
    /// Its address was checked when the request came in: what a key's addresses are never changes.
    func refusal(toUse permissions: Permission..., at now: Timestamp) -> Refusal? {
        if let refusal = endOfLife(at: now) { return refusal }
        return permissions.first { !grant.permissions.contains($0) }.map(Refusal.missingPermission)
    }

    /// Why the key may not change, rename, or revoke these keys; `nil` if it covers all of them.
    fileprivate func refusal(toChange keys: [APIKey]) -> Refusal? {
        keys.allSatisfy { $0.environment == environment && grant.covers($0.grant) } ? nil : .keyIsBroader
    }

    /// Why the key may not give a key this grant; `nil` if it may, or if nothing is granted.
    fileprivate func refusal(toGrant other: KeyGrant?, defaultRate: Int) -> Refusal? {
        guard let other, !grant.covers(other, defaultRate: defaultRate) else { return nil }
        return .grantsTooMuch
    }
}

extension KeyAdministration.Outcome {
    /// What was done, or the refusal to send.
    fileprivate func value(limit: Int, orThrow absent: Refusal) throws -> Value {
        switch self {
        case .done(let value): return value
        case .refused(let refusal): throw refusal
        case .notFound: throw absent
        case .tooMany:
            throw InvalidRequest(
                field: "name", code: "TOO_MANY",
                message: "The organization has \(limit) API keys in use; revoke one that is not needed.")
        }
    }
}
