extension Migration {
    /// Keyed digests in place of payers' e-mail addresses, and how often each sealing key was used.
    ///
    /// The column of the addresses stays, because claim workers of the previous version still write it while they are
    /// being replaced. Nothing reads it.
    static let payerDigests = Migration(
        number: 13, name: "payer digests",
        locking:
            "locks claims while every claim is read once, to add a column with a check: seconds for millions of claims",
        statements: [
            """
            ALTER TABLE claims ADD COLUMN recipient_email_digest bytea
                CHECK (length(recipient_email_digest) = 32)
            """,
            """
            CREATE TABLE sealing_uses (
                fingerprint text PRIMARY KEY,
                key_name text NOT NULL,
                uses bigint NOT NULL CHECK (uses >= 0)
            )
            """,
        ])
}
