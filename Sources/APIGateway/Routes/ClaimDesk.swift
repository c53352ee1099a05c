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
        let request = try accept(slug, body, authority)
        let wait = preferences.wait(default: gateway.defaultWait)
        let reply = try await gateway.jobs.claim(request, traceparent: traceparent, wait: wait)
        return try await answer(to: reply, request, hasWaited: wait > .zero).applying(preferences)
    }

    /// The same for callers that do not wait in a task. Only an answer that did not come in time takes one, to ask the
    /// database; the completion is its end, and the request's own time limit its bound.
    func claim(
        _ slug: Slug, _ body: ClaimBody, authority: ClaimRequest.WalletAuthority?, _ preferences: Preferences,
        traceparent: String?, _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let request = try accept(slug, body, authority)
        let wait = preferences.wait(default: gateway.defaultWait)
        gateway.jobs.claim(request, traceparent: traceparent, wait: wait) { result in
            switch result {
            case .success(let reply?): completion(.success(answer(to: reply).applying(preferences)))
            case .failure(let error): completion(.failure(error))
            case .success(nil):
                Task {
                    let answer = await Result.catching {
                        try await undecided(request, hasWaited: wait > .zero).applying(preferences)
                    }
                    completion(answer)
                }
            }
        }
    }

    private func answer(
        to reply: Reply<ClaimOutcome>?, _ request: ClaimRequest, hasWaited: Bool
    ) async throws -> Answer {
        if let reply { return answer(to: reply) }
        return try await undecided(request, hasWaited: hasWaited)
    }

    private func accept(
        _ slug: Slug, _ body: ClaimBody, _ authority: ClaimRequest.WalletAuthority?
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

    /// The answer may have been lost while the claim was decided: the database knows.
    private func undecided(_ request: ClaimRequest, hasWaited: Bool) async throws -> Answer {
        let processing = Answer.accepted(
            ClaimJSON.processing(request.claimId, slug: request.slug, method: request.method),
            at: ResourcePath.claim(request.claimId, on: request.slug))
        guard hasWaited else { return processing }
        // A database that does not answer now takes nothing back: the job is accepted.
        switch try? await gateway.claims.find(request.claimId, on: request.slug) {
        case .won(let claim):
            return Answer(status: .ok, json: ClaimJSON.claim(claim))
                .replayed(claim.receipt.claimId != request.claimId)
        case .refused(let refusal): throw refusal
        case .absent, nil: return processing
        }
    }

    private func answer(to reply: Reply<ClaimOutcome>) -> Answer {
        switch reply.outcome {
        case .accepted(let receipt):
            Answer(status: .ok, json: ClaimJSON.claim(ClaimRecord(decided: receipt))).replayed(reply.isReplayed)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal).replayed(reply.isReplayed)
        }
    }
}
