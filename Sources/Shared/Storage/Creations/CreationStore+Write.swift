import PaymentLinks
import Postgres

extension CreationStore {
    /// The statements that make a plan true; new rows are written in the order of their ids, as everywhere.
    static func write(_ plan: CreationPlan) throws -> [Query] {
        guard !plan.isEmpty else { return [] }
        let keys = plan.keys.map {
            IdempotencyStatements.Binding(reference: $0.reference, subject: $0.linkId.ulid)
        }
        return try insertLinks(plan)
            + insertResults(plan)
            + IdempotencyStatements.insert(keys, at: plan.decidedAt)
            + OutboxStatements.write(events: plan.events, messages: plan.outbox, at: plan.decidedAt)
    }

    private static func insertLinks(_ plan: CreationPlan) throws -> [Query] {
        let links = plan.links.sorted { $0.linkId < $1.linkId }
        guard !links.isEmpty else { return [] }
        let restrictions = try links.map { try $0.restrictions.map { try json($0) } }
        return [
            Query(
                insertLinkRows,
                [
                    links.uuids(\.linkId), links.uuids(\.organizationId), links.texts(\.environment.rawValue),
                    links.uuids(\.walletId), links.texts(\.slug.string), links.int64s(\.amount.minorUnits),
                    links.texts(\.amount.currency.rawValue), links.texts(\.description),
                    .jsonbs(restrictions), links.times(\.expiresAt),
                    links.jsonbs(\.metadataJSON), links.byteStrings(\.digest.bytes), .time(plan.decidedAt),
                ])
        ]
    }

    private static func insertResults(_ plan: CreationPlan) throws -> [Query] {
        let results = plan.results.sorted { $0.linkId < $1.linkId }
        guard !results.isEmpty else { return [] }
        let refusals = try results.map { try $0.refusal.map { try json($0) } }
        return [
            Query(
                insertResultRows,
                [
                    results.uuids(\.linkId), results.uuids(\.answeredBy), results.uuids(\.organizationId),
                    .jsonbs(refusals), .time(plan.decidedAt),
                ])
        ]
    }

    private static let insertLinkRows = Statement(
        "creations_insert_links",
        """
        INSERT INTO payment_links (
            id, organization_id, environment, wallet_id, slug, amount, currency, description, restrictions,
            expires_at, metadata, request_digest, created_at, updated_at
        )
        SELECT link.*, $13::timestamptz, $13::timestamptz
        FROM unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::text[],
            $9::jsonb[], $10::timestamptz[], $11::jsonb[], $12::bytea[]
        ) AS link (
            id, organization_id, environment, wallet_id, slug, amount, currency, description, restrictions,
            expires_at, metadata, request_digest
        )
        """)

    private static let insertResultRows = Statement(
        "creations_insert_results",
        """
        INSERT INTO job_results (job_id, answered_by, organization_id, refusal, created_at)
        SELECT job_id, answered_by, organization_id, refusal, $5::timestamptz
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[])
            AS result (job_id, answered_by, organization_id, refusal)
        """)
}
