package import PaymentLinks
import Postgres

/// A payment link as its creator reads it, at this moment.
package struct LinkRecord: Sendable {
    /// The claim that the link is claimed by.
    package struct WinningClaim: Sendable {
        package let id: ClaimID
        package let method: ClaimMethod
        package let status: ClaimStatus
        package let transactionId: TransactionID
        package let claimedAt: Timestamp
    }

    package let id: LinkID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let walletId: WalletID
    package let slug: Slug
    package let amount: Money
    package let description: String?
    package let restrictions: RecipientRestrictions?
    /// EXPIRED once `expiresAt` has passed by the database's clock, whether or not the expiry worker has been there.
    package let status: LinkStatus
    package let expiresAt: Timestamp?
    /// JSON text.
    package let metadataJSON: String
    package let claim: WinningClaim?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let claimedAt: Timestamp?
    package let cancelledAt: Timestamp?
    package let expiredAt: Timestamp?

    /// The link at its creation.
    package init(_ link: CreatedLink) {
        let creation = link.creation
        id = creation.linkId
        organizationId = creation.organizationId
        environment = creation.environment
        walletId = creation.walletId
        slug = creation.slug
        amount = creation.amount
        description = creation.description
        restrictions = creation.restrictions
        status = .active
        expiresAt = creation.expiresAt
        metadataJSON = creation.metadataJSON
        claim = nil
        createdAt = link.createdAt
        updatedAt = link.createdAt
        claimedAt = nil
        cancelledAt = nil
        expiredAt = nil
    }
}

extension LinkRecord {
    /// What a link's status reads as: an ACTIVE one that is overdue can no longer be claimed, so it is EXPIRED.
    static let effectiveStatus = """
        CASE WHEN payment_links.status = 'ACTIVE' AND payment_links.expires_at <= clock_timestamp()
            THEN 'EXPIRED' ELSE payment_links.status END
        """

    /// The columns that `init(row:)` reads, in its order; of `source`.
    static let columns = """
        payment_links.id, payment_links.organization_id, payment_links.environment, payment_links.wallet_id,
        payment_links.slug, payment_links.amount, payment_links.currency, payment_links.description,
        payment_links.restrictions, \(effectiveStatus), payment_links.expires_at, payment_links.metadata,
        payment_links.created_at, payment_links.updated_at, payment_links.claimed_at, payment_links.cancelled_at,
        coalesce(payment_links.expired_at, CASE (\(effectiveStatus)) WHEN 'EXPIRED' THEN payment_links.expires_at END),
        claims.id, claims.method, claims.status, claims.transaction_id
        """

    static let source = "payment_links LEFT JOIN claims ON claims.id = payment_links.claim_id"

    init(row: Row) throws {
        id = try row.identifier(0)
        organizationId = try row.identifier(1)
        environment = try row.name(2)
        walletId = try row.identifier(3)
        slug = try row.slug(4)
        amount = try row.money(5)
        description = try row.textIfPresent(7)
        restrictions = try row.decodedIfPresent(8)
        status = try row.name(9)
        expiresAt = try row.timeIfPresent(10)
        metadataJSON = try row.jsonb(11)
        createdAt = try row.time(12)
        updatedAt = try row.time(13)
        claimedAt = try row.timeIfPresent(14)
        cancelledAt = try row.timeIfPresent(15)
        expiredAt = try row.timeIfPresent(16)
        claim = try WinningClaim(row: row, claimedAt: claimedAt)
    }
}

extension LinkRecord.WinningClaim {
    fileprivate init?(row: Row, claimedAt: Timestamp?) throws {
        guard let id: ClaimID = try row.identifierIfPresent(17), let claimedAt else { return nil }
        self.init(
            id: id, method: try row.name(18), status: try row.name(19), transactionId: try row.identifier(20),
            claimedAt: claimedAt)
    }
}
