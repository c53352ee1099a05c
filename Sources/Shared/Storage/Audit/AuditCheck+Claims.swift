extension AuditCheck {
    /// A link has at most one winning claim, a claim settles at most once, and both say the same.
    static let claims: [AuditCheck] = [
        AuditCheck(
            name: "claimed_links_have_their_winner",
            rule: """
                Every CLAIMED link names a claim of its own that is PENDING or SETTLED, or whose settled money was \
                returned.
                """,
            breaches: """
                SELECT 'lnk_' || links.id
                FROM payment_links AS links LEFT JOIN claims ON claims.id = links.claim_id
                WHERE links.status = 'CLAIMED'
                    AND (
                        claims.id IS NULL OR claims.link_id <> links.id
                        OR claims.status NOT IN ('PENDING', 'SETTLED')
                            AND NOT (claims.status = 'FAILED' AND claims.settled_at IS NOT NULL)
                    )
                """),
        AuditCheck(
            name: "winners_have_their_link",
            rule: "Every PENDING or SETTLED claim is the one that its link names.",
            breaches: """
                SELECT 'clm_' || claims.id
                FROM claims LEFT JOIN payment_links AS links ON links.id = claims.link_id
                WHERE claims.status IN ('PENDING', 'SETTLED')
                    AND (links.id IS NULL OR links.status <> 'CLAIMED' OR links.claim_id IS DISTINCT FROM claims.id)
                """),
        AuditCheck(
            name: "claims_agree_with_their_link",
            rule: "Every accepted claim is of its link's amount, and for its link's wallet.",
            breaches: """
                SELECT 'clm_' || claims.id
                FROM claims LEFT JOIN payment_links AS links ON links.id = claims.link_id
                WHERE claims.status <> 'REFUSED'
                    AND (claims.amount, claims.currency, claims.payee_wallet_id)
                        IS DISTINCT FROM (links.amount, links.currency, links.wallet_id)
                """),
        AuditCheck(
            name: "claims_have_one_transaction",
            rule:
                "Every claim that took its link has one transaction, of its amount, in the status that follows from its own.",
            breaches: """
                SELECT 'clm_' || claims.id
                FROM claims LEFT JOIN transactions ON transactions.id = claims.transaction_id
                WHERE claims.status <> 'REFUSED' AND NOT claims.is_offer
                    AND (
                        transactions.id IS NULL
                        OR transactions.claim_id IS DISTINCT FROM claims.id
                        OR transactions.amount <> claims.amount
                        OR transactions.currency <> claims.currency
                        OR NOT CASE claims.status
                            WHEN 'PENDING' THEN transactions.status = 'PENDING'
                            WHEN 'SETTLED' THEN transactions.status = 'POSTED'
                            ELSE transactions.status IN ('FAILED', 'REVERSED')
                        END
                    )
                UNION ALL
                SELECT 'txn_' || transactions.id
                FROM transactions LEFT JOIN claims ON claims.id = transactions.claim_id
                WHERE transactions.kind = 'CLAIM' AND (
                    claims.id IS NULL
                    OR (claims.status <> 'REFUSED' AND claims.transaction_id IS DISTINCT FROM transactions.id)
                )
                """),
        AuditCheck(
            name: "refused_claims_move_nothing",
            rule: "A refused claim and an offer have no transaction and no entries.",
            breaches: """
                SELECT 'clm_' || claims.id
                FROM claims
                LEFT JOIN transactions ON transactions.claim_id = claims.id AND transactions.kind = 'CLAIM'
                WHERE claims.status = 'REFUSED' AND claims.transaction_id IS NOT NULL
                    OR (claims.status = 'REFUSED' OR claims.is_offer) AND transactions.id IS NOT NULL
                """),
        AuditCheck(
            name: "links_expire_in_time",
            rule: "No link expired before its time, and none was claimed after it.",
            breaches: """
                SELECT 'lnk_' || id
                FROM payment_links
                WHERE expired_at < expires_at OR claimed_at >= expires_at OR (expired_at IS NOT NULL AND expires_at IS NULL)
                """),
        AuditCheck(
            name: "links_are_scheduled_to_expire",
            rule: "Every ACTIVE link with an end stands in the schedule by which links expire.",
            breaches: """
                SELECT 'lnk_' || id
                FROM payment_links AS links
                WHERE status = 'ACTIVE' AND expires_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM link_expirations AS schedule
                    WHERE schedule.expires_at = links.expires_at AND schedule.link_id = links.id
                )
                """),
    ]
}
