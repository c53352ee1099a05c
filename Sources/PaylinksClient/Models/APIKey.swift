public import Foundation

/// A key as somebody asks for it. Bounds that are nil are the asking key's own.
public struct NewAPIKey: Encodable, Sendable, Hashable {
    public var name: String
    /// As in `payments:write`. A key never grants more than it has.
    public var permissions: [String]
    /// The only wallets that the key reaches.
    public var walletScope: [String]?
    /// The only addresses, or blocks of them, that the key may be used from.
    public var allowedIps: [String]?
    public var expiresAt: Date?
    /// Requests a second of one gateway.
    public var rateLimit: Int?

    public init(
        name: String, permissions: [String], walletScope: [String]? = nil, allowedIps: [String]? = nil,
        expiresAt: Date? = nil, rateLimit: Int? = nil
    ) {
        self.name = name
        self.permissions = permissions
        self.walletScope = walletScope
        self.allowedIps = allowedIps
        self.expiresAt = expiresAt
        self.rateLimit = rateLimit
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
    public let createdAt: Date
}
