package import PaymentLinks
import Postgres

/// A webhook endpoint as it is kept. The secret is sealed, and is not part of it.
package struct WebhookRecord: Sendable {
    package let id: WebhookID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let url: String
    package let description: String?
    package let events: [String]
    package let isEnabled: Bool
    /// Why it was disabled without its owner's doing.
    package let disabledReason: String?
    package let backoff: WebhookBackoff?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// The only wallets whose events it gets: the scope of the key that registered it, then. `nil`: all events.
    package let walletScope: [WalletID]?

    static let columns = """
        id, organization_id, environment, url, description, events, enabled, disabled_reason, created_at, updated_at,
        wallet_scope IS NOT NULL, coalesce(wallet_scope, '{}'), \(WebhookBackoff.until), backoff_reason
        """

    init(row: Row) throws {
        id = try row.identifier(0)
        organizationId = try row.identifier(1)
        environment = try row.name(2)
        url = try row.text(3)
        description = try row.textIfPresent(4)
        events = try row.texts(5)
        isEnabled = try row.bool(6)
        disabledReason = try row.textIfPresent(7)
        createdAt = try row.time(8)
        updatedAt = try row.time(9)
        walletScope = try row.bool(10) ? try row.uuids(11).map { WalletID(bits: $0) } : nil
        backoff = try WebhookBackoff(row: row, from: 12)
    }
}

/// How long deliveries keep away from an endpoint that fails again and again.
package struct WebhookBackoff: Sendable, Hashable {
    package let until: Timestamp
    /// The last failure, in words that the endpoint's owner may read.
    package let reason: String

    /// The end of a back-off that is not over, as a column of `webhooks`.
    static let until = "CASE WHEN webhooks.backoff_until > statement_timestamp() THEN webhooks.backoff_until END"

    /// - Parameter column: the end; the reason follows it.
    init?(row: Row, from column: Int) throws {
        guard let until = try row.timeIfPresent(column) else { return nil }
        self.until = until
        reason = try row.text(column + 1)
    }
}

/// What a new endpoint is made of.
package struct WebhookDraft: Sendable {
    package let id: WebhookID
    package let url: String
    package let description: String?
    package let events: [String]
    package let isEnabled: Bool
    package let sealedSecret: [UInt8]
    /// Whether deliveries show balances: whether the key that creates the endpoint has wallets:read.
    package let showsBalances: Bool

    package init(
        id: WebhookID, url: String, description: String?, events: [String], isEnabled: Bool, sealedSecret: [UInt8],
        showsBalances: Bool = true
    ) {
        self.id = id
        self.url = url
        self.description = description
        self.events = events
        self.isEnabled = isEnabled
        self.sealedSecret = sealedSecret
        self.showsBalances = showsBalances
    }
}

/// What is to be changed of an endpoint; `nil` leaves a value as it is.
package struct WebhookChanges: Sendable {
    package var url: String?
    package var events: [String]?
    package var isEnabled: Bool?
    /// The inner `nil` removes the description.
    package var description: String??
    /// Whether the key that makes the change has wallets:read. An endpoint whose address a key without it has set shows
    /// no balances any more.
    package var mayShowBalances = true

    package init(
        url: String? = nil, events: [String]? = nil, isEnabled: Bool? = nil, description: String?? = nil
    ) {
        self.url = url
        self.events = events
        self.isEnabled = isEnabled
        self.description = description
    }
}

/// Whose endpoints and events: every call names the organization and the environment, so that none reaches another's.
package struct WebhookOwner: Sendable, Hashable {
    package let organizationId: OrganizationID
    package let environment: Environment
    /// The only wallets whose events the caller sees, and whose endpoints it manages. `nil`: all of the organization's.
    package let walletScope: [WalletID]?

    package init(organizationId: OrganizationID, environment: Environment, walletScope: [WalletID]? = nil) {
        self.organizationId = organizationId
        self.environment = environment
        self.walletScope = walletScope
    }

    /// Whether the caller sees and manages the endpoint: it gets no event that the caller may not see.
    package func covers(_ webhook: WebhookRecord) -> Bool {
        guard let walletScope else { return true }
        return webhook.walletScope.map { Set($0).isSubset(of: walletScope) } ?? false
    }

    /// The same rule as a condition on a row of `webhooks`, with the caller's scope in a parameter.
    static func covers(_ scope: String) -> String {
        "(\(scope)::uuid[] IS NULL OR webhooks.wallet_scope <@ \(scope)::uuid[])"
    }

    var parameters: [PostgresValue] { [.id(organizationId), .text(environment.rawValue)] }
}
