package import PaymentLinks
import Postgres

/// What to change of a link; `nil` leaves a member as it is.
package struct LinkChanges: Sendable {
    /// `.some(nil)` removes the description.
    package let description: String??
    /// `.some(nil)` removes the expiry.
    package let expiresAt: Timestamp??
    /// JSON text that replaces the metadata.
    package let metadataJSON: String?

    package init(description: String??, expiresAt: Timestamp??, metadataJSON: String?) {
        self.description = description
        self.expiresAt = expiresAt
        self.metadataJSON = metadataJSON
    }

    package var isEmpty: Bool { description == nil && expiresAt == nil && metadataJSON == nil }
}

extension LinkStore {
    package enum Change: Sendable {
        case changed
        /// The link is not ACTIVE; nothing changed.
        case notActive(LinkStatus)
        /// The organization has no such link in this environment.
        case notFound
    }

    /// Changes an ACTIVE link in one statement. The row's lock decides between this, a claim, a cancellation, and the
    /// expiry; a trigger schedules the new expiry.
    package func change(
        _ id: LinkID, organization: OrganizationID, environment: Environment, walletScope: [WalletID]?,
        _ changes: LinkChanges
    ) async throws(StorageError) -> Change {
        let parameters: [PostgresValue] = [
            .id(id), .id(organization), .text(environment.rawValue), .uuidArray(walletScope),
            .bool(changes.description != nil), .text(changes.description ?? nil),
            .bool(changes.expiresAt != nil), .time(changes.expiresAt ?? nil), .jsonb(changes.metadataJSON),
        ]
        return try await pool.read([Query(Self.updateActive, parameters)]) { results in
            guard let row = results[0].rows.first else { return .notFound }
            return try row.int64(1) == 1 ? .changed : .notActive(try row.name(0))
        }
    }

    private static let updateActive = Statement(
        "links_change",
        """
        WITH link AS MATERIALIZED (
            SELECT id, \(LinkRecord.effectiveStatus) AS status
            FROM payment_links
            WHERE id = $1 AND organization_id = $2 AND environment = $3
                AND ($4::uuid[] IS NULL OR wallet_id = ANY($4::uuid[]))
            FOR NO KEY UPDATE
        ), changed AS (
            UPDATE payment_links
            SET description = CASE WHEN $5::boolean THEN $6::text ELSE payment_links.description END,
                expires_at = CASE WHEN $7::boolean THEN $8::timestamptz ELSE payment_links.expires_at END,
                metadata = coalesce($9::jsonb, payment_links.metadata),
                updated_at = greatest(payment_links.updated_at, clock_timestamp())
            FROM link
            WHERE payment_links.id = link.id AND link.status = 'ACTIVE' AND payment_links.status = 'ACTIVE'
            RETURNING 1
        )
        SELECT link.status, (SELECT count(*) FROM changed)
        FROM link
        """)
}
