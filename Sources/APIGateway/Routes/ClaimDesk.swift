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
    func claim(
        _ slug: Slug, _ body: ClaimBody, authority: ClaimRequest.WalletAuthority?, _ preferences: Preferences,
        traceparent: String?
    ) async throws -> Response {
        let request = try accept(slug, body, authority)
        let wait = preferences.wait(default: gateway.defaultWait)
        if let reply = try await gateway.jobs.claim(request, traceparent: traceparent, wait: wait) {
            return response(to: reply.outcome).replayed(reply.isReplayed)
        }
        return try await undecided(request, hasWaited: wait > .zero)
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
    private func undecided(_ request: ClaimRequest, hasWaited: Bool) async throws -> Response {
        let processing = Response.accepted(
            ClaimJSON.processing(request.claimId, slug: request.slug, method: request.method),
            at: ResourcePath.claim(request.claimId, on: request.slug))
        guard hasWaited else { return processing }
        // A database that does not answer now takes nothing back: the job is accepted.
        switch try? await gateway.claims.find(request.claimId, on: request.slug) {
        case .won(let claim):
            return Response(status: .ok, json: ClaimJSON.claim(claim))
                .replayed(claim.receipt.claimId != request.claimId)
        case .refused(let refusal): throw refusal
        case .absent, nil: return processing
        }
    }

    private func response(to outcome: ClaimOutcome) -> Response {
        switch outcome {
        case .accepted(let receipt): Response(status: .ok, json: ClaimJSON.claim(ClaimRecord(decided: receipt)))
        case .refused(let refusal): ErrorEnvelope.response(to: refusal)
        }
    }
}
