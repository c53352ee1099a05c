import Hummingbird
import PaymentLinks
import Sealing
import Storage

/// Payment links, for those who create them.
struct LinkRoutes: RouteGroup {
    /// How often a link is read while a caller waits for its change.
    private static let pollInterval = Duration.milliseconds(200)

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/payment-links", use: create)
        router.get("/v1/payment-links", use: list)
        router.get("/v1/payment-links/:id", use: read)
        router.patch("/v1/payment-links/:id", use: patch)
    }

    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsWrite)
        let body = try LinkBody(
            await request.jsonObject(), idempotencyHeader: request.idempotencyHeader, at: .now())
        try key.requireScope(body.walletId)
        let preferences = request.preferences
        return Response(
            try await JobDesk(gateway).answer(
                to: try gateway.accept(body, by: key), preferences, traceparent: context.traceparent))
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsRead)
        var query = ListQuery(request)
        let (walletId, status) = (query.walletId(), query.choice("status", of: LinkStatus.self))
        try query.finish()
        if let walletId { try key.requireScope(walletId) }
        let filter = LinkStore.Filter(
            organization: key.organizationId, environment: key.environment, walletId: walletId,
            walletScope: key.grant.walletScope, status: status)
        return try await gateway.links.list(filter, query.page)
            .response(cursor: \.id.bits) { gateway.linkJSON.fields(of: $1, in: &$0) }
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsRead)
        let id: LinkID = try context.identifier(orThrow: .noSuchLink)
        let preferences = request.preferences
        var watch = LinkWatch()
        let lookup = try await gateway.polling.value(
            within: preferences.wait(default: .zero), every: Self.pollInterval, for: context.meter?.subject,
            until: { watch.isOver($0, isPromised: gateway.promise(of: id, by: key.organizationId) == .underWay) }
        ) {
            try await look(up: id, for: key)
        }
        return Response(try answer(to: lookup, id, for: key).applying(preferences))
    }

    /// Throws where the link is out of the key's reach, before anything waits for it.
    private func look(up id: LinkID, for key: APIKey) async throws -> LinkStore.Lookup {
        let lookup = try await gateway.links.find(id, organization: key.organizationId)
        if case .link(let link) = lookup {
            try key.requireEnvironment(link.environment)
            try key.requireScope(link.walletId)
        }
        return lookup
    }

    private func answer(to lookup: LinkStore.Lookup, _ id: LinkID, for key: APIKey) throws(Refusal) -> Answer {
        switch lookup {
        case .link(let link): return Answer(status: .ok, json: gateway.linkJSON.link(link))
        case .refused(let refusal): throw refusal
        case .absent:
            switch gateway.promise(of: id, by: key.organizationId) {
            case .underWay: return .accepted(LinkJSON.processing(id), at: ResourcePath.link(id))
            case .notKept: throw .linkNotKept
            case .neverMade: throw .noSuchLink
            }
        }
    }

    @Sendable private func patch(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsWrite)
        let id: LinkID = try context.identifier(orThrow: .noSuchLink)
        let body = try LinkPatch(await request.optionalJSONObject(), at: .now())
        if let response = try await apply(body, to: id, for: key) { return response }
        let link = try await linkBehind(id, for: key)
        guard let response = try await apply(body, to: link, for: key) else { throw Refusal.noSuchLink }
        return response
    }

    private func apply(_ body: LinkPatch, to id: LinkID, for key: APIKey) async throws -> Response? {
        switch body {
        case .cancel: try await cancel(id, for: key)
        case .change(let changes): try await change(id, changes, for: key)
        }
    }

    /// `nil`: there is no link of this id within the key's reach.
    private func change(_ id: LinkID, _ changes: LinkChanges, for key: APIKey) async throws -> Response? {
        let outcome = try await gateway.links.change(
            id, organization: key.organizationId, environment: key.environment, walletScope: key.grant.walletScope,
            changes)
        switch outcome {
        case .changed: return Response(status: .ok, json: gateway.linkJSON.link(try await found(id, for: key)))
        case .notActive(let status): throw Refusal.linkNotChangeable(status)
        case .notFound: return nil
        }
    }

    /// `nil`: there is no link of this id within the key's reach.
    private func cancel(_ id: LinkID, for key: APIKey) async throws -> Response? {
        let cancellation = try await gateway.cancellations.cancel(
            id, organization: key.organizationId, environment: key.environment, walletScope: key.grant.walletScope)
        switch cancellation {
        case .cancelled(let message):
            await gateway.outbox.publish(message.map { [$0] } ?? [])
            return Response(status: .ok, json: gateway.linkJSON.link(try await found(id, for: key)))
        case .notActive(let status): throw Refusal.linkNotActive(status)
        case .notFound: return nil
        }
    }

    private func found(_ id: LinkID, for key: APIKey) async throws -> LinkRecord {
        guard case .link(let link) = try await gateway.links.find(id, organization: key.organizationId) else {
            throw Refusal.noSuchLink
        }
        return link
    }

    /// The link that answers an id which is no link's own: that of a repeated creation. Throws why there is none.
    private func linkBehind(_ id: LinkID, for key: APIKey) async throws -> LinkID {
        switch try await look(up: id, for: key) {
        case .link(let link): return link.id
        case .refused(let refusal): throw refusal
        case .absent:
            switch gateway.promise(of: id, by: key.organizationId) {
            case .underWay: throw Refusal.linkNotCancellable
            case .notKept: throw Refusal.linkNotKept
            case .neverMade: throw Refusal.noSuchLink
            }
        }
    }
}
