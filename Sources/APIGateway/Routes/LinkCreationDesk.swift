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
        try await Answer.awaiting { completion in
            try create(body, by: key, preferences, traceparent: traceparent, completion)
        }
    }

    /// The same for callers that do not wait in a task; see `ClaimDesk`.
    func create(
        _ body: LinkBody, by key: APIKey, _ preferences: Preferences, traceparent: String?,
        _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let creation = try accept(body, by: key)
        let wait = preferences.wait(default: gateway.defaultWait)
        let isRepeated = try gateway.keysInFlight.enter(creation.idempotencyKey, creation.digest, wait: wait)
        let finish: @Sendable (Result<Answer, any Error>) -> Void = { answer in
            gateway.keysInFlight.end(creation.idempotencyKey, creation.digest)
            completion(answer)
        }
        gateway.jobs.create(creation, traceparent: traceparent, wait: wait) { result in
            switch result {
            case .success(let reply?): finish(.success(answer(to: reply).applying(preferences)))
            case .failure(let error): finish(.failure(error))
            case .success(nil):
                Task {
                    let answer = await Result.catching {
                        try await undecided(creation, hasWaited: wait > .zero, isRepeated: isRepeated)
                            .applying(preferences)
                    }
                    finish(answer)
                }
            }
        }
    }

    /// The same for many creations, that are handed over together: an answer for each, in order.
    func create(many creations: [LinkCreation], wait: Duration, traceparent: String?) async -> [Answer] {
        let replies = await gateway.jobs.create(many: creations, traceparent: traceparent, wait: wait)
        var answers: [Answer] = []
        // A database that does not answer one does not answer the next.
        var asksDatabase = wait > .zero
        for (creation, reply) in zip(creations, replies) {
            switch reply {
            case .success(let reply?): answers.append(answer(to: reply))
            case .success(nil) where asksDatabase:
                do {
                    answers.append(try await known(creation) ?? processing(creation))
                } catch {
                    asksDatabase = false
                    answers.append(processing(creation))
                }
            case .success(nil): answers.append(processing(creation))
            case .failure(let error): answers.append(ErrorEnvelope.answer(to: error))
            }
        }
        return answers
    }

    /// Takes a creation on, and gives the link its id and its slug.
    func accept(_ body: LinkBody, by key: APIKey) throws -> LinkCreation {
        var generator = PooledRandomNumberGenerator()
        let reference = try gateway.reference(
            body.idempotencyKey, scope: key.idempotencyScope, route: Self.route, body.canonical)
        return LinkCreation(
            linkId: gateway.identifiers.mintLink(for: key.organizationId, at: .now()),
            organizationId: key.organizationId, environment: key.environment, walletId: body.walletId,
            slug: .mint(using: &generator), amount: body.amount, description: body.description,
            restrictions: body.restrictions, expiresAt: body.expiresAt, metadataJSON: body.metadataJSON,
            digest: try gateway.digests.digest(of: body.canonical), idempotencyKey: reference?.key)
    }

    private func undecided(_ creation: LinkCreation, hasWaited: Bool, isRepeated: Bool) async throws -> Answer {
        // A database that does not answer now takes nothing back: the job is accepted.
        if hasWaited, let answer = try? await known(creation) { return answer }
        if isRepeated { throw Refusal.idempotencyInProgress }
        return processing(creation)
    }

    /// The reply may have been lost while the link was made: the database knows. `nil`: not decided.
    private func known(_ creation: LinkCreation) async throws(StorageError) -> Answer? {
        switch try await gateway.links.find(creation.linkId, organization: creation.organizationId) {
        case .link(let link): created(link).replayed(link.id != creation.linkId)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal)
        case .absent: nil
        }
    }

    private func processing(_ creation: LinkCreation) -> Answer {
        .accepted(gateway.linkJSON.processing(creation), at: ResourcePath.link(creation.linkId))
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
