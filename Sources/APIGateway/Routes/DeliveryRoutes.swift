import Hummingbird
import PaymentLinks
import Storage

/// The deliveries to webhook endpoints, and those whose attempts are used up.
struct DeliveryRoutes: RouteGroup {
    private let desk: WebhookDesk

    init(_ gateway: Gateway) {
        desk = gateway.webhooks
    }

    func register(on router: Router<GatewayContext>) {
        router.get("/v1/webhooks/:id/deliveries", use: list)
        router.post("/v1/webhooks/:id/deliveries/:deliveryId/redeliver", use: redeliver)
        router.post("/v1/webhooks/:id/replay", use: replay)
        router.get("/v1/webhooks/dlq", use: listDead)
        router.post("/v1/webhooks/dlq/:deliveryId/retry", use: retryDead)
        router.post("/v1/webhooks/dlq/:deliveryId/discard", use: discardDead)
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksRead)
        var query = ListQuery(request)
        let status = query.choice("status", of: DeliveryRecord.Status.self)
        try query.finish()
        return try await desk.deliveries.list(webhook.id, status: status, query.page)
            .response(cursor: \.id.bits) { WebhookJSON.fields(of: $1, in: &$0) }
    }

    @Sendable private func redeliver(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        let id: DeliveryID = try context.identifier("deliveryId", orThrow: .noSuchDelivery)
        try await request.checkUnusedBody()
        guard try await desk.deliveries.redeliver(id, of: webhook.id) else { throw Refusal.noSuchDelivery }
        return Response(status: .accepted, json: WebhookJSON.status(id, "PENDING"))
    }

    @Sendable private func replay(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let webhook = try await desk.found(context, .webhooksWrite)
        let start = try ReplayBody.start(await request.jsonObject())
        let replay = try await desk.deliveries.replay(to: webhook.id, from: start)
        return Response(status: .accepted, json: WebhookJSON.replay(replay))
    }

    @Sendable private func listDead(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.webhooksRead)
        var query = ListQuery(request)
        let offset = query.offset()
        try query.finish()
        let page = try await desk.deliveries.listDead(key.webhookOwner, query.page, offset: offset)
        return Response(status: .ok, json: WebhookJSON.dead(page, showsBalances: key.readsBalances))
    }

    @Sendable private func retryDead(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.webhooksWrite)
        let id: DeliveryID = try context.identifier("deliveryId", orThrow: .noSuchDelivery)
        try await request.checkUnusedBody()
        guard try await desk.deliveries.retryDead(id, owner: key.webhookOwner) else { throw Refusal.noSuchDelivery }
        return Response(status: .ok, json: WebhookJSON.status(id, "PENDING"))
    }

    @Sendable private func discardDead(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.webhooksWrite)
        let id: DeliveryID = try context.identifier("deliveryId", orThrow: .noSuchDelivery)
        try await request.checkUnusedBody()
        guard try await desk.deliveries.discardDead(id, owner: key.webhookOwner) else { throw Refusal.noSuchDelivery }
        return Response(status: .ok, json: WebhookJSON.status(id, "FAILED"))
    }
}
