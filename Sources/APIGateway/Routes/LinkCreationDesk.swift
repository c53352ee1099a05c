import Hummingbird
import Jobs
import PaymentLinks
import Sealing
import Storage

/// Hands a link's creation to the workers and renders what becomes of it.
struct LinkCreationDesk: Sendable {
    private static let route = "payment-links.create"

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    /// 201 and the link, the refusal, or 202 when it is not decided in time.
    func create(
        _ body: LinkBody, by key: APIKey, _ preferences: Preferences, traceparent: String?
    ) async throws -> Response {
        let creation = try accept(body, by: key)
        let wait = preferences.wait(default: gateway.defaultWait)
        if let reply = try await gateway.jobs.create(creation, traceparent: traceparent, wait: wait) {
            return response(to: reply.outcome).replayed(reply.isReplayed)
        }
        return try await undecided(creation, by: key, hasWaited: wait > .zero)
    }

    private func accept(_ body: LinkBody, by key: APIKey) throws -> LinkCreation {
        var generator = SystemRandomNumberGenerator()
        let reference = try gateway.reference(
            body.idempotencyKey, scope: key.idempotencyScope, route: Self.route, body.canonical)
        return LinkCreation(
            linkId: gateway.identifiers.mintLink(for: key.organizationId, at: .now()),
            organizationId: key.organizationId, environment: key.environment, walletId: body.walletId,
            slug: .mint(using: &generator), amount: body.amount, description: body.description,
            restrictions: body.restrictions, expiresAt: body.expiresAt, metadataJSON: body.metadataJSON,
            digest: try gateway.digests.digest(of: body.canonical), idempotencyKey: reference?.key)
    }

    /// The answer may have been lost while the link was made: the database knows.
    private func undecided(_ creation: LinkCreation, by key: APIKey, hasWaited: Bool) async throws -> Response {
        let processing = Response.accepted(
            gateway.linkJSON.processing(creation), at: ResourcePath.link(creation.linkId))
        guard hasWaited else { return processing }
        switch try? await gateway.links.find(creation.linkId, organization: key.organizationId) {
        case .link(let link): return created(link).replayed(link.id != creation.linkId)
        case .refused(let refusal): throw refusal
        case .absent, nil: return processing
        }
    }

    private func response(to outcome: CreationOutcome) -> Response {
        switch outcome {
        case .created(let link): created(LinkRecord(link))
        case .refused(let refusal): ErrorEnvelope.response(to: refusal)
        }
    }

    private func created(_ link: LinkRecord) -> Response {
        Response(
            status: .created, json: gateway.linkJSON.link(link), headers: [.location: ResourcePath.link(link.id)])
    }
}
