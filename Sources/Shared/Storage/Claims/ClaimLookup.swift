package import PaymentLinks
package import Postgres

/// An accepted claim, as its address reads at this moment.
package struct ClaimRecord: Sendable {
    package let receipt: ClaimReceipt
    package let status: ClaimStatus
    /// The link's own status now: ACTIVE again after a settlement that failed.
    package let linkStatus: LinkStatus?
    package let settledAt: Timestamp?
    package let failure: SettlementFailure?

    /// The claim as it was answered when it was decided.
    package init(decided receipt: ClaimReceipt) {
        self.receipt = receipt
        status = receipt.decidedStatus
        linkStatus = receipt.decidedLinkStatus
        settledAt = receipt.decidedStatus == .settled ? receipt.createdAt : nil
        failure = nil
    }

    fileprivate init(receipt: ClaimReceipt, status: ClaimStatus, row: Row) throws {
        self.receipt = receipt
        self.status = status
        failure = try row.textIfPresent(14).map { code in
            SettlementFailure(code: code, reason: try row.textIfPresent(15) ?? "")
        }
        settledAt = try row.timeIfPresent(16)
        linkStatus = try row.nameIfPresent(17)
    }
}

/// Finds claims by their addresses.
package struct ClaimLookup: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    package enum Result: Sendable {
        case won(ClaimRecord)
        case refused(Refusal)
        /// No row knows the claim: not decided yet, or never made.
        case absent
    }

    /// The claim of this id on this link or, for a repeated claim, the one that answers it.
    ///
    /// Its address is public, so a refusal leaves out what the payer's wallet holds.
    package func find(_ id: ClaimID, on slug: Slug) async throws(StorageError) -> Result {
        try await pool.read([Query(Self.select, [.id(id), .text(slug.string)])]) { results in
            guard let row = results[0].rows.first else { return .absent }
            let claim = try ClaimSnapshot(row: row)
            switch claim.outcome {
            case .refused(let refusal): return .refused(refusal.withoutBalance)
            case .accepted(let receipt):
                return .won(try ClaimRecord(receipt: receipt, status: claim.status, row: row))
            }
        }
    }

    /// What a claim without a row was refused with, if the link stores no more refusals and can no longer be claimed.
    package func refusalWithoutRow(on slug: Slug) async throws(StorageError) -> Refusal? {
        let parameters: [PostgresValue] = [.text(slug.string), .int64(Int64(ClaimLimits.storedAnswers))]
        return try await pool.read([Query(Self.selectSaturated, parameters)]) { results in
            let status: LinkStatus? = try results[0].rows.first?.name(0)
            return status.map { Refusal.notClaimable($0, winner: nil) }
        }
    }

    private static let selectSaturated = Statement(
        "claims_select_saturated_link",
        """
        SELECT status
        FROM (
            SELECT \(LinkRecord.effectiveStatus) AS status
            FROM payment_links
            WHERE slug = $1 AND stored_answers >= $2::bigint
        ) AS link
        WHERE status <> 'ACTIVE'
        """)

    private static let select = Statement(
        "claims_select_one",
        """
        SELECT \(ClaimSnapshot.columns), claims.failure_code, claims.failure_reason, claims.settled_at,
            \(LinkRecord.effectiveStatus)
        FROM claims LEFT JOIN payment_links ON payment_links.id = claims.link_id
        WHERE claims.slug = $2 AND claims.id = ANY(
            ARRAY[$1::uuid] || ARRAY(
                SELECT answered_by FROM job_results WHERE job_id = $1 AND slug = $2 AND answered_by IS NOT NULL
            )
        )
        """)
}
