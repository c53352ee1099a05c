import HTTPTypes
import Jobs
import Metrics
import PaymentLinks
import Sealing
import Storage

extension Gateway {
    /// Takes a claim on: gives it its ids, and seals what must not be read on the way.
    func accept(
        _ body: ClaimBody, on slug: Slug, authority: ClaimRequest.WalletAuthority?
    ) throws -> ClaimRequest {
        let now = Timestamp.now()
        let claimId = identifiers.mintClaim(for: slug, at: now)
        let canonical = body.canonical
        let reference = try reference(
            body.idempotencyKey, scope: slug.string, route: "payment-links.claim", canonical)
        return ClaimRequest(
            claimId: claimId, transactionId: .mint(at: now), slug: slug, payer: try payer(body.destination, claimId),
            recipientEmail: body.recipientEmail,
            recipientEmailDigest: try body.recipientEmail.map { try digests.digest(of: $0) }, authority: authority,
            digest: try digests.digest(of: canonical), idempotencyKey: reference?.key)
    }

    /// Account numbers leave the gateway sealed; a wallet's id is no secret.
    private func payer(_ destination: Destination, _ claimId: ClaimID) throws -> ClaimRequest.Payer {
        switch destination {
        case .ach: .ach(sealedDestination: try sealer.seal(destination, for: claimId))
        case .usdc(let account):
            .usdc(sealedDestination: try sealer.seal(destination, for: claimId), chain: account.chain)
        case .wallet(let id): .wallet(id)
        }
    }
}

/// 200 and the claim, or the refusal.
extension ClaimRequest: WorkerJob {
    static func counter(of sender: JobSender) -> Counter { sender.claims }

    static func send(
        _ jobs: [ClaimRequest], over client: JobClient, traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<ClaimOutcome>?, JobError>) -> Void
    ) {
        client.claim(jobs, traceparent: traceparent, wait: wait, completion)
    }

    func admit(_ gateway: Gateway, _ completion: @escaping @Sendable (Refusal?) -> Void) {
        gateway.railGate.check(self, completion)
    }

    func answer(to reply: Reply<ClaimOutcome>, _ gateway: Gateway) -> Answer {
        switch reply.outcome {
        case .accepted(let receipt):
            Answer(status: .ok, json: ClaimJSON.claim(ClaimRecord(decided: receipt))).replayed(reply.isReplayed)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal).replayed(reply.isReplayed)
        }
    }

    func known(to gateway: Gateway) async throws(StorageError) -> Answer? {
        switch try await gateway.claims.find(claimId, on: slug) {
        case .won(let claim):
            Answer(status: .ok, json: ClaimJSON.claim(claim)).replayed(claim.receipt.claimId != claimId)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal)
        case .absent: nil
        }
    }

    func processing(_ gateway: Gateway) -> Answer {
        .accepted(
            ClaimJSON.processing(claimId, slug: slug, method: method), at: ResourcePath.claim(claimId, on: slug))
    }
}
