package import PaymentLinks
import Postgres

extension ClaimStore {
    /// Returns the claims whose link, payer's wallet, or payee's wallet another transaction has locked now.
    package func locked(_ requests: [ClaimRequest]) async throws(StorageError) -> Set<ClaimID> {
        try await StorageError.wrapping {
            let results = try await pool.run([
                Query(Self.lockedLinks, [requests.texts(\.slug.string)]),
                Query(Self.lockedWallets, [.uuids(Set(requests.compactMap(\.payerWalletId?.bits)).sorted())]),
            ])
            let slugs = Set(try results[0].rows.map { try $0.slug(0) })
            let wallets = Set(try results[1].rows.map { try $0.identifier(0, of: WalletKind.self) })
            let locked = requests.filter { request in
                slugs.contains(request.slug) || request.payerWalletId.map(wallets.contains) == true
            }
            return Set(locked.map(\.claimId))
        }
    }

    private static let lockedLinks = Statement(
        "claims_locked_links",
        """
        WITH links AS MATERIALIZED (
            SELECT id, slug, wallet_id FROM payment_links WHERE slug = ANY($1::text[])
        ), free_links AS MATERIALIZED (
            SELECT id FROM payment_links WHERE slug = ANY($1::text[]) FOR NO KEY UPDATE SKIP LOCKED
        ), free_wallets AS MATERIALIZED (
            SELECT id FROM wallets WHERE id = ANY(ARRAY(SELECT wallet_id FROM links)) FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT slug
        FROM links
        WHERE id NOT IN (SELECT id FROM free_links) OR wallet_id NOT IN (SELECT id FROM free_wallets)
        """)

    private static let lockedWallets = Statement(
        "claims_locked_wallets",
        """
        WITH free AS MATERIALIZED (SELECT id FROM wallets WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED)
        SELECT id FROM wallets WHERE id = ANY($1::uuid[]) AND id NOT IN (SELECT id FROM free)
        """)
}
