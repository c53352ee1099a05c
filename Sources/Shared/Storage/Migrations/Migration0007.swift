extension Migration {
    /// A settlement that touches no index of its claim.
    ///
    /// Indexes that looked at a claim's status made every change of it a new entry in each of them. They look at
    /// `refusal` and `failed_at` now, which say the same of whoever is refused or has failed, and which a settlement
    /// leaves alone; and pages are half filled, so that the claim's new version finds room beside the old one.
    ///
    /// They are built under other names and then take the old ones' place, so that reads wait for the change of names only.
    static let lighterSettlements = Migration(
        number: 7, name: "lighter settlements",
        locking: "locks claims against writers while three indexes are built: seconds for millions of claims",
        statements: [
            "CREATE UNIQUE INDEX claims_winner ON claims (link_id) WHERE refusal IS NULL AND failed_at IS NULL",
            """
            CREATE INDEX claims_of_rails ON claims (payee_wallet_id, id)
                WHERE method <> 'wallet' AND refusal IS NULL
            """,
            "CREATE INDEX claims_refused ON claims (created_at) WHERE refusal IS NOT NULL",
            "DROP INDEX claims_one_winner, claims_at_the_rails, claims_refused_by_age",
            "ALTER INDEX claims_winner RENAME TO claims_one_winner",
            "ALTER INDEX claims_of_rails RENAME TO claims_at_the_rails",
            "ALTER INDEX claims_refused RENAME TO claims_refused_by_age",
            "ALTER TABLE claims SET (fillfactor = 50)",
            "ALTER TABLE transactions SET (fillfactor = 50)",
        ])
}
