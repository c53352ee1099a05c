package import PaymentLinks
import Postgres

/// An API key, without its secret: what it is, whose it is, and what it may do.
package struct APIKey: Sendable {
    package let id: KeyID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let name: String
    /// The secret's first characters, for people to tell keys apart.
    package let prefix: String
    package let grant: KeyGrant
    /// The key that created this one; `nil` for a key from the command line, and for keys older than this record.
    package let createdBy: KeyID?
    package let revokedAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: KeyID, organizationId: OrganizationID, environment: Environment, name: String, prefix: String,
        grant: KeyGrant, createdBy: KeyID? = nil, revokedAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.organizationId = organizationId
        self.environment = environment
        self.name = name
        self.prefix = prefix
        self.grant = grant
        self.createdBy = createdBy
        self.revokedAt = revokedAt
        self.createdAt = createdAt
    }
}

/// What a key may do, where, from where, and until when.
package struct KeyGrant: Sendable, Hashable {
    package var permissions: Set<Permission>
    /// The only wallets that the key reaches; `nil`: all of its organization's, in its environment.
    package var walletScope: [WalletID]?
    /// The only addresses that the key may be used from; `nil`: any.
    package var allowedIps: [AddressRange]?
    package var expiresAt: Timestamp?
    /// The requests a second that the key may make of one gateway; `nil`: as many as any.
    package var rateLimit: Int?

    package init(
        permissions: Set<Permission>, walletScope: [WalletID]? = nil, allowedIps: [AddressRange]? = nil,
        expiresAt: Timestamp? = nil, rateLimit: Int? = nil
    ) {
        self.permissions = permissions
        self.walletScope = walletScope
        self.allowedIps = allowedIps
        self.expiresAt = expiresAt
        self.rateLimit = rateLimit
    }
}

extension KeyGrant {
    /// What a key's own rate limit may be.
    package static let rateLimits = 1...1_000_000

    /// Whether a key with this grant may give out another with that one: no key hands on more than it has.
    ///
    /// - Parameter defaultRate: the limit of a key that has none of its own.
    package func covers(_ other: KeyGrant, defaultRate: Int) -> Bool {
        covers(other) && coversRate(of: other, defaultRate)
    }

    /// Whether a key with this grant may change, rename, or revoke another with that one: the other is no broader.
    ///
    /// Rates are left out: a limit protects the gateway, and gives no access.
    package func covers(_ other: KeyGrant) -> Bool {
        other.permissions.isSubset(of: permissions) && coversWallets(of: other) && coversAddresses(of: other)
            && coversLife(of: other)
    }

    private func coversRate(of other: KeyGrant, _ defaultRate: Int) -> Bool {
        other.rateLimit ?? defaultRate <= rateLimit ?? defaultRate
    }

    private func coversWallets(of other: KeyGrant) -> Bool {
        guard let walletScope else { return true }
        return other.walletScope.map { Set($0).isSubset(of: walletScope) } ?? false
    }

    private func coversAddresses(of other: KeyGrant) -> Bool {
        guard let allowedIps else { return true }
        guard let others = other.allowedIps else { return false }
        return others.allSatisfy { other in allowedIps.contains { $0.contains(other) } }
    }

    private func coversLife(of other: KeyGrant) -> Bool {
        guard let expiresAt else { return true }
        return other.expiresAt.map { $0 <= expiresAt } ?? false
    }
}

extension APIKey {
    /// The columns that `init(row:)` reads, in its order. An array that may be NULL comes with whether it is there.
    static let columns = """
        id, organization_id, environment, name, key_prefix, permissions, wallet_scope IS NOT NULL,
        coalesce(wallet_scope, '{}'), allowed_ips IS NOT NULL, coalesce(allowed_ips, '{}'), expires_at, revoked_at,
        created_at, rate_limit, created_by
        """

    init(row: Row) throws {
        id = try row.identifier(0)
        organizationId = try row.identifier(1)
        environment = try row.name(2)
        name = try row.text(3)
        prefix = try row.text(4)
        grant = KeyGrant(
            permissions: Set(try row.texts(5).compactMap(Permission.init(rawValue:))),
            walletScope: try row.bool(6) ? try row.uuids(7).map { WalletID(bits: $0) } : nil,
            allowedIps: try row.bool(8) ? try row.texts(9).compactMap { AddressRange($0) } : nil,
            expiresAt: try row.timeIfPresent(10), rateLimit: try row.int64IfPresent(13).map(Int.init))
        createdBy = try row.identifierIfPresent(14)
        revokedAt = try row.timeIfPresent(11)
        createdAt = try row.time(12)
    }
}
