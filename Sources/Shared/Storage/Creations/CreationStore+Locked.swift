package import PaymentLinks
import Postgres

extension CreationStore {
    /// Returns the creations whose wallet another transaction has locked against references now.
    package func locked(_ creations: [LinkCreation]) async throws(StorageError) -> Set<LinkID> {
        try await StorageError.wrapping {
            let results = try await pool.run([
                Query(Self.lockedWallets, [.uuids(Set(creations.map(\.walletId.bits)).sorted())])
            ])
            let wallets = Set(try results[0].rows.map { try $0.identifier(0, of: WalletKind.self) })
            return Set(creations.filter { wallets.contains($0.walletId) }.map(\.linkId))
        }
    }

    /// Foreign keys take this kind of lock.
    private static let lockedWallets = Statement(
        "creations_locked_wallets",
        """
        WITH free AS MATERIALIZED (SELECT id FROM wallets WHERE id = ANY($1::uuid[]) FOR KEY SHARE SKIP LOCKED)
        SELECT id FROM wallets WHERE id = ANY($1::uuid[]) AND id NOT IN (SELECT id FROM free)
        """)
}
