extension Migration {
    /// Debts that every credit pays first, and what an organization wants done with a link whose money was returned.
    ///
    /// A wallet that holds money beside a debt pays the debt now, as far as it can: with a transaction of its own, its
    /// entries and its event. From here on, the database refuses such a wallet.
    static let debts = Migration(
        number: 9, name: "debts",
        locking: """
            locks organizations, wallets, transactions, and entries while all wallets and entries are read once: \
            seconds for millions of entries
            """,
        statements: debtLocks + returnPolicy + debtTransactions + paidDebts + debtRules)

    /// All at once, in the order in which batches take them: locks that are taken in steps deadlock with batches.
    private static let debtLocks = [
        "LOCK TABLE organizations, wallets, transactions, entries IN ACCESS EXCLUSIVE MODE"
    ]

    private static let returnPolicy = [
        """
        ALTER TABLE organizations
            ADD COLUMN reopens_after_return_in_sandbox boolean NOT NULL DEFAULT true,
            ADD COLUMN reopens_after_return_in_production boolean NOT NULL DEFAULT false
        """
    ]

    /// `NOT VALID` because every existing row satisfies the narrower rule that each of these replaces.
    private static let debtTransactions = [
        "ALTER TABLE transactions DROP CONSTRAINT transactions_kind_check",
        """
        ALTER TABLE transactions ADD CONSTRAINT transactions_kind_check
            CHECK (kind IN ('CLAIM', 'FUNDING', 'SUSPENSE', 'DEBT_PAYMENT')) NOT VALID
        """,
        "ALTER TABLE entries DROP CONSTRAINT entries_step_check",
        """
        ALTER TABLE entries ADD CONSTRAINT entries_step_check
            CHECK (step IN ('CLAIM', 'SETTLE', 'FAIL', 'REVERSE', 'FUND', 'SUSPEND', 'PAY_DEBT')) NOT VALID
        """,
        "ALTER TABLE event_horizon ADD COLUMN debts_told_since timestamptz NOT NULL DEFAULT clock_timestamp()",
    ]

    private static let debtRules = [
        """
        ALTER TABLE wallets ADD CONSTRAINT wallets_pay_debts_first CHECK (available = 0 OR debt = 0)
        """,
        "CREATE INDEX entries_of_debts ON entries (wallet_id, id) WHERE account = 'WALLET_DEBT'",
    ]
}

// MARK: - Wallets that hold money beside a debt

extension Migration {
    private static let paidDebts = [
        ulidText,
        """
        CREATE TEMPORARY TABLE paid_debts ON COMMIT DROP AS
        SELECT id AS wallet_id, organization_id, environment, currency, debt, least(available, debt) AS paid, now,
            \(ulid) AS transaction_id, \(ulid) AS event_id, \(ulid) AS debit_id, \(ulid) AS credit_id
        FROM wallets CROSS JOIN (
            SELECT now, lpad(to_hex(floor(extract(epoch FROM now) * 1000)::bigint), 12, '0') AS prefix
            FROM (SELECT kept.debts_told_since AS now FROM event_horizon AS kept) AS clock
        ) AS moment
        WHERE debt > 0 AND available > 0
        """,
        """
        INSERT INTO transactions
            (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
        SELECT transaction_id, organization_id, environment, 'DEBT_PAYMENT', 'POSTED', paid, currency, now, now
        FROM paid_debts
        """,
        """
        INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
        SELECT debit_id, transaction_id, 'PAY_DEBT', 0, 'WALLET', wallet_id, -paid, currency, now FROM paid_debts
        UNION ALL
        SELECT credit_id, transaction_id, 'PAY_DEBT', 1, 'WALLET_DEBT', wallet_id, paid, currency, now FROM paid_debts
        """,
        """
        UPDATE wallets
        SET available = available - paid, debt = wallets.debt - paid, updated_at = greatest(updated_at, now)
        FROM paid_debts
        WHERE wallets.id = paid_debts.wallet_id
        """,
        """
        INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
        SELECT event_id, organization_id, environment, 'wallet.debt_changed', NULL, json_build_object(
            'id', 'evt_' || pg_temp.ulid_text(event_id), 'event', 'wallet.debt_changed',
            'timestamp', to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'organizationId', 'org_' || pg_temp.ulid_text(organization_id),
            'data', json_build_object(
                'walletId', 'wal_' || pg_temp.ulid_text(wallet_id),
                'transactionId', 'txn_' || pg_temp.ulid_text(transaction_id),
                'currency', currency, 'previousDebt', \(decimal("debt")), 'debt', \(decimal("debt - paid"))
            )
        )::text, now
        FROM paid_debts
        """,
        """
        INSERT INTO outbox (id, topic, part_ids, bodies, created_at)
        SELECT event_id, 'wallet.debt_changed', ARRAY[event_id], NULL, now FROM paid_debts
        """,
        "DROP TABLE paid_debts",
        "DROP FUNCTION pg_temp.ulid_text(uuid)",
    ]

    /// A new id with the time in `prefix`.
    private static let ulid = "(prefix || substr(gen_random_uuid()::text, 15))::uuid"

    /// An id as the API spells it: Crockford's base 32 of 130 bits, the first two of which are zero.
    private static let ulidText = """
        CREATE FUNCTION pg_temp.ulid_text(id uuid) RETURNS text LANGUAGE sql AS $$
            SELECT string_agg(
                substr(
                    '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
                    1 + substring(
                        B'00' || ('x' || replace(id::text, '-', ''))::bit(128) FROM 5 * digit + 1 FOR 5
                    )::bit(5)::integer,
                    1
                ), '' ORDER BY digit
            )
            FROM generate_series(0, 25) AS digit
        $$
        """

    /// An amount as the API spells it, with at least two decimals.
    private static func decimal(_ minorUnits: String) -> String {
        """
        CASE currency
            WHEN 'USD' THEN to_char((\(minorUnits)) / 100.0, 'FM99999999999999990.00')
            ELSE to_char((\(minorUnits)) / 1000000.0, 'FM99999999999999990.009999')
        END
        """
    }
}
