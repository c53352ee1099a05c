import Hummingbird
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
    func claim(_ request: ClaimRequest, _ preferences: Preferences, traceparent: String?) async throws -> Answer {
        let wait = preferences.wait(default: gateway.defaultWait)
        let isRepeated = gateway.keysInFlight.begin(request.idempotencyKey, request.digest)
        defer { gateway.keysInFlight.end(request.idempotencyKey, request.digest) }
        if wait == .zero, isRepeated { throw Refusal.idempotencyInProgress }
        if let reply = try await gateway.jobs.claim(request, traceparent: traceparent, wait: wait) {
            return answer(to: reply)
        }
        if wait > .zero, let answer = try? await known(request) { return answer }
        if isRepeated { throw Refusal.idempotencyInProgress }
        return processing(request)
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
