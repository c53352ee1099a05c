extension OutcomeBatch {
    /// Decides a release: the claim becomes CANCELLED, what it moved moves back, and its link is open again.
    ///
    /// The rail's word that it has submitted the payment and a release race for the claim's row; the first decides.
    package static func release(
        _ claim: SettlingClaim, by releaser: Releaser, on state: OutcomeBatchState,
        using generator: inout some RandomNumberGenerator
    ) -> ReleaseDecision {
        var batch = OutcomeBatch(state: state)
        if claim.status == .cancelled { return .alreadyReleased }
        let status = claim.isOffer && claim.payBefore.map { $0 <= state.now } ?? false ? .expired : claim.status
        guard let subject = batch.subject(of: claim.id), status.isReleasable(isSubmitted: claim.submittedAt != nil)
        else { return .notReleasable(status) }
        batch.release(subject, releaser.failure, using: &generator)
        batch.plan.outbox = OutboxMessage.gather(events: batch.plan.events)
        return .released(batch.plan)
    }

    private mutating func release(
        _ subject: Subject, _ failure: SettlementFailure, using generator: inout some RandomNumberGenerator
    ) {
        if subject.claim.isOffer {
            end(subject, as: .cancelled, failure)
        } else {
            fail(subject, as: .cancelled, failure, using: &generator)
        }
    }
}
