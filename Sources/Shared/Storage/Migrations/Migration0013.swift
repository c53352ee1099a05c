extension Migration {
    /// Keyed digests in place of payers' e-mail addresses, and how often each sealing key was used.
    ///
    /// The column of the addresses stays, because claim workers of the previous version still write it while they are
    /// being replaced. Nothing reads it.
    static let payerDigests = Migration(
        number: 13, name: "payer digests",
        locking: """
            locks claims for an instant to add a column; then locks each claim that holds an address until all are cleared
            """,
        statements: [
            """
            ALTER TABLE claims ADD COLUMN recipient_email_digest bytea
                CHECK (length(recipient_email_digest) = 32)
            """,
            "UPDATE claims SET recipient_email = NULL WHERE recipient_email IS NOT NULL",
            """
            CREATE TABLE sealing_uses (
                fingerprint text PRIMARY KEY,
                key_name text NOT NULL,
                uses bigint NOT NULL CHECK (uses >= 0)
            )
            """,
        ])
}
