public import Foundation

/// A key as somebody asks for it. Bounds that are nil are the asking key's own.
public struct NewAPIKey: Encodable, Sendable, Hashable {
    public var name: String
    /// As in `payments:write`. A key never grants more than it has.
    public var permissions: [String]
    public var environment: Environment?
    /// The only wallets that the key reaches.
    public var walletScope: [String]?
    /// The only addresses, or blocks of them, that the key may be used from.
    public var allowedIps: [String]?
    public var expiresAt: Date?
    /// Requests a second of one gateway.
    public var rateLimit: Int?

    public init(
        name: String, permissions: [String], environment: Environment? = nil, walletScope: [String]? = nil,
        allowedIps: [String]? = nil, expiresAt: Date? = nil, rateLimit: Int? = nil
    ) {
        self.name = name
        self.permissions = permissions
        self.environment = environment
        self.walletScope = walletScope
        self.allowedIps = allowedIps
        self.expiresAt = expiresAt
        self.rateLimit = rateLimit
    }
}

/// What to change of a key; what is nil stays.
public struct APIKeyChanges: Sendable, Hashable {
    public var name: String?
    /// A key never grants more than the key that changes it.
    public var permissions: [String]?
    /// Requests a second of one gateway; cleared, it is the system's own again.
    public var rateLimit: Change<Int>

    public init(name: String? = nil, permissions: [String]? = nil, rateLimit: Change<Int> = .keep) {
        self.name = name
        self.permissions = permissions
        self.rateLimit = rateLimit
    }
}

extension APIKeyChanges: Encodable {
    private enum Key: CodingKey {
        case name, permissions, rateLimit
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encodeIfPresent(permissions, forKey: .permissions)
        try container.encode(rateLimit, forKey: .rateLimit)
    }
}

public struct APIKey: Decodable, Sendable, Hashable, Identifiable {
    public let id: String
    public let name: String
    public let keyPrefix: String
    public let permissions: [String]
    public let environment: Environment
    /// `ACTIVE`, `EXPIRED` or `REVOKED`.
    public let status: String
    /// Once, when the key is made.
    public let secret: String?
    public let walletScope: [String]?
    public let allowedIps: [String]?
    public let expiresAt: Date?
    public let rateLimit: Int?
    /// The key that created this one; nil for a key from the command line.
    public let createdBy: String?
    public let createdAt: Date
}
