package import PaymentLinks
package import Postgres

/// Keeps API keys: by the SHA-256 of their secrets, never the secrets.
package struct APIKeyStore: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// The key with this secret, revoked and expired ones included.
    package func find(secretDigest: [UInt8]) async throws(StorageError) -> APIKey? {
        try await first(Query(Self.selectBySecret, [.bytes(secretDigest)]))
    }

    package func find(_ id: KeyID, organization: OrganizationID) async throws(StorageError) -> APIKey? {
        try await first(Query(Self.selectOne, [.id(id), .id(organization)]))
    }

    /// The organization's keys in one environment, newest first.
    package func list(
        organization: OrganizationID, environment: Environment, _ page: PageRequest
    ) async throws(StorageError) -> Page<APIKey> {
        let parameters: [PostgresValue] = [
            .id(organization), .text(environment.rawValue), page.cursor, .int64(Int64(page.limit + 1)),
        ]
        return try await pool.read([Query(Self.selectPage, parameters)]) { results in
            Page(rowsWithOneMore: try results[0].rows.map(APIKey.init(row:)), limit: page.limit)
        }
    }

    /// Inserts a key on an operator's behalf: without a creator to check, and without a bound on how many there are.
    package func insert(_ key: APIKey, secretDigest: [UInt8]) async throws(StorageError) {
        try await pool.read([Self.insertion(of: key, secretDigest: secretDigest)]) { _ in }
    }

    static func insertion(of key: APIKey, secretDigest: [UInt8]) -> Query {
        let grant = key.grant
        let parameters: [PostgresValue] = [
            .id(key.id), .id(key.organizationId), .text(key.environment.rawValue), .text(key.name),
            .text(key.prefix), .bytes(secretDigest), Self.array(grant.permissions),
            .uuidArray(grant.walletScope), Self.array(grant.allowedIps), .time(grant.expiresAt),
            .time(key.createdAt), .int64(grant.rateLimit.map(Int64.init)), .id(key.createdBy),
        ]
        return Query(insert, parameters)
    }

    /// Changes what is given of a key that is not revoked.
    static func change(_ id: KeyID, organization: OrganizationID, _ changes: KeyChanges) -> Query {
        Query(
            update,
            [
                .id(id), .id(organization), .text(changes.name), changes.permissions.map { array($0) } ?? .null,
                .bool(changes.rateLimit != nil), .int64(changes.rateLimit.flatMap { $0 }.map(Int64.init)),
            ])
    }

    private func first(_ query: Query) async throws(StorageError) -> APIKey? {
        try await pool.read([query]) { try $0[0].rows.first.map(APIKey.init(row:)) }
    }

    private static func array(_ permissions: Set<Permission>) -> PostgresValue {
        .texts(permissions.map(\.rawValue).sorted())
    }

    private static func array(_ ranges: [AddressRange]?) -> PostgresValue {
        ranges.map { .texts($0.map(\.description)) } ?? .null
    }
}

/// What to change of an API key; what is `nil` stays.
package struct KeyChanges: Sendable {
    package let name: String?
    package let permissions: Set<Permission>?
    /// `.some(nil)`: take the key's own limit away.
    package let rateLimit: Int??

    package init(name: String?, permissions: Set<Permission>?, rateLimit: Int?? = nil) {
        self.name = name
        self.permissions = permissions
        self.rateLimit = rateLimit
    }
}

// MARK: - Statements

extension APIKeyStore {
    private static let selectBySecret = Statement(
        "api_keys_select_by_secret", "SELECT \(APIKey.columns) FROM api_keys WHERE secret_sha256 = $1")

    private static let selectOne = Statement(
        "api_keys_select", "SELECT \(APIKey.columns) FROM api_keys WHERE id = $1 AND organization_id = $2")

    private static let selectPage = Statement(
        "api_keys_select_page",
        """
        SELECT \(APIKey.columns)
        FROM api_keys
        WHERE organization_id = $1 AND environment = $2 AND id < $3
        ORDER BY id DESC
        LIMIT $4
        """)

    private static let insert = Statement(
        "api_keys_insert",
        """
        INSERT INTO api_keys (
            id, organization_id, environment, name, key_prefix, secret_sha256, permissions, wallet_scope, allowed_ips,
            expires_at, created_at, rate_limit, created_by
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::uuid[], $9::text[], $10, $11, $12, $13)
        """)

    private static let update = Statement(
        "api_keys_update",
        """
        UPDATE api_keys
        SET name = coalesce($3, name),
            permissions = coalesce($4::text[], permissions),
            rate_limit = CASE WHEN $5::boolean THEN $6::bigint ELSE rate_limit END
        WHERE id = $1 AND organization_id = $2 AND revoked_at IS NULL
        RETURNING \(APIKey.columns)
        """)
}
