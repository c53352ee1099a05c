package import PaymentLinks
package import Postgres

/// An endpoint's sealed secrets.
package struct SealedWebhookSecrets: Sendable {
    package let id: WebhookID
    package let secret: [UInt8]
    /// The secret before the last rotation, while it is kept.
    package let previous: [UInt8]?

    package init(id: WebhookID, secret: [UInt8], previous: [UInt8]?) {
        self.id = id
        self.secret = secret
        self.previous = previous
    }
}

/// Reads and replaces the sealed secrets of all endpoints, for a change of the sealing keys.
package struct WebhookSecretStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Secrets in the order of their endpoints' ids, deleted endpoints included.
    package func page(
        after previous: WebhookID?, limit: Int
    ) async throws(StorageError) -> [SealedWebhookSecrets] {
        let parameters: [PostgresValue] = [.id(previous ?? WebhookID(bits: 0)), .int64(Int64(limit))]
        return try await pool.read([Query(Self.select, parameters)]) { results in
            try results[0].rows.map { row in
                SealedWebhookSecrets(
                    id: try row.identifier(0), secret: try row.bytes(1), previous: try row.bytesIfPresent(2))
            }
        }
    }

    /// Replaces secrets that have not changed since they were read, and returns how many.
    package func replace(
        _ old: [SealedWebhookSecrets], with new: [SealedWebhookSecrets]
    ) async throws(StorageError) -> Int {
        let parameters: [PostgresValue] = [
            old.uuids(\.id), old.byteStrings(\.secret), new.byteStrings(\.secret), new.byteStrings(\.previous),
        ]
        return try await StorageError.wrapping {
            try await pool.run([Query(Self.update, parameters)])[0].rows.count
        }
    }

    private static let select = Statement(
        "webhook_secrets_select",
        "SELECT id, secret, previous_secret FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2")

    private static let update = Statement(
        "webhook_secrets_update",
        """
        UPDATE webhooks
        SET secret = change.secret,
            previous_secret = CASE WHEN webhooks.previous_secret IS NOT NULL THEN change.previous_secret END
        FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS change (id, old, secret, previous_secret)
        WHERE webhooks.id = change.id AND webhooks.secret = change.old
        RETURNING webhooks.id
        """)
}
