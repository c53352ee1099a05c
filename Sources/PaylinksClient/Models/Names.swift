/// A word of the API. New words may come, so a word that is not known is kept as it is.
public protocol APIName: RawRepresentable<String>, Codable, Hashable, Sendable, CustomStringConvertible {
    init(rawValue: String)
}

extension APIName {
    public var description: String { rawValue }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

public struct Environment: APIName {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let sandbox = Environment(rawValue: "SANDBOX")
    public static let production = Environment(rawValue: "PRODUCTION")
}

public struct Currency: APIName {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let usd = Currency(rawValue: "USD")
    public static let usdc = Currency(rawValue: "USDC")
}

public struct ClaimMethod: APIName {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let ach = ClaimMethod(rawValue: "ach")
    public static let usdc = ClaimMethod(rawValue: "usdc")
    public static let wallet = ClaimMethod(rawValue: "wallet")
}

public struct LinkStatus: APIName {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let active = LinkStatus(rawValue: "ACTIVE")
    public static let claimed = LinkStatus(rawValue: "CLAIMED")
    public static let cancelled = LinkStatus(rawValue: "CANCELLED")
    public static let expired = LinkStatus(rawValue: "EXPIRED")
}

public struct ClaimStatus: APIName {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Accepted, and not decided yet.
    public static let processing = ClaimStatus(rawValue: "PROCESSING")
    /// An offer: the rail waits for its payment, and the link stays open to others.
    public static let awaitingPayment = ClaimStatus(rawValue: "AWAITING_PAYMENT")
    /// The link is taken, and the rail is at work.
    public static let pending = ClaimStatus(rawValue: "PENDING")
    public static let settled = ClaimStatus(rawValue: "SETTLED")
    public static let failed = ClaimStatus(rawValue: "FAILED")
    /// An offer that was not paid in time.
    public static let expired = ClaimStatus(rawValue: "EXPIRED")
    /// Released before its money moved.
    public static let cancelled = ClaimStatus(rawValue: "CANCELLED")
}
