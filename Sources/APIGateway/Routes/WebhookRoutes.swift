import Hummingbird
import PaymentLinks
import Storage
import Webhooks

/// Webhook endpoints, for their owners.
struct WebhookRoutes: RouteGroup {
    private let gateway: Gateway
    private var desk: WebhookDesk { gateway.webhooks }

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/webhooks", use: create)
        router.get("/v1/webhooks", use: list)
        router.get("/v1/webhooks/:id", use: read)
        router.patch("/v1/webhooks/:id", use: change)
        router.delete("/v1/webhooks/:id", use: delete)
        router.post("/v1/webhooks/:id/rotate-secret", use: rotateSecret)
        router.post("/v1/webhooks/:id/test", use: test)
    }

    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.key(.webhooksWrite)
        let body = try WebhookBody(await request.jsonObject(), policy: desk.policy)
        let key = try await gateway.currentKey(context, .webhooksWrite)
        let (webhook, secret) = try await desk.create(
            body, owner: key.webhookOwner, showsBalances: key.readsBalances)
        return Response(
            status: .created, json: WebhookJSON.webhook(webhook, secret: secret),
            headers: [.location: ResourcePath.webhook(webhook.id)])
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.webhooksRead)
        // Clients send a list's parameters here too. All endpoints fit on one page.
        try ListQuery(request).finish()
        let webhooks = try await desk.webhooks.list(key.webhookOwner)
        return Page(items: webhooks, hasMore: false)
            .response(cursor: \.id.bits) { WebhookJSON.fields(of: $1, in: &$0) }
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        Response(status: .ok, json: WebhookJSON.webhook(try await desk.found(context, .webhooksRead)))
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        var changes = try WebhookChanges(await request.optionalJSONObject(), policy: desk.policy)
        changes.mayShowBalances = try await gateway.currentKey(context, .webhooksWrite).readsBalances
        guard let changed = try await desk.webhooks.update(webhook.id, owner: webhook.owner, changes) else {
            throw Refusal.noSuchWebhook
        }
        return Response(status: .ok, json: WebhookJSON.webhook(changed))
    }

    @Sendable private func delete(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        guard try await desk.webhooks.delete(webhook.id, owner: webhook.owner) else { throw Refusal.noSuchWebhook }
        return Response(status: .noContent)
    }

    @Sendable private func rotateSecret(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        try await request.checkUnusedBody()
        _ = try await gateway.currentKey(context, .webhooksWrite)
        let (rotated, secret) = try await desk.rotateSecret(webhook.id, owner: webhook.owner)
        return Response(status: .ok, json: WebhookJSON.webhook(rotated, secret: secret))
    }

    @Sendable private func test(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        try await request.checkUnusedBody()
        return Response(status: .ok, json: WebhookJSON.test(try await desk.test(webhook, for: context.meter?.subject)))
    }
}

extension WebhookDesk {
    /// The endpoint in the path, if the key covers it. Another organization's is not there at all.
    func found(_ context: GatewayContext, _ permission: Permission) async throws -> WebhookRecord {
        let key = try context.key(permission)
        let id: WebhookID = try context.identifier(orThrow: .noSuchWebhook)
        guard let webhook = try await webhooks.find(id, organization: key.organizationId) else {
            throw Refusal.noSuchWebhook
        }
        try key.requireEnvironment(webhook.environment)
        guard key.webhookOwner.covers(webhook) else { throw Refusal.webhookOutOfScope }
        return webhook
    }
}

extension APIKey {
    /// Whose events and endpoints the key reaches.
    var webhookOwner: WebhookOwner {
        WebhookOwner(organizationId: organizationId, environment: environment, walletScope: grant.walletScope)
    }
}

extension WebhookRecord {
    fileprivate var owner: WebhookOwner { WebhookOwner(organizationId: organizationId, environment: environment) }
}
