import HTTPTypes
import Jobs
import PaymentLinks
import Sealing
import Storage

/// Hands a claim to the workers and renders what becomes of it. It never writes a claim itself.
struct ClaimDesk: Sendable {
    private static let route = "payment-links.claim"

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    /// 200 and the claim, the refusal, or 202 when it is not decided in time.
    func claim(
        _ slug: Slug, _ body: ClaimBody, authority: ClaimRequest.WalletAuthority?, _ preferences: Preferences,
        traceparent: String?
    ) async throws -> Answer {
        try await Answer.awaiting { completion in
            try claim(slug, body, authority: authority, preferences, traceparent: traceparent, completion)
        }
    }

    /// The same for callers that do not wait in a task. Only an answer that did not come in time takes one, to ask the
    /// database; the completion is its end, and the request's own time limit its bound.
    func claim(
        _ slug: Slug, _ body: ClaimBody, authority: ClaimRequest.WalletAuthority?, _ preferences: Preferences,
        traceparent: String?, _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let request = try accept(slug, body, authority: authority)
        let wait = preferences.wait(default: gateway.defaultWait)
        let isRepeated = try gateway.keysInFlight.enter(request.idempotencyKey, request.digest, wait: wait)
        let finish: @Sendable (Result<Answer, any Error>) -> Void = { answer in
            gateway.keysInFlight.end(request.idempotencyKey, request.digest)
            completion(answer)
        }
        gateway.jobs.claim(request, traceparent: traceparent, wait: wait) { result in
            switch result {
            case .success(let reply?): finish(.success(answer(to: reply).applying(preferences)))
            case .failure(let error): finish(.failure(error))
            case .success(nil):
                Task {
                    let answer = await Result.catching {
                        try await undecided(request, hasWaited: wait > .zero, isRepeated: isRepeated)
                            .applying(preferences)
                    }
                    finish(answer)
                }
            }
        }
    }

    /// The same for many claims, that are handed over together: an answer for each, in order.
    func claim(many requests: [ClaimRequest], wait: Duration, traceparent: String?) async -> [Answer] {
        let replies = await gateway.jobs.claim(many: requests, traceparent: traceparent, wait: wait)
        var answers: [Answer] = []
        // A database that does not answer one does not answer the next.
        var asksDatabase = wait > .zero
        for (request, reply) in zip(requests, replies) {
            switch reply {
            case .success(let reply?): answers.append(answer(to: reply))
            case .success(nil) where asksDatabase:
                do {
                    answers.append(try await known(request) ?? processing(request))
                } catch {
                    asksDatabase = false
                    answers.append(processing(request))
                }
            case .success(nil): answers.append(processing(request))
            case .failure(let error): answers.append(ErrorEnvelope.answer(to: error))
            }
        }
        return answers
    }

    /// Takes a claim on: gives it its ids, and seals what must not be read on the way.
    func accept(
        _ slug: Slug, _ body: ClaimBody, authority: ClaimRequest.WalletAuthority?
    ) throws -> ClaimRequest {
        let now = Timestamp.now()
        let claimId = gateway.identifiers.mintClaim(for: slug, at: now)
        let canonical = body.canonical
        let reference = try gateway.reference(
            body.idempotencyKey, scope: slug.string, route: Self.route, canonical)
        return ClaimRequest(
            claimId: claimId, transactionId: .mint(at: now), slug: slug, payer: try payer(body.destination, claimId),
            recipientEmail: body.recipientEmail, authority: authority,
            digest: try gateway.digests.digest(of: canonical), idempotencyKey: reference?.key)
    }

    /// Account numbers leave the gateway sealed; a wallet's id is no secret.
    private func payer(_ destination: Destination, _ claimId: ClaimID) throws -> ClaimRequest.Payer {
        switch destination {
        case .ach: .ach(sealedDestination: try gateway.sealer.seal(destination, for: claimId))
        case .usdc(let account):
            .usdc(sealedDestination: try gateway.sealer.seal(destination, for: claimId), chain: account.chain)
        case .wallet(let id): .wallet(id)
        }
    }

    private func undecided(_ request: ClaimRequest, hasWaited: Bool, isRepeated: Bool) async throws -> Answer {
        // A database that does not answer now takes nothing back: the job is accepted.
        if hasWaited, let answer = try? await known(request) { return answer }
        if isRepeated { throw Refusal.idempotencyInProgress }
        return processing(request)
    }

    /// The reply may have been lost while the claim was decided: the database knows. `nil`: not decided.
    private func known(_ request: ClaimRequest) async throws(StorageError) -> Answer? {
        switch try await gateway.claims.find(request.claimId, on: request.slug) {
        case .won(let claim):
            Answer(status: .ok, json: ClaimJSON.claim(claim)).replayed(claim.receipt.claimId != request.claimId)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal)
        case .absent: nil
        }
    }

    private func processing(_ request: ClaimRequest) -> Answer {
        .accepted(
            ClaimJSON.processing(request.claimId, slug: request.slug, method: request.method),
            at: ResourcePath.claim(request.claimId, on: request.slug))
    }

    private func answer(to reply: Reply<ClaimOutcome>) -> Answer {
        switch reply.outcome {
        case .accepted(let receipt):
            Answer(status: .ok, json: ClaimJSON.claim(ClaimRecord(decided: receipt))).replayed(reply.isReplayed)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal).replayed(reply.isReplayed)
        }
    }
}
