extension Migration {
    /// Offers, releases, and money in suspense.
    ///
    /// `is_offer` says that a claim has not taken its link. Indexes look at it rather than at the status, so that a
    /// settlement still touches no index of its claim. `failed_at` is the time at which a claim ended without its money:
    /// FAILED, EXPIRED or CANCELLED.
    static let offers = Migration(
        number: 8, name: "offers",
        locking: """
            locks claims while three indexes are built, and reads claims, transactions and entries to check them: seconds \
            for millions of claims
            """,
        statements: offerColumns + offerIndexes + offerTables)

    private static let offerColumns = [
        "LOCK TABLE claims, transactions, entries IN ACCESS EXCLUSIVE MODE",
        """
        ALTER TABLE claims
            ADD COLUMN is_offer boolean NOT NULL DEFAULT false,
            DROP CONSTRAINT claims_status_check,
            DROP CONSTRAINT claims_failed_at,
            ADD CONSTRAINT claims_status_check CHECK (status IN (
                'AWAITING_PAYMENT', 'PENDING', 'SETTLED', 'FAILED', 'EXPIRED', 'CANCELLED', 'REFUSED'
            )),
            ADD CONSTRAINT claims_failed_at
                CHECK ((status IN ('FAILED', 'EXPIRED', 'CANCELLED')) = (failed_at IS NOT NULL)),
            ADD CONSTRAINT claims_offers CHECK (
                CASE WHEN is_offer
                    THEN method = 'usdc' AND pay_before IS NOT NULL
                        AND status IN ('AWAITING_PAYMENT', 'FAILED', 'EXPIRED', 'CANCELLED')
                    ELSE status NOT IN ('AWAITING_PAYMENT', 'EXPIRED')
                END
            )
        """,
        """
        ALTER TABLE transactions
            DROP CONSTRAINT transactions_kind_check,
            DROP CONSTRAINT transactions_claim,
            ADD CONSTRAINT transactions_kind_check CHECK (kind IN ('CLAIM', 'FUNDING', 'SUSPENSE')),
            ADD CONSTRAINT transactions_claim CHECK ((kind IN ('CLAIM', 'SUSPENSE')) = (claim_id IS NOT NULL))
        """,
        """
        ALTER TABLE entries
            DROP CONSTRAINT entries_step_check,
            DROP CONSTRAINT entries_account_check,
            ADD CONSTRAINT entries_step_check CHECK (step IN (
                'CLAIM', 'SETTLE', 'FAIL', 'REVERSE', 'FUND', 'SUSPEND'
            )),
            ADD CONSTRAINT entries_account_check CHECK (account IN (
                'WALLET', 'WALLET_PENDING', 'WALLET_DEBT', 'ACH_CLEARING', 'USDC_CLEARING', 'CONVERSION',
                'SANDBOX_FUNDING', 'SUSPENSE'
            ))
        """,
    ]

    private static let offerIndexes = [
        "DROP INDEX claims_one_winner, claims_at_the_rails",
        """
        CREATE UNIQUE INDEX claims_one_winner ON claims (link_id)
            WHERE refusal IS NULL AND failed_at IS NULL AND NOT is_offer
        """,
        """
        CREATE INDEX claims_at_the_rails ON claims (payee_wallet_id, id)
            WHERE method <> 'wallet' AND refusal IS NULL AND NOT is_offer
        """,
        "CREATE INDEX claims_offers_by_age ON claims (created_at) WHERE is_offer",
    ]

    private static let offerTables = [
        """
        CREATE TABLE offers (
            claim_id uuid PRIMARY KEY,
            link_id uuid NOT NULL,
            pay_before timestamptz NOT NULL,
            displaced_at timestamptz
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)
        """,
        "CREATE INDEX offers_of_link ON offers (link_id, claim_id) WHERE displaced_at IS NULL",
        "CREATE INDEX offers_due ON offers (pay_before)",
        """
        CREATE TABLE suspense (
            claim_id uuid NOT NULL,
            reference text NOT NULL,
            transaction_id uuid NOT NULL UNIQUE,
            link_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            environment text NOT NULL CHECK (environment IN ('SANDBOX', 'PRODUCTION')),
            label text NOT NULL CHECK (label IN ('UNDERPAID', 'OVERPAID', 'LATE', 'UNMATCHED')),
            amount bigint NOT NULL CHECK (amount > 0),
            currency text NOT NULL CHECK (currency IN ('USD', 'USDC')),
            created_at timestamptz NOT NULL,
            PRIMARY KEY (claim_id, reference)
        )
        """,
        "CREATE INDEX suspense_by_age ON suspense (created_at)",
    ]
}
