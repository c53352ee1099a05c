public import Foundation

/// A wallet as its owner asks for it.
public struct NewWallet: Encodable, Sendable, Hashable {
    public var name: String
    public var agentName: String?
    /// USD unless given.
    public var currency: Currency?
    public var metadata: Metadata?
    /// Whether anybody may pay from it.
    public var allowPublicClaims: Bool?

    public init(
        name: String, agentName: String? = nil, currency: Currency? = nil, metadata: Metadata? = nil,
        allowPublicClaims: Bool? = nil
    ) {
        self.name = name
        self.agentName = agentName
        self.currency = currency
        self.metadata = metadata
        self.allowPublicClaims = allowPublicClaims
    }
}

/// What to change of a wallet; what is nil stays.
public struct WalletChanges: Sendable, Hashable {
    public var name: String?
    public var agentName: Change<String>
    /// In place of all that there was.
    public var metadata: Metadata?
    public var allowPublicClaims: Bool?

    public init(
        name: String? = nil, agentName: Change<String> = .keep, metadata: Metadata? = nil,
        allowPublicClaims: Bool? = nil
    ) {
        self.name = name
        self.agentName = agentName
        self.metadata = metadata
        self.allowPublicClaims = allowPublicClaims
    }
}

extension WalletChanges: Encodable {
    private enum Key: CodingKey {
        case name, agentName, metadata, allowPublicClaims
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(agentName, forKey: .agentName)
        try container.encodeIfPresent(metadata, forKey: .metadata)
        try container.encodeIfPresent(allowPublicClaims, forKey: .allowPublicClaims)
    }
}

public struct Wallet: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let organizationId: String
    public let name: String
    public let agentName: String?
    public let environment: Environment
    /// `ACTIVE` or `FROZEN`.
    public let status: String
    /// What the wallet can spend; nil for a key without wallets:read.
    public let balance: String?
    /// What the wallet owes because a payment was returned after its money was spent; nil without wallets:read.
    public let debt: String?
    public let currency: Currency
    public let metadata: Metadata
    public let allowPublicClaims: Bool
    public let createdAt: Date
    public let updatedAt: Date
}

public struct Balance: Decodable, Sendable, Hashable {
    public let walletId: String
    public let balance: String
    /// What the wallet can spend.
    public let available: String
    /// What rails still work on.
    public let pending: String
    /// What the wallet owes, because a payment went back after its money was spent; absent before servers told it.
    public let debt: String?
    public let currency: Currency
}

/// What sandbox money brought.
public struct Funding: Decodable, Sendable, Hashable {
    public let transactionId: String
    public let walletId: String
    public let amount: String
    public let currency: Currency
    /// Nil for a key without wallets:read.
    public let newBalance: String?
}

/// One line of a transaction. The amount has no sign; the direction says which way it went, seen from the account.
public struct Entry: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let walletId: String?
    public let account: String
    public let amount: String
    public let currency: Currency
    /// `DEBIT` or `CREDIT`.
    public let direction: String
    public let description: String
    public let entryType: String
    public let relatedTransactionId: String
    public let createdAt: Date
}

/// A settlement that a rail works on, or worked on.
public struct Hold: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let walletId: String
    public let claimId: String
    public let transactionId: String
    public let method: ClaimMethod
    public let amount: String
    public let currency: Currency
    /// `PENDING`, `RELEASED` or `REVERSED`.
    public let status: String
    public let createdAt: Date
    public let resolvedAt: Date?
}

public struct Transaction: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let environment: Environment
    public let type: String
    /// `PENDING`, `POSTED`, `FAILED` or `REVERSED`.
    public let status: String
    public let claimId: String?
    public let amount: String
    public let currency: Currency
    public let entries: [Entry]
    public let createdAt: Date
    public let updatedAt: Date
}
