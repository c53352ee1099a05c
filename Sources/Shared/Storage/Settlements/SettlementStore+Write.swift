import PaymentLinks
import Postgres

extension SettlementStore {
    static func write(_ plan: OutcomePlan, using generator: inout some RandomNumberGenerator) -> [Query] {
        guard !plan.isEmpty else { return [] }
        return reopenLinks(plan)
            + OfferStatements.take(plan)
            + countEvents(plan)
            + updateClaims(plan)
            + updateTransactions(plan)
            + OfferStatements.suspend(plan)
            + LedgerStatements.write(plan.postings, at: plan.decidedAt, using: &generator)
            + OutboxStatements.write(events: plan.events, messages: plan.outbox, at: plan.decidedAt)
    }

    /// Claims that have ended come first: a link has one winner at every moment, and another claim may take it.
    private static func updateClaims(_ plan: OutcomePlan) -> [Query] {
        let claims = plan.claims.values.sorted { $0.id < $1.id }
        return updateClaims(claims.filter { $0.failedAt != nil }) + updateClaims(claims.filter { $0.failedAt == nil })
    }

    private static func updateClaims(_ claims: [SettlingClaim]) -> [Query] {
        guard !claims.isEmpty else { return [] }
        return [
            Query(
                updateClaimRows,
                [
                    claims.uuids(\.id), claims.texts(\.status.rawValue), claims.texts(\.reference),
                    claims.texts(\.failure?.code), claims.texts(\.failure?.reason), claims.times(\.submittedAt),
                    claims.times(\.settledAt), claims.times(\.failedAt), .bools(claims.map(\.isOffer)),
                    claims.int64s(\.eventSequence),
                ])
        ]
    }

    private static func updateTransactions(_ plan: OutcomePlan) -> [Query] {
        let transactions = plan.transactions.sorted { $0.key < $1.key }
        guard !transactions.isEmpty else { return [] }
        return [
            Query(
                updateTransactionRows,
                [transactions.uuids(\.key), transactions.texts(\.value.rawValue), .time(plan.decidedAt)])
        ]
    }

    private static func reopenLinks(_ plan: OutcomePlan) -> [Query] {
        let links = plan.reopenedLinks.sorted { $0.key < $1.key }
        guard !links.isEmpty else { return [] }
        return [
            Query(
                updateLinkRows,
                [
                    links.uuids(\.key), links.texts(\.value.rawValue), .time(plan.decidedAt),
                    .int64(Int64(links.count)), links.int64s { plan.eventSequences[$0.key] },
                ])
        ]
    }

    /// A link that was taken and given back in one batch keeps its status; only its events are counted.
    private static func countEvents(_ plan: OutcomePlan) -> [Query] {
        let links = plan.eventSequences.filter { plan.reopenedLinks[$0.key] == nil && plan.takenLinks[$0.key] == nil }
            .sorted { $0.key < $1.key }
        guard !links.isEmpty else { return [] }
        return [Query(updateEventSequences, [links.uuids(\.key), links.int64s(\.value)])]
    }

    private static let updateEventSequences = Statement(
        "settlements_count_events",
        """
        UPDATE payment_links
        SET event_sequence = change.event_sequence
        FROM unnest($1::uuid[], $2::bigint[]) AS change (id, event_sequence)
        WHERE payment_links.id = change.id
        """)

    private static let updateClaimRows = Statement(
        "settlements_update_claims",
        """
        UPDATE claims
        SET status = change.status, rail_reference = change.rail_reference, failure_code = change.failure_code,
            failure_reason = change.failure_reason, submitted_at = change.submitted_at,
            settled_at = change.settled_at, failed_at = change.failed_at, is_offer = change.is_offer,
            event_sequence = change.event_sequence
        FROM unnest(
            $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
            $8::timestamptz[], $9::boolean[], $10::bigint[]
        ) AS change (
            id, status, rail_reference, failure_code, failure_reason, submitted_at, settled_at, failed_at, is_offer,
            event_sequence
        )
        WHERE claims.id = change.id
        """)

    private static let updateTransactionRows = Statement(
        "settlements_update_transactions",
        """
        UPDATE transactions
        SET status = change.status, updated_at = $3::timestamptz
        FROM unnest($1::uuid[], $2::text[]) AS change (id, status)
        WHERE transactions.id = change.id
        """)

    /// A link that is open again stands in the schedule still, unless the clock was set back since it was struck off.
    private static let updateLinkRows = Statement(
        "settlements_reopen_links",
        """
        WITH reopened AS (
            UPDATE payment_links
            SET status = change.status, claim_id = NULL, claimed_at = NULL, updated_at = $3::timestamptz,
                expired_at = CASE change.status WHEN 'EXPIRED' THEN $3::timestamptz END,
                event_sequence = change.event_sequence
            FROM unnest($1::uuid[], $2::text[], $5::bigint[]) AS change (id, status, event_sequence)
            WHERE payment_links.id = change.id AND payment_links.status = 'CLAIMED'
            RETURNING payment_links.id, payment_links.status, payment_links.expires_at
        ), scheduled AS (
            INSERT INTO link_expirations (expires_at, link_id)
            SELECT expires_at, id FROM reopened WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
            ON CONFLICT DO NOTHING
        )
        SELECT require_rows((SELECT count(*) FROM reopened), $4::bigint, 'only_claimed_links_are_reopened')
        """)
}
