package import PaymentLinks
package import Postgres

/// Gives claims up before their money moves, for their payers and their payees.
package struct ReleaseStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// What a release comes to.
    package enum Release: Sendable {
        /// The claim is released now, by this call or an earlier one; the messages are to be published.
        case released(ClaimID, [OutboxMessage])
        /// The rail has acted, or the claim is over; nothing changed.
        case notReleasable(ClaimStatus)
        /// The body is not the claim's own; nothing changed.
        case notThePayers
        /// The link is not claimed: there is nothing to release.
        case notClaimed
        case notFound
    }

    /// Releases the claim, or the one that answers it, for a caller that sends the claim's own body again.
    package func release(
        _ id: ClaimID, on slug: Slug, digest: Digest
    ) async throws(StorageError) -> Release {
        let found = try await pool.read([Query(Self.selectClaim, [.id(id), .text(slug.string)])]) { results in
            try results[0].rows.first.map(Candidate.init(row:))
        }
        guard let found else { return .notFound }
        // Of a claim that cannot be released, the answer does not show whether the body is its own.
        guard found.mayBeReleased else { return .notReleasable(found.status) }
        return found.digest == digest ? try await release(found.id, by: .payer) : .notThePayers
    }

    /// A claim that its payer may want to release.
    private struct Candidate {
        let id: ClaimID
        let digest: Digest
        let status: ClaimStatus
        let isSubmitted: Bool

        init(row: Row) throws {
            id = try row.identifier(0)
            digest = try row.digest(1)
            status = try row.name(2)
            isSubmitted = try row.bool(3)
        }

        /// A claim that an earlier call released counts too.
        var mayBeReleased: Bool { status == .cancelled || status.isReleasable(isSubmitted: isSubmitted) }
    }

    /// Releases the claim that holds the link or, if one is named, that claim of the link.
    package func release(
        _ link: LinkID, claim: ClaimID?, organization: OrganizationID, environment: Environment,
        walletScope: [WalletID]?
    ) async throws(StorageError) -> Release {
        let parameters: [PostgresValue] = [
            .id(link), .id(organization), .text(environment.rawValue), .uuidArray(walletScope), .id(claim),
        ]
        let found = try await pool.read([Query(Self.selectLink, parameters)]) { results in
            try results[0].rows.first.map { try $0.identifierIfPresent(0, of: ClaimKind.self) }
        }
        guard let found else { return .notFound }
        guard let held = found else { return claim == nil ? .notClaimed : .notFound }
        return try await release(held, by: .payee)
    }

    private func release(_ id: ClaimID, by releaser: Releaser) async throws(StorageError) -> Release {
        let ids = PostgresValue.uuids([id.bits])
        let queries = SettlementStore.lockAndRead(ids, reopening: ids)
        return try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                let state = try SettlementStore.state(try await transaction.run(queries))
                var generator = PooledRandomNumberGenerator()
                let (release, writes) = Self.decide(id, releaser, state, &generator)
                _ = try await transaction.commit(writes)
                return release
            }
        }
    }

    private static func decide(
        _ id: ClaimID, _ releaser: Releaser, _ state: OutcomeBatchState,
        _ generator: inout PooledRandomNumberGenerator
    ) -> (Release, [Query]) {
        guard let claim = state.claims[id] else { return (.notReleasable(.refused), []) }
        switch OutcomeBatch.release(claim, by: releaser, on: state, using: &generator) {
        case .released(let plan):
            return (.released(id, plan.outbox), SettlementStore.write(plan, using: &generator))
        case .alreadyReleased: return (.released(id, []), [])
        case .notReleasable(let status): return (.notReleasable(status), [])
        }
    }

    private static let selectClaim = Statement(
        "release_select_claim",
        """
        SELECT id, request_digest, status, submitted_at IS NOT NULL
        FROM claims
        WHERE slug = $2 AND id = ANY(
            ARRAY[$1::uuid] || ARRAY(
                SELECT answered_by FROM job_results WHERE job_id = $1 AND slug = $2 AND answered_by IS NOT NULL
            )
        )
        """)

    private static let selectLink = Statement(
        "release_select_link",
        """
        SELECT CASE WHEN $5::uuid IS NULL THEN payment_links.claim_id ELSE claims.id END
        FROM payment_links LEFT JOIN claims ON claims.id = $5 AND claims.link_id = payment_links.id
        WHERE payment_links.id = $1 AND payment_links.organization_id = $2 AND payment_links.environment = $3
            AND ($4::uuid[] IS NULL OR payment_links.wallet_id = ANY($4::uuid[]))
        """)
}
