package import PaymentLinks
import Postgres

/// A wallet as its owner reads it.
package struct WalletRecord: Sendable {
    package let id: WalletID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let name: String
    package let agentName: String?
    package let currency: Currency
    package let isFrozen: Bool
    package let allowsPublicClaims: Bool
    /// JSON text.
    package let metadataJSON: String
    package let balance: WalletBalance
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    /// A new wallet, empty and in use.
    package init(_ creation: WalletCreation, id: WalletID, at now: Timestamp) {
        self.id = id
        organizationId = creation.organizationId
        environment = creation.environment
        name = creation.name
        agentName = creation.agentName
        currency = creation.currency
        isFrozen = false
        allowsPublicClaims = creation.allowsPublicClaims
        metadataJSON = creation.metadataJSON
        balance = WalletBalance()
        createdAt = now
        updatedAt = now
    }

    /// An amount of this wallet's currency.
    package func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: currency) }
}

extension WalletRecord {
    /// The columns that `init(row:)` reads, in its order.
    static let columns = """
        id, organization_id, environment, name, agent_name, currency, status = 'FROZEN', allow_public_claims,
        metadata, available, pending, debt, created_at, updated_at
        """

    init(row: Row) throws {
        id = try row.identifier(0)
        organizationId = try row.identifier(1)
        environment = try row.name(2)
        name = try row.text(3)
        agentName = try row.textIfPresent(4)
        currency = try row.name(5)
        isFrozen = try row.bool(6)
        allowsPublicClaims = try row.bool(7)
        metadataJSON = try row.jsonb(8)
        balance = WalletBalance(
            available: try row.int64(9), pending: try row.int64(10), debt: try row.int64(11))
        createdAt = try row.time(12)
        updatedAt = try row.time(13)
    }
}

/// A wallet that somebody asked for.
package struct WalletCreation: Sendable {
    package let organizationId: OrganizationID
    package let environment: Environment
    package let name: String
    package let agentName: String?
    package let currency: Currency
    package let allowsPublicClaims: Bool
    /// JSON text.
    package let metadataJSON: String

    package init(
        organizationId: OrganizationID, environment: Environment, name: String, agentName: String?,
        currency: Currency, allowsPublicClaims: Bool, metadataJSON: String
    ) {
        self.organizationId = organizationId
        self.environment = environment
        self.name = name
        self.agentName = agentName
        self.currency = currency
        self.allowsPublicClaims = allowsPublicClaims
        self.metadataJSON = metadataJSON
    }
}

/// What to change of a wallet; what is `nil` stays.
package struct WalletChanges: Sendable {
    package var name: String?
    /// `.some(nil)` takes the agent's name away.
    package var agentName: String??
    /// JSON text; it replaces all of the old.
    package var metadataJSON: String?
    package var allowsPublicClaims: Bool?

    package init(
        name: String? = nil, agentName: String?? = nil, metadataJSON: String? = nil, allowsPublicClaims: Bool? = nil
    ) {
        self.name = name
        self.agentName = agentName
        self.metadataJSON = metadataJSON
        self.allowsPublicClaims = allowsPublicClaims
    }
}
