import Storage

/// One way to break the books by hand, and the one rule of the audit that must notice.
struct Breach: Sendable, CustomStringConvertible {
    let rule: String
    let description: String
    /// What breaks the rule. The database's own guards that stand in the way are taken down first.
    let statements: [String]

    private init(_ rule: String, _ description: String, _ statements: String...) {
        self.rule = rule
        self.description = description
        self.statements = statements
    }

    static let all = claims + ledger + offers + events

    private static let claims = [
        Breach(
            "claimed_links_have_their_winner", "a claimed link names a claim that does not exist",
            """
            UPDATE payment_links SET status = 'CLAIMED', claim_id = gen_random_uuid(), claimed_at = now()
            WHERE description = 'untouched'
            """),
        Breach(
            "claimed_links_have_their_winner", "a claimed link names a refused claim",
            """
            UPDATE payment_links SET status = 'CLAIMED', claimed_at = now(),
                claim_id = (SELECT id FROM claims WHERE status = 'REFUSED')
            WHERE description = 'untouched'
            """),
        Breach(
            "winners_have_their_link", "a pending claim's link is active",
            "UPDATE payment_links SET status = 'ACTIVE', claim_id = NULL, claimed_at = NULL WHERE description = 'pending'"
        ),
        Breach(
            "claims_agree_with_their_link", "a link's amount is not what was paid",
            "UPDATE payment_links SET amount = amount + 1 WHERE description = 'pending'"),
        Breach(
            "claims_agree_with_their_link", "a link is for another wallet than was paid",
            "UPDATE payment_links SET wallet_id = gen_random_uuid() WHERE description = 'pending'"),
        Breach(
            "claims_have_one_transaction", "a transaction names another claim",
            "UPDATE transactions SET claim_id = gen_random_uuid() WHERE status = 'PENDING'"),
        Breach(
            "claims_have_one_transaction", "a claim names a transaction that is of no claim",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH taken AS (
                UPDATE transactions SET kind = 'FUNDING', claim_id = NULL WHERE status = 'PENDING' RETURNING id
            )
            UPDATE entries SET step = 'FUND' FROM taken WHERE transaction_id = taken.id
            """),
        Breach(
            "refused_claims_move_nothing", "a refused claim has a transaction",
            "UPDATE claims SET transaction_id = gen_random_uuid() WHERE status = 'REFUSED'"),
        Breach(
            "refused_claims_move_nothing", "a refused claim does not know of the transaction that paid for it",
            """
            WITH payer AS (
                SELECT id FROM wallets WHERE currency = 'USD' AND available > 0 LIMIT 1
            ), payee AS (
                INSERT INTO wallets (id, organization_id, environment, name, currency, available, created_at, updated_at)
                SELECT gen_random_uuid(), organization_id, environment, name, currency, 5, now(), now()
                FROM wallets JOIN payer USING (id)
                RETURNING id
            ), refused AS (
                UPDATE claims SET payer_wallet_id = payer.id, payee_wallet_id = payee.id
                FROM payer, payee
                WHERE status = 'REFUSED'
                RETURNING claims.id, payer.id AS payer_id, payee.id AS payee_id
            ), paid AS (
                INSERT INTO transactions
                    (id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at)
                SELECT gen_random_uuid(), gen_random_uuid(), 'SANDBOX', 'CLAIM', 'POSTED', id, 5, 'USD', now(), now()
                FROM refused
                RETURNING id
            ), entered AS (
                INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
                SELECT gen_random_uuid(), paid.id, 'CLAIM', line, 'WALLET',
                    CASE line WHEN 0 THEN payer_id ELSE payee_id END, 10 * line - 5, 'USD', now()
                FROM paid, refused, generate_series(0, 1) AS line
            )
            UPDATE wallets SET available = available - 5 FROM payer WHERE wallets.id = payer.id
            """),
        Breach(
            "links_expire_in_time", "a link was claimed after its time",
            "UPDATE payment_links SET expires_at = claimed_at WHERE description = 'pending'"),
        Breach(
            "links_expire_in_time", "a link expired before its time",
            "ALTER TABLE payment_links DROP CONSTRAINT payment_links_never_expire_early",
            "UPDATE payment_links SET expires_at = expired_at + interval '1 second' WHERE status = 'EXPIRED'"),
        Breach(
            "links_expire_in_time", "a link expired that had no end",
            "ALTER TABLE payment_links DROP CONSTRAINT payment_links_never_expire_early",
            "UPDATE payment_links SET expires_at = NULL WHERE status = 'EXPIRED'"),
        Breach(
            "links_are_scheduled_to_expire", "a link with an end is missing from the schedule",
            "UPDATE payment_links SET expires_at = now() + interval '1 day' WHERE description = 'untouched'",
            "DELETE FROM link_expirations"),
    ]

    private static let offers = [
        Breach(
            "offers_are_scheduled_to_expire", "an offer is missing from the schedule",
            "DELETE FROM offers WHERE claim_id = (SELECT claim_id FROM offers LIMIT 1)"),
        Breach(
            "offers_are_scheduled_to_expire", "a released offer stands in the schedule",
            """
            INSERT INTO offers (claim_id, link_id, pay_before)
            SELECT id, link_id, pay_before FROM claims WHERE status = 'CANCELLED'
            """),
        Breach(
            "suspense_is_booked", "more is in suspense than arrived",
            "UPDATE suspense SET amount = amount + 1"),
        Breach(
            "suspense_is_booked", "money in suspense is forgotten", "DELETE FROM suspense"),
        Breach(
            "suspense_belongs_to_claims", "money in suspense is of another link than its claim",
            "UPDATE suspense SET link_id = gen_random_uuid()"),
    ]

    private static let ledger = [
        Breach(
            "transactions_sum_to_zero", "more leaves the conversion account than arrives",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            UPDATE entries SET amount = amount - 1
            WHERE id = (SELECT id FROM entries WHERE account = 'CONVERSION' AND amount < 0 LIMIT 1)
            """),
        Breach(
            "transactions_took_their_steps", "a funding has no entries",
            """
            INSERT INTO transactions (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
            SELECT gen_random_uuid(), organization_id, environment, kind, status, amount, currency, now(), now()
            FROM transactions WHERE kind = 'FUNDING'
            """),
        Breach(
            "transactions_took_their_steps", "entries belong to no transaction",
            """
            INSERT INTO entries (id, transaction_id, step, line, account, amount, currency, created_at)
            SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'CLAIM', line, 'CONVERSION', 1 - 2 * line, 'USD', now()
            FROM generate_series(0, 1) AS line
            """),
        Breach(
            "transactions_took_their_steps", "a claim by wallet is pending",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH paid AS (
                UPDATE claims SET status = 'PENDING' \(ofLink("paid"))
                RETURNING transaction_id, payee_wallet_id, amount
            ), transaction AS (
                UPDATE transactions SET status = 'PENDING' FROM paid WHERE transactions.id = transaction_id
            ), entry AS (
                UPDATE entries SET account = 'WALLET_PENDING'
                FROM paid
                WHERE entries.transaction_id = paid.transaction_id AND wallet_id = payee_wallet_id
            )
            UPDATE wallets SET available = available - paid.amount, pending = pending + paid.amount
            FROM paid
            WHERE wallets.id = payee_wallet_id
            """),
        Breach(
            "entries_carry_the_amount", "a claim moves a cent more than its amount, and gives it back",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            UPDATE entries SET amount = amount + sign(amount)
            WHERE transaction_id = (SELECT id FROM transactions WHERE status = 'FAILED' LIMIT 1)
            """),
        Breach(
            "money_is_where_the_claim_says", "a settled claim's money went back to its rail",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH settled AS (
                SELECT transaction_id, payee_wallet_id, amount FROM claims \(ofLink("settled"))
            ), entry AS (
                UPDATE entries SET account = 'ACH_CLEARING', wallet_id = NULL
                FROM settled
                WHERE entries.transaction_id = settled.transaction_id AND account = 'WALLET'
            )
            UPDATE wallets SET available = available - amount FROM settled WHERE wallets.id = payee_wallet_id
            """),
        Breach(
            "money_is_where_the_claim_says", "a failed claim's money is still pending",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH failed AS (
                SELECT claims.transaction_id, payee_wallet_id, claims.amount
                FROM claims JOIN transactions ON transactions.id = transaction_id AND transactions.status = 'FAILED'
            ), entry AS (
                UPDATE entries SET account = 'ACH_CLEARING', wallet_id = NULL
                FROM failed
                WHERE entries.transaction_id = failed.transaction_id AND step = 'FAIL' AND account = 'WALLET_PENDING'
            )
            UPDATE wallets SET pending = pending + amount FROM failed WHERE wallets.id = payee_wallet_id
            """),
        Breach(
            "money_is_where_the_claim_says", "a claim by wallet was paid by nobody",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH entry AS (
                UPDATE entries SET account = 'SANDBOX_FUNDING', wallet_id = NULL
                FROM (SELECT transaction_id, payer_wallet_id FROM claims \(ofLink("paid"))) AS paid
                WHERE entries.transaction_id = paid.transaction_id AND wallet_id = payer_wallet_id
                RETURNING payer_wallet_id, amount
            )
            UPDATE wallets SET available = available - amount FROM entry WHERE wallets.id = payer_wallet_id
            """),
        Breach(
            "entries_are_of_the_claims_wallets", "a claim's money stands in a stranger's wallet",
            "ALTER TABLE entries DISABLE TRIGGER entries_are_append_only",
            """
            WITH stranger AS (
                INSERT INTO wallets (id, organization_id, environment, name, currency, pending, created_at, updated_at)
                SELECT gen_random_uuid(), organization_id, environment, name, currency, pending, now(), now()
                FROM wallets WHERE pending > 0
                RETURNING id
            ), moved AS (
                UPDATE entries SET wallet_id = stranger.id
                FROM stranger, transactions
                WHERE entries.account = 'WALLET_PENDING' AND transactions.id = entries.transaction_id
                    AND transactions.status = 'PENDING'
            )
            UPDATE wallets SET pending = 0 WHERE pending > 0
            """),
        Breach(
            "balances_agree_with_entries", "a wallet has a cent that no entry brought",
            "UPDATE wallets SET available = available + 1 WHERE available > 0"),
        Breach(
            "balances_agree_with_entries", "a wallet's pending money is not in its entries",
            "UPDATE wallets SET pending = pending + 1"),
        Breach(
            "balances_agree_with_entries", "a wallet's debt was forgotten", "UPDATE wallets SET debt = 0 WHERE debt > 0"
        ),
        Breach(
            "debts_are_paid_first", "a wallet in debt was given money to spend",
            "ALTER TABLE wallets DROP CONSTRAINT wallets_pay_debts_first",
            """
            WITH funding AS (
                INSERT INTO transactions (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
                SELECT gen_random_uuid(), organization_id, environment, 'FUNDING', 'POSTED', 5, currency, now(), now()
                FROM wallets WHERE debt > 0
                RETURNING id, currency
            ), entry AS (
                INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
                SELECT gen_random_uuid(), funding.id, 'FUND', line, account, CASE account WHEN 'WALLET' THEN wallets.id END,
                    amount, funding.currency, now()
                FROM funding, wallets, (VALUES (0, 'SANDBOX_FUNDING', -5), (1, 'WALLET', 5)) AS given (line, account, amount)
                WHERE debt > 0
            )
            UPDATE wallets SET available = 5 WHERE debt > 0
            """),
        Breach(
            "claimed_links_have_their_winner", "a claimed link names a claim whose money never settled",
            """
            UPDATE payment_links SET status = 'CLAIMED', claimed_at = now(),
                claim_id = (SELECT claims.id FROM claims WHERE claims.link_id = payment_links.id)
            WHERE description = 'failed'
            """),
        Breach(
            "entries_have_their_wallet", "money went to a wallet that does not exist",
            """
            WITH funding AS (
                INSERT INTO transactions (id, organization_id, environment, kind, status, amount, currency, created_at, updated_at)
                VALUES (gen_random_uuid(), gen_random_uuid(), 'SANDBOX', 'FUNDING', 'POSTED', 5, 'USD', now(), now())
                RETURNING id
            )
            INSERT INTO entries (id, transaction_id, step, line, account, wallet_id, amount, currency, created_at)
            SELECT gen_random_uuid(), funding.id, 'FUND', line, account, wallet_id, amount, 'USD', now()
            FROM funding, (VALUES (0, 'SANDBOX_FUNDING', NULL, -5), (1, 'WALLET', gen_random_uuid(), 5))
                AS given (line, account, wallet_id, amount)
            """),
    ]

    /// Narrows claims down to the one that won the link of this description.
    private static func ofLink(_ description: String) -> String {
        "WHERE claims.id = (SELECT claim_id FROM payment_links WHERE description = '\(description)')"
    }

    private static let events =
        [
            Breach(
                "claimed_events", "a recent claim of a link that is older than all events is told nowhere",
                "UPDATE event_horizon SET kept_since = (SELECT created_at FROM claims \(ofLink("paid")))",
                """
                DELETE FROM events
                WHERE type = 'payment_link.claimed' AND link_id = (SELECT id FROM payment_links WHERE description = 'paid')
                """)
        ] + missingAndTwice + [
            Breach(
                "events_in_sequence", "two events of a link have one number",
                "UPDATE events SET sequence = 1 WHERE id IN (SELECT id FROM events WHERE sequence = 2 LIMIT 1)"),
            Breach(
                "events_in_sequence", "the feed has an effect before its cause",
                """
                UPDATE events SET position = 0
                WHERE id IN (SELECT id FROM events WHERE sequence = 2 AND type = 'payment_link.claimed' LIMIT 1)
                """),
            Breach(
                "events_in_sequence", "a link counts fewer events than it has",
                "UPDATE payment_links SET event_sequence = 0 WHERE status = 'ACTIVE'"),
        ]

    /// For each event that has to be told: it is missing, and it was told twice.
    private static let missingAndTwice = [
        ("created_events", "payment_link.created"), ("claimed_events", "payment_link.claimed"),
        ("settled_events", "payment_link.settled"), ("claim_failed_events", "payment_link.claim_failed"),
        ("expired_events", "payment_link.expired"), ("cancelled_events", "payment_link.cancelled"),
        ("debt_changed_events", "wallet.debt_changed"),
    ].flatMap { rule, type in
        [
            Breach(
                rule, "\(type) is missing",
                "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE type = '\(type)' LIMIT 1)"),
            Breach(
                rule, "\(type) was told twice",
                """
                INSERT INTO events (id, organization_id, environment, type, link_id, body, created_at)
                SELECT gen_random_uuid(), organization_id, environment, type, link_id, body, now()
                FROM events WHERE type = '\(type)' LIMIT 1
                """),
        ]
    }
}
