package import PaymentLinks
package import Postgres

/// The organizations' webhook endpoints: what their owners make, change and remove.
package struct WebhookStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Creates an endpoint; `nil` when the owner has `limit` of them already.
    package func create(
        _ draft: WebhookDraft, owner: WebhookOwner, limit: Int
    ) async throws(StorageError) -> WebhookRecord? {
        try await first(
            Self.insert,
            owner.parameters + [
                .id(draft.id), .text(draft.url), .text(draft.description), .texts(draft.events),
                .bool(draft.isEnabled), .bytes(draft.sealedSecret), .int64(Int64(limit)), .bool(draft.showsBalances),
                .uuidArray(owner.walletScope),
            ])
    }

    /// All endpoints that the owner covers, newest first; their number is bounded by `create`.
    package func list(_ owner: WebhookOwner) async throws(StorageError) -> [WebhookRecord] {
        try await StorageError.wrapping {
            try await pool.run([
                Query(Self.selectAll, owner.parameters + [.uuidArray(owner.walletScope)])
            ])[0].rows.map(WebhookRecord.init(row:))
        }
    }

    /// The endpoint of the organization, in whichever environment.
    package func find(
        _ id: WebhookID, organization: OrganizationID
    ) async throws(StorageError) -> WebhookRecord? {
        try await first(Self.selectOne, [.id(organization), .id(id)])
    }

    /// Changes an endpoint. Enabling it forgets what it failed before; another address has yet to show itself.
    package func update(
        _ id: WebhookID, owner: WebhookOwner, _ changes: WebhookChanges
    ) async throws(StorageError) -> WebhookRecord? {
        try await first(
            Self.update,
            owner.parameters + [
                .id(id), .text(changes.url), changes.events.map(PostgresValue.texts) ?? .null,
                .bool(changes.isEnabled), .bool(changes.description != nil), .text(changes.description ?? nil),
                .bool(changes.mayShowBalances),
            ])
    }

    /// Removes an endpoint; false when there is none. What waits for it is not sent any more, and the pruner ends it.
    package func delete(_ id: WebhookID, owner: WebhookOwner) async throws(StorageError) -> Bool {
        try await StorageError.wrapping {
            let parameters = owner.parameters + [.id(id)]
            return try await !pool.run([Query(Self.delete, parameters)])[0].rows.isEmpty
        }
    }

    /// Replaces the secret; the old one goes on signing beside it for a while.
    package func rotateSecret(
        _ id: WebhookID, owner: WebhookOwner, sealedSecret: [UInt8], overlap: Duration
    ) async throws(StorageError) -> WebhookRecord? {
        try await first(
            Self.rotate, owner.parameters + [.id(id), .bytes(sealedSecret), .int64(overlap.wholeMicroseconds)])
    }

    private func first(
        _ statement: Statement, _ parameters: [PostgresValue]
    ) async throws(StorageError) -> WebhookRecord? {
        try await StorageError.wrapping {
            try await pool.run([Query(statement, parameters)])[0].rows.first.map(WebhookRecord.init(row:))
        }
    }
}

extension WebhookStore {
    /// Two calls at once may each find room for the last endpoint: the limit is a guard, not a promise.
    private static let insert = Statement(
        "webhook_insert",
        """
        INSERT INTO webhooks
            (id, organization_id, environment, url, description, events, enabled, secret, shows_balances, wallet_scope,
            created_at, updated_at)
        SELECT $3, $1, $2, $4, $5, $6::text[], $7, $8, $10, $11::uuid[], now, now
        FROM (SELECT clock_timestamp() AS now) AS clock
        WHERE (
            SELECT count(*) FROM webhooks WHERE organization_id = $1 AND environment = $2 AND deleted_at IS NULL
        ) < $9
        RETURNING \(WebhookRecord.columns)
        """)

    private static let selectAll = Statement(
        "webhook_select_all",
        """
        SELECT \(WebhookRecord.columns)
        FROM webhooks
        WHERE organization_id = $1 AND environment = $2 AND deleted_at IS NULL AND \(WebhookOwner.covers("$3"))
        ORDER BY id DESC
        """)

    private static let selectOne = Statement(
        "webhook_select_one",
        """
        SELECT \(WebhookRecord.columns)
        FROM webhooks
        WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL
        """)

    private static let update = Statement(
        "webhook_update",
        """
        UPDATE webhooks
        SET url = coalesce($4, url),
            events = coalesce($5::text[], events),
            enabled = coalesce($6, enabled),
            disabled_reason = CASE WHEN $6 IS NULL THEN disabled_reason END,
            succeeded_at = CASE WHEN $4 IS NULL THEN succeeded_at END,
            failing_since = CASE WHEN $6 OR $4 IS NOT NULL THEN NULL ELSE failing_since END,
            backoff_until = CASE WHEN $6 OR $4 IS NOT NULL THEN NULL ELSE backoff_until END,
            backoff_reason = CASE WHEN $6 OR $4 IS NOT NULL THEN NULL ELSE backoff_reason END,
            recoveries = recoveries + CASE WHEN $6 OR $4 IS NOT NULL THEN 1 ELSE 0 END,
            description = CASE WHEN $7 THEN $8 ELSE description END,
            shows_balances = shows_balances AND ($9::boolean OR $4 IS NULL),
            updated_at = clock_timestamp()
        WHERE organization_id = $1 AND environment = $2 AND id = $3 AND deleted_at IS NULL
        RETURNING \(WebhookRecord.columns)
        """)

    private static let delete = Statement(
        "webhook_delete",
        """
        UPDATE webhooks
        SET deleted_at = clock_timestamp(), enabled = false, updated_at = clock_timestamp()
        WHERE organization_id = $1 AND environment = $2 AND id = $3 AND deleted_at IS NULL
        RETURNING id
        """)

    private static let rotate = Statement(
        "webhook_rotate",
        """
        UPDATE webhooks
        SET previous_secret = secret,
            previous_secret_until = clock_timestamp() + $5::bigint * interval '1 microsecond',
            secret = $4,
            updated_at = clock_timestamp()
        WHERE organization_id = $1 AND environment = $2 AND id = $3 AND deleted_at IS NULL
        RETURNING \(WebhookRecord.columns)
        """)
}
