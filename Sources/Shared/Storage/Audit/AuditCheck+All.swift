extension AuditCheck {
    /// Every rule that an audit checks.
    package static let all: [AuditCheck] = claims + ledger + offers + events

    /// Entries sum to zero, belong to steps that happened, and agree with the balances.
    private static let ledger: [AuditCheck] = [
        AuditCheck(
            name: "transactions_sum_to_zero",
            rule: "The entries of every transaction sum to zero in each currency.",
            breaches: """
                SELECT 'txn_' || transaction_id
                FROM entries
                GROUP BY transaction_id, currency
                HAVING sum(amount) <> 0
                """),
        AuditCheck(
            name: "transactions_took_their_steps",
            rule: "Every transaction has the entries of the steps that its status says it took, and no others.",
            breaches: """
                SELECT 'txn_' || coalesce(transactions.id, taken.transaction_id)
                FROM transactions
                LEFT JOIN claims ON claims.id = transactions.claim_id
                FULL JOIN (
                    SELECT transaction_id, string_agg(DISTINCT step, ' ' ORDER BY step) AS steps
                    FROM entries
                    GROUP BY transaction_id
                ) AS taken ON taken.transaction_id = transactions.id
                WHERE taken.steps IS DISTINCT FROM CASE
                    WHEN transactions.kind = 'FUNDING' THEN 'FUND'
                    WHEN transactions.kind = 'DEBT_PAYMENT' THEN 'PAY_DEBT'
                    WHEN transactions.kind = 'SUSPENSE' THEN 'SUSPEND'
                    WHEN claims.method = 'wallet' THEN CASE transactions.status WHEN 'POSTED' THEN 'CLAIM' END
                    WHEN transactions.status = 'PENDING' THEN 'CLAIM'
                    WHEN transactions.status = 'POSTED' THEN 'CLAIM SETTLE'
                    WHEN transactions.status = 'FAILED' THEN 'CLAIM FAIL'
                    WHEN transactions.status = 'REVERSED' THEN 'CLAIM REVERSE SETTLE'
                END
                """),
        AuditCheck(
            name: "entries_carry_the_amount",
            rule: "Each step of a claim moves the claim's amount, no more and no less.",
            breaches: """
                SELECT 'txn_' || entries.transaction_id
                FROM entries JOIN transactions ON transactions.id = entries.transaction_id
                WHERE entries.amount > 0
                GROUP BY entries.transaction_id, entries.step
                HAVING sum(CASE entries.account WHEN 'CONVERSION' THEN 0
                        ELSE entries.amount * CASE entries.currency WHEN 'USD' THEN 10000::numeric ELSE 1 END END)
                    <> max(transactions.amount * CASE transactions.currency WHEN 'USD' THEN 10000::numeric ELSE 1 END)
                """),
        AuditCheck(
            name: "money_is_where_the_claim_says",
            rule: """
                A claim's amount came from its rail or its payer's wallet, and is pending, available, in a paid debt, \
                or given back, as the claim's status says.
                """,
            breaches: """
                SELECT 'clm_' || claims.id
                FROM claims
                LEFT JOIN (\(standings)) AS standing ON standing.transaction_id = claims.transaction_id
                CROSS JOIN LATERAL (
                    SELECT claims.amount * CASE claims.currency WHEN 'USD' THEN 10000::numeric ELSE 1 END AS amount
                ) AS worth
                WHERE claims.status <> 'REFUSED' AND NOT claims.is_offer AND (
                    CASE claims.method WHEN 'wallet' THEN payer WHEN 'ach' THEN ach ELSE usdc END, pending,
                    available + debt,
                    CASE claims.status
                        WHEN 'SETTLED' THEN debt BETWEEN 0 AND worth.amount
                        WHEN 'FAILED' THEN true
                        ELSE debt = 0
                    END
                ) IS DISTINCT FROM (
                    CASE WHEN claims.status IN ('FAILED', 'CANCELLED') THEN 0 ELSE -worth.amount END,
                    CASE WHEN claims.status = 'PENDING' THEN worth.amount ELSE 0 END,
                    CASE WHEN claims.status = 'SETTLED' THEN worth.amount ELSE 0 END,
                    true
                )
                """),
        AuditCheck(
            name: "entries_are_of_the_claims_wallets",
            rule: "A claim takes money from its payer's wallet only, and everything else it moves is its payee's.",
            breaches: """
                SELECT 'ent_' || entries.id
                FROM entries
                JOIN transactions ON transactions.id = entries.transaction_id
                JOIN claims ON claims.id = transactions.claim_id
                WHERE entries.wallet_id IS NOT NULL AND entries.wallet_id IS DISTINCT FROM CASE
                    WHEN entries.step = 'CLAIM' AND entries.amount < 0 THEN claims.payer_wallet_id
                    ELSE claims.payee_wallet_id
                END
                """),
        AuditCheck(
            name: "balances_agree_with_entries",
            rule: "Every wallet's balances are the sums of its entries, and none of them is negative.",
            breaches: """
                SELECT 'wal_' || wallets.id
                FROM wallets LEFT JOIN (
                    SELECT wallet_id,
                        coalesce(sum(amount) FILTER (WHERE account = 'WALLET'), 0) AS available,
                        coalesce(sum(amount) FILTER (WHERE account = 'WALLET_PENDING'), 0) AS pending,
                        coalesce(-sum(amount) FILTER (WHERE account = 'WALLET_DEBT'), 0) AS debt,
                        array_agg(DISTINCT currency) AS currencies
                    FROM entries
                    WHERE wallet_id IS NOT NULL
                    GROUP BY wallet_id
                ) AS sums ON sums.wallet_id = wallets.id
                WHERE wallets.available <> coalesce(sums.available, 0)
                    OR wallets.pending <> coalesce(sums.pending, 0)
                    OR wallets.debt <> coalesce(sums.debt, 0)
                    OR wallets.available < 0 OR wallets.pending < 0 OR wallets.debt < 0
                    OR sums.currencies <> ARRAY[wallets.currency]
                """),
        AuditCheck(
            name: "debts_are_paid_first",
            rule: "A wallet in debt has nothing available: every credit pays the debt first.",
            breaches: "SELECT 'wal_' || id FROM wallets WHERE debt > 0 AND available > 0"),
        AuditCheck(
            name: "entries_have_their_wallet",
            rule: "Every entry of a wallet's account names a wallet that exists.",
            breaches: """
                SELECT 'ent_' || entries.id
                FROM entries LEFT JOIN wallets ON wallets.id = entries.wallet_id
                WHERE entries.wallet_id IS NOT NULL AND wallets.id IS NULL
                """),
    ]

    /// What each transaction has left in a claim's accounts, in millionths; a wallet pays in no step but the first.
    private static let standings = """
        SELECT transaction_id,
            sum(CASE WHEN account = 'WALLET' AND step = 'CLAIM' AND amount < 0 THEN worth ELSE 0 END) AS payer,
            sum(CASE WHEN account = 'ACH_CLEARING' THEN worth ELSE 0 END) AS ach,
            sum(CASE WHEN account = 'USDC_CLEARING' THEN worth ELSE 0 END) AS usdc,
            sum(CASE WHEN account = 'WALLET_PENDING' THEN worth ELSE 0 END) AS pending,
            sum(CASE WHEN account = 'WALLET' AND (step <> 'CLAIM' OR amount > 0) THEN worth ELSE 0 END) AS available,
            sum(CASE WHEN account = 'WALLET_DEBT' THEN worth ELSE 0 END) AS debt
        FROM (
            SELECT *, amount * CASE currency WHEN 'USD' THEN 10000::numeric ELSE 1 END AS worth FROM entries
        ) AS valued
        GROUP BY transaction_id
        """

    /// Every terminal transition of a link has its event, once, as long as events are kept.
    private static let events: [AuditCheck] = [
        eventCheck(
            "created_events", "payment_link.created", "Every link has one event that says it was created.",
            transitions: "SELECT id, created_at FROM payment_links"),
        eventCheck(
            "claimed_events", "payment_link.claimed",
            "Every claim that took its link has one event that says its link was claimed.",
            transitions: """
                SELECT link_id, coalesce(CASE method WHEN 'usdc' THEN submitted_at END, created_at)
                FROM claims
                WHERE status <> 'REFUSED' AND NOT is_offer
                """),
        eventCheck(
            "settled_events", "payment_link.settled", "Every settled claim has one event that says so.",
            transitions: """
                SELECT link_id, settled_at FROM claims
                WHERE settled_at IS NOT NULL AND (method <> 'wallet' OR event_sequence IS NOT NULL)
                """),
        eventCheck(
            "claim_failed_events", "payment_link.claim_failed",
            "Every claim that gave its link back has one event that says so.",
            transitions: "SELECT link_id, failed_at FROM claims WHERE failed_at IS NOT NULL AND NOT is_offer"),
        eventCheck(
            "expired_events", "payment_link.expired",
            "Every expired link has one event that says so, and no other link has.",
            transitions: "SELECT id, expired_at FROM payment_links WHERE status = 'EXPIRED'"),
        eventCheck(
            "cancelled_events", "payment_link.cancelled",
            "Every cancelled link has one event that says so, and no other link has.",
            transitions: "SELECT id, cancelled_at FROM payment_links WHERE status = 'CANCELLED'"),
        debtEvents,
        AuditCheck(
            name: "events_in_sequence",
            rule: """
                No two events of a link have the same number, none has a higher one than its row or its winning \
                claim's row holds, and the feed has them in that order.
                """,
            breaches: """
                SELECT 'lnk_' || numbered.link_id
                FROM (
                    SELECT link_id, sequence, position, lag(position) OVER by_sequence AS previous
                    FROM events
                    WHERE sequence IS NOT NULL AND created_at >= (SELECT kept_since FROM event_horizon)
                    WINDOW by_sequence AS (PARTITION BY link_id ORDER BY sequence)
                ) AS numbered
                JOIN payment_links ON payment_links.id = numbered.link_id
                LEFT JOIN claims ON claims.id = payment_links.claim_id
                GROUP BY numbered.link_id, payment_links.event_sequence, claims.event_sequence
                HAVING count(*) <> count(DISTINCT sequence)
                    OR max(sequence) > greatest(payment_links.event_sequence, claims.event_sequence)
                    OR bool_or(position <= previous)
                """),
    ]

    /// Compares, for each organization and instant, how often a debt changed with how many events announce it. Debts that
    /// changed before there were such events are left out.
    private static let debtEvents = AuditCheck(
        name: "debt_changed_events", rule: "Every change of a wallet's debt has one event.",
        breaches: """
            SELECT coalesce('txn_' || wanted.transaction_id, 'evt_' || told.event_id)
            FROM (
                SELECT organization_id, happened_at, count(*) AS expected, min(transaction_id::text) AS transaction_id
                FROM (\(debtChanges)) AS changes
                WHERE happened_at >= (SELECT greatest(kept_since, debts_told_since) FROM event_horizon)
                GROUP BY organization_id, happened_at
            ) AS wanted
            FULL JOIN (
                SELECT organization_id, created_at AS happened_at, count(*) AS found, min(id::text) AS event_id
                FROM events
                WHERE type = 'wallet.debt_changed'
                    AND created_at >= (SELECT greatest(kept_since, debts_told_since) FROM event_horizon)
                GROUP BY organization_id, created_at
            ) AS told USING (organization_id, happened_at)
            WHERE wanted.expected IS DISTINCT FROM told.found
            """)

    /// One row for each step of a transaction that changed a wallet's debt, with the time that its event has.
    private static let debtChanges = """
        SELECT DISTINCT wallets.organization_id, entries.wallet_id, entries.transaction_id, entries.step,
            CASE entries.step
                WHEN 'SETTLE' THEN claims.settled_at
                WHEN 'REVERSE' THEN claims.failed_at
                ELSE transactions.created_at
            END AS happened_at
        FROM entries
        JOIN wallets ON wallets.id = entries.wallet_id
        JOIN transactions ON transactions.id = entries.transaction_id
        LEFT JOIN claims ON claims.id = transactions.claim_id
        WHERE entries.account = 'WALLET_DEBT'
        """

    /// Compares how many events of a type each link has with how many it should have. Transitions that are older than
    /// the events that are kept are left out; an event is of the very time of its transition.
    private static func eventCheck(
        _ name: String, _ type: String, _ rule: String, transitions: String
    ) -> AuditCheck {
        AuditCheck(
            name: name, rule: rule,
            breaches: """
                SELECT 'lnk_' || link_id
                FROM (
                    SELECT link_id, count(*) AS expected
                    FROM (\(transitions)) AS transitions (link_id, happened_at)
                    WHERE happened_at >= (SELECT kept_since FROM event_horizon)
                    GROUP BY link_id
                ) AS wanted
                FULL JOIN (
                    SELECT link_id, count(*) AS found
                    FROM events
                    WHERE type = '\(type)' AND created_at >= (SELECT kept_since FROM event_horizon)
                    GROUP BY link_id
                ) AS told USING (link_id)
                WHERE wanted.expected IS DISTINCT FROM told.found
                """)
    }
}
