/// What a link's events say of it.
package struct LinkEventFacts: Sendable {
    package let linkId: LinkID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let slug: Slug
    package let walletId: WalletID
    package let amount: Money
    package let metadataJSON: String

    package init(
        linkId: LinkID, organizationId: OrganizationID, environment: Environment, slug: Slug, walletId: WalletID,
        amount: Money, metadataJSON: String
    ) {
        self.linkId = linkId
        self.organizationId = organizationId
        self.environment = environment
        self.slug = slug
        self.walletId = walletId
        self.amount = amount
        self.metadataJSON = metadataJSON
    }

    package init(_ link: LinkSnapshot) {
        self.init(
            linkId: link.id, organizationId: link.organizationId, environment: link.environment, slug: link.slug,
            walletId: link.walletId, amount: link.amount, metadataJSON: link.metadataJSON)
    }

    /// The claim that an event is about.
    package struct Claim: Sendable {
        package let id: ClaimID
        package let method: ClaimMethod
        /// The claim's status after the event's transaction.
        package let status: ClaimStatus
        package let transactionId: TransactionID
        package let claimedAt: Timestamp
        /// Why the settlement failed, where it did.
        package let failure: SettlementFailure?

        package init(
            id: ClaimID, method: ClaimMethod, status: ClaimStatus, transactionId: TransactionID, claimedAt: Timestamp,
            failure: SettlementFailure? = nil
        ) {
            self.id = id
            self.method = method
            self.status = status
            self.transactionId = transactionId
            self.claimedAt = claimedAt
            self.failure = failure
        }
    }

    /// - Parameter sequence: the event's number among the link's events, assigned under the lock of the row that
    ///   counts: the link's, or its winning claim's.
    package func event(
        _ type: EventType, id: EventID, at now: Timestamp, status: LinkStatus, sequence: Int64, claim: Claim? = nil
    ) -> DomainEvent {
        DomainEvent(
            id: id, type: type, organizationId: organizationId, environment: environment, linkId: linkId,
            walletId: walletId, sequence: sequence, occurredAt: now
        ) { writer in
            writer.field("linkId", linkId)
            writer.field("sequence", Int(sequence))
            writer.field("slug", slug)
            writer.field("walletId", walletId)
            writer.field("amount", amount)
            writer.field("currency", amount.currency.rawValue)
            writer.field("status", status.rawValue)
            writer.field("method", claim?.method.rawValue)
            writer.field("claimId", claim?.id)
            writer.field("claimStatus", claim?.status.rawValue)
            writer.field("transactionId", claim?.transactionId)
            writer.field("claimedAt", claim?.claimedAt)
            writer.field("metadata", json: metadataJSON)
            if let failure = claim?.failure {
                writer.field("failureCode", failure.code)
                writer.field("failureReason", failure.reason)
            }
        }
    }
}
