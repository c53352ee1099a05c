import PaymentLinks
import Postgres

extension WalletSnapshot {
    /// The columns that `init(row:)` reads, in its order.
    static let columns =
        "wallets.id, wallets.organization_id, wallets.environment, wallets.currency, wallets.status, "
        + "wallets.allow_public_claims, wallets.available, wallets.pending, wallets.debt"

    init(row: Row) throws {
        self.init(
            id: try row.identifier(0), organizationId: try row.identifier(1), environment: try row.name(2),
            currency: try row.name(3), isFrozen: try row.text(4) == "FROZEN", allowsPublicClaims: try row.bool(5),
            balance: WalletBalance(available: try row.int64(6), pending: try row.int64(7), debt: try row.int64(8)))
    }
}

extension LinkSnapshot {
    /// The columns that `init(row:)` reads, in its order; of `payment_links` joined with `organizations`.
    static let columns = """
        payment_links.id, payment_links.organization_id, payment_links.environment, payment_links.wallet_id,
        payment_links.slug, payment_links.amount, payment_links.currency, payment_links.status,
        payment_links.restrictions, payment_links.expires_at, payment_links.claim_id, payment_links.claimed_at,
        payment_links.metadata, organizations.display_name, payment_links.event_sequence,
        payment_links.stored_answers, payment_links.differing_claims, payment_links.updated_at
        """

    /// How many columns `columns` names.
    static let columnCount = 18

    convenience init(row: Row) throws {
        self.init(
            id: try row.identifier(0), organizationId: try row.identifier(1), environment: try row.name(2),
            walletId: try row.identifier(3), slug: try row.slug(4), amount: try row.money(5), status: try row.name(7),
            restrictions: try row.decodedIfPresent(8), expiresAt: try row.timeIfPresent(9),
            winningClaimId: try row.identifierIfPresent(10), claimedAt: try row.timeIfPresent(11),
            metadataJSON: try row.jsonb(12), payee: try row.text(13),
            eventSequence: try row.int64(14),
            tally: LinkTally(storedAnswers: Int(try row.int32(15)), differingClaims: Int(try row.int32(16))),
            updatedAt: try row.time(17))
    }
}

enum ClockStatement {
    /// The database's clock at this very moment, not at the transaction's start: read it after the locks.
    static let now = Statement("clock_now", "SELECT clock_timestamp()")
}
