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

    /// The status as it counts by `now`: an ACTIVE link whose time has passed is EXPIRED, though nobody has been there.
    package func status(at now: Timestamp) -> LinkStatus {
        isOverdue(at: now) ? status.applying(.expire) ?? status : status
    }
}

/// A wallet as a batch found it.
package struct WalletSnapshot: Sendable {
    package let id: WalletID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let currency: Currency
    package let isFrozen: Bool
    package let allowsPublicClaims: Bool
    package var balance: WalletBalance

    package init(
        id: WalletID, organizationId: OrganizationID, environment: Environment, currency: Currency, isFrozen: Bool,
        allowsPublicClaims: Bool, balance: WalletBalance
    ) {
        self.id = id
        self.organizationId = organizationId
        self.environment = environment
        self.currency = currency
        self.isFrozen = isFrozen
        self.allowsPublicClaims = allowsPublicClaims
        self.balance = balance
    }
}

/// A claim that some batch has decided, as the database remembers it.
package struct ClaimSnapshot: Sendable {
    package let id: ClaimID
    package let slug: Slug
    package let linkId: LinkID?
    package let method: ClaimMethod
    package let status: ClaimStatus
    /// What the claim was answered with.
    package let outcome: ClaimOutcome
    package let digest: Digest

    package init(
        id: ClaimID, slug: Slug, linkId: LinkID?, method: ClaimMethod, status: ClaimStatus, outcome: ClaimOutcome,
        digest: Digest
    ) {
        self.id = id
        self.slug = slug
        self.linkId = linkId
        self.method = method
        self.status = status
        self.outcome = outcome
        self.digest = digest
    }
}
