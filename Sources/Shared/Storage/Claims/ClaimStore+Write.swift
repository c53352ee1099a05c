import PaymentLinks
import Postgres

extension ClaimStore {
    /// The statements that make a plan true; each writes one table for the whole batch.
    ///
    /// New rows are written in the order of their ids: a batch that is delivered to two workers at once makes one wait
    /// for the other, never both. Wallets come last, for they are what batches share: a wallet that everybody pays from
    /// is held for the last statements and the commit.
    ///
    /// - Parameter locksWallets: whether they were read and not locked.
    static func write(
        _ plan: ClaimPlan, lockingWallets locksWallets: Bool, using generator: inout some RandomNumberGenerator
    ) throws -> [Query] {
        guard !plan.isEmpty else { return [] }
        let won = plan.won
        return claimLinks(won, at: plan.decidedAt)
            + keepTallies(plan)
            + (try insertClaims(plan))
            + insertTransactions(won, at: plan.decidedAt)
            + insertKeys(plan)
            + insertAliases(plan)
            + OfferStatements.write(plan)
            + OutboxStatements.write(events: plan.events, messages: plan.outbox, at: plan.decidedAt)
            + LedgerStatements.write(
                plan.postings, at: plan.decidedAt, demanding: locksWallets ? plan.demands : nil, using: &generator)
    }

    private static func claimLinks(_ won: [ClaimPlan.Won], at now: Timestamp) -> [Query] {
        guard !won.isEmpty else { return [] }
        return [
            Query(
                updateLinks,
                [
                    won.uuids(\.link.id), won.uuids(\.receipt.claimId), .time(now), .int64(Int64(won.count)),
                    won.int64s(\.eventSequence),
                ])
        ]
    }

    private static func keepTallies(_ plan: ClaimPlan) -> [Query] {
        let tallies = plan.tallies.sorted { $0.key < $1.key }
        guard !tallies.isEmpty else { return [] }
        return [
            Query(
                updateTallies,
                [
                    tallies.uuids(\.key), tallies.int64s { Int64($0.value.storedAnswers) },
                    tallies.int64s { Int64($0.value.differingClaims) },
                ])
        ]
    }

    private static func insertTransactions(_ won: [ClaimPlan.Won], at now: Timestamp) -> [Query] {
        guard !won.isEmpty else { return [] }
        return [
            Query(
                insertTransactionRows,
                [
                    won.uuids(\.receipt.transactionId), won.uuids(\.link.organizationId),
                    won.texts(\.link.environment.rawValue), won.texts(\.transactionStatus.rawValue),
                    won.uuids(\.receipt.claimId), won.int64s(\.receipt.amount.minorUnits),
                    won.texts(\.receipt.amount.currency.rawValue), .time(now),
                ])
        ]
    }

    private static func insertClaims(_ plan: ClaimPlan) throws -> [Query] {
        let records = plan.records.sorted { $0.request.claimId < $1.request.claimId }
        guard !records.isEmpty else { return [] }
        let refusals = try records.map { try $0.refusal.map { try json($0) } }
        return [
            Query(
                insertClaimRows,
                [
                    records.uuids(\.request.claimId), records.uuids { $0.link?.id },
                    records.texts(\.request.slug.string), records.uuids { $0.link?.organizationId },
                    records.texts { $0.link?.environment.rawValue }, records.texts(\.request.method.rawValue),
                    records.texts(\.status.rawValue), records.uuids { $0.receipt?.transactionId },
                    records.uuids { $0.link?.walletId }, records.uuids(\.request.payerWalletId),
                    records.int64s { $0.link?.amount.minorUnits }, records.texts { $0.link?.amount.currency.rawValue },
                    records.byteStrings(\.keptDestination), records.texts { $0.receipt?.instructions?.chain.rawValue },
                    records.texts { $0.receipt?.instructions?.payTo.description },
                    records.times { $0.receipt?.instructions?.payBefore },
                    records.byteStrings { $0.request.recipientEmailDigest?.bytes },
                    records.byteStrings(\.request.digest.bytes),
                    .jsonbs(refusals), .time(plan.decidedAt), records.int64s(\.eventSequence),
                ])
        ]
    }

    private static func insertKeys(_ plan: ClaimPlan) -> [Query] {
        IdempotencyStatements.insert(
            plan.keys.map { .init(reference: $0.reference, subject: $0.claimId.ulid) }, at: plan.decidedAt)
    }

    private static func insertAliases(_ plan: ClaimPlan) -> [Query] {
        let aliases = plan.aliases.sorted { $0.claimId < $1.claimId }
        guard !aliases.isEmpty else { return [] }
        return [
            Query(
                insertAliasRows,
                [
                    aliases.uuids(\.claimId), aliases.uuids(\.answeredBy), aliases.texts(\.slug.string),
                    .time(plan.decidedAt),
                ])
        ]
    }

    /// The guard repeats the rule that the plan was made by: only an ACTIVE link can be claimed.
    private static let updateLinks = Statement(
        "claims_update_links",
        """
        WITH claimed AS (
            UPDATE payment_links
            SET status = 'CLAIMED', claim_id = won.claim_id, claimed_at = $3::timestamptz,
                updated_at = $3::timestamptz, event_sequence = won.event_sequence
            FROM unnest($1::uuid[], $2::uuid[], $5::bigint[]) AS won (link_id, claim_id, event_sequence)
            WHERE payment_links.id = won.link_id AND payment_links.status = 'ACTIVE'
            RETURNING 1
        )
        SELECT require_rows((SELECT count(*) FROM claimed), $4::bigint, 'only_active_links_are_claimed')
        """)

    /// The links are locked since they were read, so the counts are written as they are.
    private static let updateTallies = Statement(
        "claims_update_tallies",
        """
        UPDATE payment_links
        SET stored_answers = tally.stored_answers, differing_claims = tally.differing_claims
        FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS tally (link_id, stored_answers, differing_claims)
        WHERE payment_links.id = tally.link_id
        """)

    private static let insertClaimRows = Statement(
        "claims_insert",
        """
        INSERT INTO claims (
            id, link_id, slug, organization_id, environment, method, status, transaction_id, payee_wallet_id,
            payer_wallet_id, amount, currency, sealed_destination, chain, deposit_address, pay_before,
            recipient_email_digest, request_digest, refusal, event_sequence, created_at, settled_at, is_offer
        )
        SELECT claim.*, $20::timestamptz, CASE claim.status WHEN 'SETTLED' THEN $20::timestamptz END,
            claim.status = 'AWAITING_PAYMENT'
        FROM unnest(
            $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[],
            $10::uuid[], $11::bigint[], $12::text[], $13::bytea[], $14::text[], $15::text[], $16::timestamptz[],
            $17::bytea[], $18::bytea[], $19::jsonb[], $21::bigint[]
        ) AS claim (
            id, link_id, slug, organization_id, environment, method, status, transaction_id, payee_wallet_id,
            payer_wallet_id, amount, currency, sealed_destination, chain, deposit_address, pay_before,
            recipient_email_digest, request_digest, refusal, event_sequence
        )
        """)

    private static let insertTransactionRows = Statement(
        "claims_insert_transactions",
        """
        INSERT INTO transactions
            (id, organization_id, environment, kind, status, claim_id, amount, currency, created_at, updated_at)
        SELECT id, organization_id, environment, 'CLAIM', status, claim_id, amount, currency, $8, $8
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::text[])
            AS won (id, organization_id, environment, status, claim_id, amount, currency)
        """)

    private static let insertAliasRows = Statement(
        "claims_insert_aliases",
        """
        INSERT INTO job_results (job_id, answered_by, slug, created_at)
        SELECT job_id, answered_by, slug, $4::timestamptz
        FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS alias (job_id, answered_by, slug)
        """)
}

extension ClaimPlan {
    /// A record whose claim won its link.
    fileprivate struct Won: Sendable {
        let link: LinkSnapshot
        let receipt: ClaimReceipt

        var eventSequence: Int64 { link.eventSequence(claimedBy: receipt) }
        var transactionStatus: TransactionStatus { receipt.decidedStatus == .settled ? .posted : .pending }
    }

    fileprivate var won: [Won] {
        records.compactMap { record in
            guard let link = record.link, let receipt = record.receipt, receipt.decidedLinkStatus == .claimed else {
                return nil
            }
            return Won(link: link, receipt: receipt)
        }
    }
}

extension ClaimPlan.Record {
    fileprivate var receipt: ClaimReceipt? {
        if case .accepted(let receipt) = outcome { receipt } else { nil }
    }

    fileprivate var refusal: Refusal? {
        if case .refused(let refusal) = outcome { refusal } else { nil }
    }

    fileprivate var status: ClaimStatus { receipt?.decidedStatus ?? .refused }

    /// The sequence of the claim's last event; `nil` for a refused claim and for an offer, which have none.
    fileprivate var eventSequence: Int64? {
        guard let link, let receipt, receipt.decidedLinkStatus == .claimed else { return nil }
        return link.eventSequence(claimedBy: receipt)
    }

    /// A refused payer's account is not kept, not even sealed.
    fileprivate var keptDestination: [UInt8]? {
        guard receipt != nil else { return nil }
        return switch request.payer {
        case .ach(let sealed), .usdc(let sealed, _): sealed
        case .wallet: nil
        }
    }
}
