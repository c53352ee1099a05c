/// A payment link as a batch found and locked it; a class, as `ClaimRequest` is.
package final class LinkSnapshot: Sendable {
    package let id: LinkID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let walletId: WalletID
    package let slug: Slug
    package let amount: Money
    package let status: LinkStatus
    package let restrictions: RecipientRestrictions?
    package let expiresAt: Timestamp?
    package let winningClaimId: ClaimID?
    package let claimedAt: Timestamp?
    /// The link's metadata, as JSON text.
    package let metadataJSON: String
    /// The organization's display name: whom the payer pays.
    package let payee: String
    /// The sequence of the link's last event. While a claim holds the link, the claim's row counts on from here.
    package let eventSequence: Int64
    package let tally: LinkTally
    /// When the link last changed; `nil` where the reader has no use for it.
    package let updatedAt: Timestamp?

    package init(
        id: LinkID, organizationId: OrganizationID, environment: Environment, walletId: WalletID, slug: Slug,
        amount: Money, status: LinkStatus, restrictions: RecipientRestrictions?, expiresAt: Timestamp?,
        winningClaimId: ClaimID?, claimedAt: Timestamp?, metadataJSON: String, payee: String,
        eventSequence: Int64 = firstEventSequence,
        tally: LinkTally = LinkTally(), updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.organizationId = organizationId
        self.environment = environment
        self.walletId = walletId
        self.slug = slug
        self.amount = amount
        self.status = status
        self.restrictions = restrictions
        self.expiresAt = expiresAt
        self.winningClaimId = winningClaimId
        self.claimedAt = claimedAt
        self.metadataJSON = metadataJSON
        self.payee = payee
        self.eventSequence = eventSequence
        self.tally = tally
        self.updatedAt = updatedAt
    }

    /// The sequence of a link's first event, its creation.
    package static let firstEventSequence: Int64 = 1

    /// Whether `expiresAt` has passed by `now`, whatever the status still says.
    package func isOverdue(at now: Timestamp) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }

    /// The status as it counts by `now`: an ACTIVE link whose time has passed is EXPIRED, even before the expiry worker
    /// processes it.
    package func status(at now: Timestamp) -> LinkStatus {
        isOverdue(at: now) ? status.applying(.expire) ?? status : status
    }
}

extension LinkSnapshot {
    /// The sequence of the link's last event once this claim has won it.
    package func eventSequence(claimedBy receipt: ClaimReceipt) -> Int64 {
        eventSequence + Int64(receipt.eventTypes.count)
    }

    func claimed(by claimId: ClaimID, at now: Timestamp, eventSequence: Int64) -> LinkSnapshot {
        LinkSnapshot(
            id: id, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: amount, status: .claimed, restrictions: restrictions, expiresAt: expiresAt,
            winningClaimId: claimId, claimedAt: now, metadataJSON: metadataJSON, payee: payee,
            eventSequence: eventSequence, tally: LinkTally(storedAnswers: tally.storedAnswers), updatedAt: now)
    }
}
