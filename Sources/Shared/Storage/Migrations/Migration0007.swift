extension Migration {
    /// A settlement that touches no index of its claim.
    ///
    /// Indexes that looked at a claim's status made every change of it a new entry in each of them. They look at
    /// `refusal` and `failed_at` now, which say the same of whoever is refused or has failed, and which a settlement
    /// leaves alone; and pages are half filled, so that the claim's new version finds room beside the old one.
    ///
    /// The table is locked at once for all that is done to it: a lock that is taken in steps deadlocks with the batches
    /// that read before they write.
    static let lighterSettlements = Migration(
        number: 7, name: "lighter settlements",
        locking: "locks claims while three indexes are built: seconds for millions of claims",
        statements: [
            "LOCK TABLE claims IN ACCESS EXCLUSIVE MODE",
            "DROP INDEX claims_one_winner, claims_at_the_rails, claims_refused_by_age",
            "CREATE UNIQUE INDEX claims_one_winner ON claims (link_id) WHERE refusal IS NULL AND failed_at IS NULL",
            """
            CREATE INDEX claims_at_the_rails ON claims (payee_wallet_id, id)
                WHERE method <> 'wallet' AND refusal IS NULL
            """,
            "CREATE INDEX claims_refused_by_age ON claims (created_at) WHERE refusal IS NOT NULL",
            "ALTER TABLE claims SET (fillfactor = 50)",
            "ALTER TABLE transactions SET (fillfactor = 50)",
        ])
}
