import PaymentLinks
import Postgres

/// Reads and writes offers and money in suspense. A batch without any of them runs none of these statements.
enum OfferStatements {
    /// The offers of the links that the batch's `usdc` claims name, without those that are displaced.
    static func selectOpen(of requests: [ClaimRequest]) -> [Query] {
        let slugs = Set(requests.filter { $0.method == .usdc }.map(\.slug.string)).sorted()
        return slugs.isEmpty ? [] : [Query(selectOpenOffers, [.texts(slugs)])]
    }

    /// Records a batch's offers, and those that they displace.
    static func write(_ plan: ClaimPlan) -> [Query] {
        let offers = plan.offers.sorted { $0.claimId < $1.claimId }
        guard !offers.isEmpty else { return [] }
        let insert = Query(insertOffers, [offers.uuids(\.claimId), offers.uuids(\.linkId), offers.times(\.payBefore)])
        guard !plan.displacedOffers.isEmpty else { return [insert] }
        return [insert, Query(displaceOffers, [plan.displacedOffers.uuids(\.self), .time(plan.decidedAt)])]
    }

    /// Gives links to the offers that take them, and removes the offers that have ended.
    static func take(_ plan: OutcomePlan) -> [Query] {
        takeLinks(plan) + insertTransactions(plan) + removeEnded(plan)
    }

    private static func takeLinks(_ plan: OutcomePlan) -> [Query] {
        let links = plan.takenLinks.sorted { $0.key < $1.key }
        guard !links.isEmpty else { return [] }
        return [
            Query(
                takeOpenLinks,
                [
                    links.uuids(\.key), links.uuids(\.value), .time(plan.decidedAt), .int64(Int64(links.count)),
                    links.int64s { plan.eventSequences[$0.key] },
                ])
        ]
    }

    private static func insertTransactions(_ plan: OutcomePlan) -> [Query] {
        let taken = plan.takenOffers
        guard !taken.isEmpty else { return [] }
        return [
            Query(
                insertOfferTransactions,
                [
                    taken.uuids(\.transactionId), taken.uuids(\.link.organizationId),
                    taken.texts(\.link.environment.rawValue), taken.uuids(\.claimId),
                    taken.int64s(\.link.amount.minorUnits), taken.texts(\.link.amount.currency.rawValue),
                    .time(plan.decidedAt),
                ])
        ]
    }

    private static func removeEnded(_ plan: OutcomePlan) -> [Query] {
        plan.endedOffers.isEmpty ? [] : [Query(deleteOffers, [plan.endedOffers.uuids(\.self)])]
    }

    // MARK: - Suspense

    static func selectSuspended(of claims: PostgresValue) -> Query { Query(selectSuspended, [claims]) }

    /// Records payments that no claim could take, each with its transaction.
    static func suspend(_ plan: OutcomePlan) -> [Query] {
        let payments = plan.suspended
        guard !payments.isEmpty else { return [] }
        return [
            Query(
                insertSuspended,
                [
                    payments.uuids(\.key.claimId), payments.texts(\.key.reference), payments.uuids(\.transactionId),
                    payments.uuids(\.linkId), payments.uuids(\.organizationId), payments.texts(\.environment.rawValue),
                    payments.texts(\.label.rawValue), payments.int64s(\.amount.minorUnits),
                    payments.texts(\.amount.currency.rawValue), .time(plan.decidedAt),
                ])
        ]
    }
}

// MARK: - Statements

extension OfferStatements {
    private static let selectOpenOffers = Statement(
        "offers_select_open",
        """
        SELECT \(ClaimSnapshot.columns)
        FROM offers JOIN claims ON claims.id = offers.claim_id
        WHERE offers.link_id = ANY(ARRAY(SELECT id FROM payment_links WHERE slug = ANY($1::text[])))
            AND offers.displaced_at IS NULL
        ORDER BY claims.created_at, claims.id
        """)

    private static let insertOffers = Statement(
        "offers_insert",
        """
        INSERT INTO offers (claim_id, link_id, pay_before)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
        """)

    /// Offers that have expired meanwhile are gone, and stay so. The links' locks keep every other writer away.
    private static let displaceOffers = Statement(
        "offers_displace", "UPDATE offers SET displaced_at = $2::timestamptz WHERE claim_id = ANY($1::uuid[])")

    private static let deleteOffers = Statement("offers_delete", "DELETE FROM offers WHERE claim_id = ANY($1::uuid[])")

    /// The guard repeats the rule that the plan was made by: only an ACTIVE link can be taken.
    private static let takeOpenLinks = Statement(
        "offers_take_links",
        """
        WITH taken AS (
            UPDATE payment_links
            SET status = 'CLAIMED', claim_id = offer.claim_id, claimed_at = $3::timestamptz,
                updated_at = $3::timestamptz, event_sequence = offer.event_sequence,
                differing_claims = 0
            FROM unnest($1::uuid[], $2::uuid[], $5::bigint[]) AS offer (link_id, claim_id, event_sequence)
            WHERE payment_links.id = offer.link_id AND payment_links.status = 'ACTIVE'
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM taken), $4::bigint, 'only_active_links_are_claimed')
        """)

    private static let insertOfferTransactions = Statement(
        "offers_insert_transactions",
        """
        INSERT INTO transactions
            (id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at)
        SELECT id, organization_id, environment, 'CLAIM', 'PENDING', claim_id, amount, currency, $7, $7
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::text[])
            AS taken (id, organization_id, environment, claim_id, amount, currency)
        """)

    private static let selectSuspended = Statement(
        "suspense_select", "SELECT claim_id, reference FROM suspense WHERE claim_id = ANY($1::uuid[])")

    private static let insertSuspended = Statement(
        "suspense_insert",
        """
        WITH payment AS (
            SELECT * FROM unnest(
                $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[],
                $9::text[]
            ) AS payment (
                claim_id, reference, transaction_id, link_id, organization_id, environment, label, amount, currency
            )
        ), booked AS (
            INSERT INTO transactions
                (id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at)
            SELECT transaction_id, organization_id, environment, 'SUSPENSE', 'POSTED', claim_id, amount, currency,
                $10::timestamptz, $10::timestamptz
            FROM payment
        )
        INSERT INTO suspense (
            claim_id, reference, transaction_id, link_id, organization_id, environment, label, amount, currency,
            created_at
        )
        SELECT payment.*, $10::timestamptz FROM payment
        """)
}

extension SuspendedPayment.Key {
    init(row: Row) throws {
        self.init(claimId: try row.identifier(0), reference: try row.text(1))
    }
}
