import HTTPTypes
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
    ) async throws -> Answer {
        let creation = try accept(body, by: key)
        let wait = preferences.wait(default: gateway.defaultWait)
        let reply = try await gateway.jobs.create(creation, traceparent: traceparent, wait: wait)
        return try await answer(to: reply, creation, by: key, hasWaited: wait > .zero).applying(preferences)
    }

    /// The same for callers that do not wait in a task; see `ClaimDesk`.
    func create(
        _ body: LinkBody, by key: APIKey, _ preferences: Preferences, traceparent: String?,
        _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let creation = try accept(body, by: key)
        let wait = preferences.wait(default: gateway.defaultWait)
        gateway.jobs.create(creation, traceparent: traceparent, wait: wait) { result in
            switch result {
            case .success(let reply?): completion(.success(answer(to: reply).applying(preferences)))
            case .failure(let error): completion(.failure(error))
            case .success(nil):
                Task {
                    let answer = await Result.catching {
                        try await undecided(creation, by: key, hasWaited: wait > .zero).applying(preferences)
                    }
                    completion(answer)
                }
            }
        }
    }

    private func answer(
        to reply: Reply<CreationOutcome>?, _ creation: LinkCreation, by key: APIKey, hasWaited: Bool
    ) async throws -> Answer {
        if let reply { return answer(to: reply) }
        return try await undecided(creation, by: key, hasWaited: hasWaited)
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
    private func undecided(_ creation: LinkCreation, by key: APIKey, hasWaited: Bool) async throws -> Answer {
        let processing = Answer.accepted(
            gateway.linkJSON.processing(creation), at: ResourcePath.link(creation.linkId))
        guard hasWaited else { return processing }
        switch try? await gateway.links.find(creation.linkId, organization: key.organizationId) {
        case .link(let link): return created(link).replayed(link.id != creation.linkId)
        case .refused(let refusal): throw refusal
        case .absent, nil: return processing
        }
    }

    private func answer(to reply: Reply<CreationOutcome>) -> Answer {
        switch reply.outcome {
        case .created(let link): created(LinkRecord(link)).replayed(reply.isReplayed)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal).replayed(reply.isReplayed)
        }
    }

    private func created(_ link: LinkRecord) -> Answer {
        Answer(status: .created, json: gateway.linkJSON.link(link), headers: [.location: ResourcePath.link(link.id)])
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous call returns or throws.
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
