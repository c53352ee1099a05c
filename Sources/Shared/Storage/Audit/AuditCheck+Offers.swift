extension AuditCheck {
    /// Offers end in time, and money that no claim could take is accounted for.
    static let offers: [AuditCheck] = [
        AuditCheck(
            name: "offers_are_scheduled_to_expire",
            rule:
                "Every claim that awaits its payment stands in the schedule by which offers expire, and no other does.",
            breaches: """
                SELECT 'clm_' || coalesce(claims.id, offers.claim_id)
                FROM (SELECT * FROM claims WHERE status = 'AWAITING_PAYMENT') AS claims
                FULL JOIN offers ON offers.claim_id = claims.id
                WHERE (claims.link_id, claims.pay_before) IS DISTINCT FROM (offers.link_id, offers.pay_before)
                """),
        AuditCheck(
            name: "suspense_is_booked",
            rule: "Every payment in suspense has one transaction that moves its amount from a rail to suspense.",
            breaches: """
                SELECT 'txn_' || coalesce(suspense.transaction_id, booked.id)
                FROM suspense
                FULL JOIN (
                    SELECT transactions.id, transactions.claim_id, transactions.amount, transactions.currency,
                        coalesce(sum(entries.amount) FILTER (WHERE entries.account = 'SUSPENSE'), 0) AS suspended
                    FROM transactions LEFT JOIN entries ON entries.transaction_id = transactions.id
                    WHERE transactions.kind = 'SUSPENSE'
                    GROUP BY transactions.id
                ) AS booked ON booked.id = suspense.transaction_id
                WHERE (suspense.claim_id, suspense.amount, suspense.currency, suspense.amount)
                    IS DISTINCT FROM (booked.claim_id, booked.amount, booked.currency, booked.suspended)
                """),
        AuditCheck(
            name: "suspense_belongs_to_claims",
            rule: "Every payment in suspense names a claim of its link, and no other entry moves money in suspense.",
            breaches: """
                SELECT 'txn_' || suspense.transaction_id
                FROM suspense LEFT JOIN claims ON claims.id = suspense.claim_id
                WHERE claims.link_id IS DISTINCT FROM suspense.link_id
                UNION ALL
                SELECT 'ent_' || entries.id
                FROM entries LEFT JOIN transactions ON transactions.id = entries.transaction_id
                WHERE entries.account = 'SUSPENSE' AND transactions.kind IS DISTINCT FROM 'SUSPENSE'
                """),
    ]
}
