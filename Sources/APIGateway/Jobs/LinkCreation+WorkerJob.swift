import HTTPTypes
import Jobs
import Metrics
import PaymentLinks
import Sealing
import Storage

extension Gateway {
    /// Takes a creation on, and gives the link its id and its slug.
    func accept(_ body: LinkBody, by key: APIKey) throws -> LinkCreation {
        var generator = PooledRandomNumberGenerator()
        let reference = try reference(
            body.idempotencyKey, scope: key.idempotencyScope, route: "payment-links.create", body.canonical)
        return LinkCreation(
            linkId: identifiers.mintLink(for: key.organizationId, at: .now()),
            organizationId: key.organizationId, environment: key.environment, walletId: body.walletId,
            slug: identifiers.mintSlug(using: &generator), amount: body.amount, description: body.description,
            restrictions: body.restrictions, expiresAt: body.expiresAt, metadataJSON: body.metadataJSON,
            digest: try digests.digest(of: body.canonical), idempotencyKey: reference?.key)
    }

    fileprivate func created(_ link: LinkRecord) -> Answer {
        Answer(status: .created, json: linkJSON.link(link), headers: [.location: ResourcePath.link(link.id)])
    }
}

/// 201 and the link, or the refusal.
extension LinkCreation: WorkerJob {
    static func counter(of sender: JobSender) -> Counter { sender.creations }

    static func send(
        _ jobs: [LinkCreation], over client: JobClient, traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<CreationOutcome>?, JobError>) -> Void
    ) {
        client.create(jobs, traceparent: traceparent, wait: wait, completion)
    }

    func admit(_ gateway: Gateway, _ completion: @escaping @Sendable (Refusal?) -> Void) { completion(nil) }

    func answer(to reply: Reply<CreationOutcome>, _ gateway: Gateway) -> Answer {
        switch reply.outcome {
        case .created(let link): gateway.created(LinkRecord(link)).replayed(reply.isReplayed)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal).replayed(reply.isReplayed)
        }
    }

    func known(to gateway: Gateway) async throws(StorageError) -> Answer? {
        switch try await gateway.links.find(linkId, organization: organizationId) {
        case .link(let link): gateway.created(link).replayed(link.id != linkId)
        case .refused(let refusal): ErrorEnvelope.answer(to: refusal)
        case .absent: nil
        }
    }

    func processing(_ gateway: Gateway) -> Answer {
        .accepted(gateway.linkJSON.processing(self), at: ResourcePath.link(linkId))
    }
}
