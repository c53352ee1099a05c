/// A `usdc` claim whose payment the rail has not seen. Its link stays open to every other payer.
package struct Offer: Hashable, Sendable {
    /// The most open offers of a link. A further one displaces the oldest, whose money still wins until `payBefore`.
    package static let mostOpen = 16

    package let claimId: ClaimID
    package let linkId: LinkID
    /// Stands for everything the payer sent.
    package let digest: Digest
    package let payBefore: Timestamp

    package init(claimId: ClaimID, linkId: LinkID, digest: Digest, payBefore: Timestamp) {
        self.claimId = claimId
        self.linkId = linkId
        self.digest = digest
        self.payBefore = payBefore
    }

    package func isOpen(at now: Timestamp) -> Bool { now < payBefore }
}

extension ClaimSnapshot {
    /// The offer that the claim is, if its payment was not seen.
    package var offer: Offer? {
        guard status == .awaitingPayment, let linkId, case .accepted(let receipt) = outcome,
            let payBefore = receipt.instructions?.payBefore
        else { return nil }
        return Offer(claimId: id, linkId: linkId, digest: digest, payBefore: payBefore)
    }
}
