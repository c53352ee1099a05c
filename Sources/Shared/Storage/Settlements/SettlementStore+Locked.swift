package import PaymentLinks
import Postgres

extension SettlementStore {
    /// Returns the settlements whose claim, link, or payee's wallet another transaction has locked now.
    package func locked(_ outcomes: [SettlementOutcome]) async throws(StorageError) -> Set<ClaimID> {
        try await StorageError.wrapping {
            let ids = PostgresValue.uuids(Set(outcomes.map(\.settlementId.bits)).sorted())
            let result = try await pool.run([Query(Self.lockedSettlements, [ids])])[0]
            return Set(try result.rows.map { try $0.identifier(0) })
        }
    }

    private static let lockedSettlements = Statement(
        "settlements_locked",
        """
        WITH settling AS MATERIALIZED (
            SELECT id, link_id, payee_wallet_id FROM claims WHERE id = ANY($1::uuid[])
        ), free_claims AS MATERIALIZED (
            SELECT id FROM claims WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED
        ), free_links AS MATERIALIZED (
            SELECT id FROM payment_links WHERE id = ANY(ARRAY(SELECT link_id FROM settling))
            FOR NO KEY UPDATE SKIP LOCKED
        ), free_wallets AS MATERIALIZED (
            SELECT id FROM wallets WHERE id = ANY(ARRAY(SELECT payee_wallet_id FROM settling))
            FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT id
        FROM settling
        WHERE id NOT IN (SELECT id FROM free_claims)
            OR link_id NOT IN (SELECT id FROM free_links)
            OR payee_wallet_id NOT IN (SELECT id FROM free_wallets)
        """)
}
