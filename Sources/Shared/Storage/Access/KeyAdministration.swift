package import PaymentLinks
package import Postgres

/// Creates, changes, and revokes API keys, each decided in the transaction that does it.
///
/// The organization's row is locked first. So the acting key is read as it is now, no key is created while the key
/// that creates it is being revoked, and the number of keys stays within its bound.
package struct KeyAdministration: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Who acts on keys.
    package enum Actor: Sendable {
        /// An operator at the command line, who may do everything.
        case commandLine
        /// The key of a caller.
        case key(KeyID)
    }

    package enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        case refused(Refusal)
        /// There is no such key in the organization, or it was revoked and cannot be changed.
        case notFound
        /// The organization has as many keys as it may have.
        case tooMany
    }

    /// Creates a key on behalf of another.
    ///
    /// - Parameters:
    ///   - limit: the most keys of the organization that are neither revoked nor expired.
    ///   - decide: makes the new key from the acting one, or refuses.
    package func create(
        by actor: KeyID, of organization: OrganizationID, secretDigest: [UInt8], limit: Int,
        _ decide: @escaping @Sendable (_ own: APIKey) -> Result<APIKey, Refusal>
    ) async throws(StorageError) -> Outcome<APIKey> {
        try await transaction(organization) { transaction in
            let results = try await transaction.run([
                Query(Self.selectOwn, [.id(actor), .id(organization)]), Query(Self.count, [.id(organization)]),
            ])
            guard let own = try results[0].rows.first.map(APIKey.init(row:)) else { return (.notFound, []) }
            switch decide(own) {
            case .failure(let refusal): return (.refused(refusal), [])
            case .success(let key):
                guard try results[1].firstRow().int64(0) < Int64(limit) else { return (.tooMany, []) }
                return (.done(key), [APIKeyStore.insertion(of: key, secretDigest: secretDigest)])
            }
        }
    }

    /// Changes a key on behalf of another, and returns it as it then is.
    ///
    /// - Parameter decide: takes the acting key and the key to change, and refuses or not.
    package func change(
        _ id: KeyID, by actor: KeyID, of organization: OrganizationID, _ changes: KeyChanges,
        _ decide: @escaping @Sendable (_ own: APIKey, _ key: APIKey) -> Refusal?
    ) async throws(StorageError) -> Outcome<APIKey> {
        try await transaction(organization) { transaction in
            let results = try await transaction.run([
                Query(Self.selectOwn, [.id(actor), .id(organization)]),
                Query(Self.selectOwn, [.id(id), .id(organization)]),
            ])
            guard let own = try results[0].rows.first.map(APIKey.init(row:)),
                let key = try results[1].rows.first.map(APIKey.init(row:))
            else { return (.notFound, []) }
            if let refusal = decide(own, key) { return (.refused(refusal), []) }
            guard key.revokedAt == nil else { return (.notFound, []) }
            let changed = try await transaction.run([APIKeyStore.change(id, organization: organization, changes)])
            return (.done(try APIKey(row: changed[0].firstRow())), [])
        }
    }

    /// Revokes a key for good, and with `cascades` every key that it created, and those that they created, and so on.
    ///
    /// All are revoked or none. Doing so twice changes nothing more.
    ///
    /// - Parameter decide: takes the acting key, `nil` for an operator, and every key to revoke, and refuses or not.
    /// - Returns: the ids of the keys, the given one first.
    package func revoke(
        _ id: KeyID, by actor: Actor, of organization: OrganizationID, cascades: Bool,
        _ decide: @escaping @Sendable (_ own: APIKey?, _ keys: [APIKey]) -> Refusal?
    ) async throws(StorageError) -> Outcome<[KeyID]> {
        try await transaction(organization) { transaction in
            let results = try await transaction.run([
                Query(Self.selectOwn, [.id(actor.keyId), .id(organization)]),
                Query(cascades ? Self.selectLineage : Self.selectOwn, [.id(id), .id(organization)]),
            ])
            let own = try results[0].rows.first.map(APIKey.init(row:))
            let keys = try results[1].rows.map(APIKey.init(row:))
            guard !keys.isEmpty, own != nil || actor.keyId == nil else { return (.notFound, []) }
            if let refusal = decide(own, keys) { return (.refused(refusal), []) }
            return (.done(keys.map(\.id)), [Query(Self.updateRevoked, [keys.uuids(\.id)])])
        }
    }

    /// Runs `body` while no other change of the organization's keys is under way, and writes what it returns.
    private func transaction<Value: Sendable>(
        _ organization: OrganizationID,
        _ body: (PostgresTransaction) async throws -> (Outcome<Value>, [Query])
    ) async throws(StorageError) -> Outcome<Value> {
        try await StorageError.wrapping {
            try await pool.withTransaction { transaction in
                _ = try await transaction.run([Query(Self.lockOrganization, [.id(organization)])])
                let (outcome, writes) = try await body(transaction)
                _ = try await transaction.commit(writes)
                return outcome
            }
        }
    }
}

extension KeyAdministration.Actor {
    fileprivate var keyId: KeyID? {
        switch self {
        case .commandLine: nil
        case .key(let id): id
        }
    }
}

// MARK: - Statements

extension KeyAdministration {
    private static let lockOrganization = Statement(
        "key_administration_lock", "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE")

    private static let selectOwn = Statement(
        "key_administration_select", "SELECT \(APIKey.columns) FROM api_keys WHERE id = $1 AND organization_id = $2")

    private static let count = Statement(
        "key_administration_count",
        """
        SELECT count(*)
        FROM api_keys
        WHERE organization_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
        """)

    /// The key and everything that descends from it; a key is younger than its creator, so the first is the oldest.
    private static let selectLineage = Statement(
        "key_administration_select_lineage",
        """
        WITH RECURSIVE lineage AS (
            SELECT id AS member FROM api_keys WHERE id = $1 AND organization_id = $2
            UNION
            SELECT id FROM api_keys JOIN lineage ON created_by = member WHERE organization_id = $2
        )
        SELECT \(APIKey.columns)
        FROM api_keys JOIN lineage ON member = id
        ORDER BY id <> $1, id
        """)

    private static let updateRevoked = Statement(
        "key_administration_revoke",
        "UPDATE api_keys SET revoked_at = clock_timestamp() WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL")
}
