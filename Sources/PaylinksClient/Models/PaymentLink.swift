public import Foundation

/// A link as its creator asks for it.
public struct NewPaymentLink: Encodable, Sendable, Hashable {
    /// The wallet that is paid.
    public var walletId: String
    /// A decimal above 0, such as `150.00`.
    public var amount: String
    /// USD unless given.
    public var currency: Currency?
    /// Payers see it.
    public var description: String?
    public var recipientRestrictions: RecipientRestrictions?
    public var expiresAt: Date?
    /// Never shown to payers.
    public var metadata: Metadata?

    public init(
        walletId: String, amount: String, currency: Currency? = nil, description: String? = nil,
        recipientRestrictions: RecipientRestrictions? = nil, expiresAt: Date? = nil, metadata: Metadata? = nil
    ) {
        self.walletId = walletId
        self.amount = amount
        self.currency = currency
        self.description = description
        self.recipientRestrictions = recipientRestrictions
        self.expiresAt = expiresAt
        self.metadata = metadata
    }
}

/// Who may pay a link. Where both lists are given, both must hold.
public struct RecipientRestrictions: Codable, Sendable, Hashable {
    public var emails: [String]
    public var walletIds: [String]

    public init(emails: [String] = [], walletIds: [String] = []) {
        self.emails = emails
        self.walletIds = walletIds
    }
}

/// A link as its owner reads it.
public struct PaymentLink: Decodable, Sendable, Hashable, Identifiable {
    /// The claim that won.
    public struct WinningClaim: Decodable, Sendable, Hashable {
        public let claimId: String
        public let method: ClaimMethod
        public let status: ClaimStatus
        public let transactionId: String
        public let claimedAt: Date
    }

    public let id: String
    public let organizationId: String
    public let environment: Environment
    public let walletId: String
    public let slug: String
    /// What the payer is given.
    public let url: String
    public let amount: String
    public let currency: Currency
    public let description: String?
    public let recipientRestrictions: RecipientRestrictions?
    public let status: LinkStatus
    public let expiresAt: Date?
    public let metadata: Metadata
    public let claim: WinningClaim?
    public let createdAt: Date
    public let updatedAt: Date
    public let claimedAt: Date?
    public let cancelledAt: Date?
    public let expiredAt: Date?
}

/// What a creation is answered with.
public enum LinkCreation: Sendable, Hashable {
    case made(PaymentLink)
    /// Accepted, and not made in time; ask for it by its id.
    case processing(id: String)

    /// The link, where it is made.
    public var link: PaymentLink? {
        if case .made(let link) = self { link } else { nil }
    }
}

extension LinkCreation: Decodable {
    private struct Promise: Decodable {
        let id: String
        let status: LinkStatus
    }

    public init(from decoder: any Decoder) throws {
        let promise = try Promise(from: decoder)
        let isMade = promise.status.rawValue != "PROCESSING"
        self = isMade ? .made(try PaymentLink(from: decoder)) : .processing(id: promise.id)
    }
}

/// What a payer may know of a link.
public struct LinkDetails: Decodable, Sendable, Hashable {
    public let slug: String
    public let amount: String
    public let currency: Currency
    public let description: String?
    public let status: LinkStatus
    public let expiresAt: Date?
    /// Who is paid.
    public let payee: String
    public let acceptedMethods: [ClaimMethod]
    /// Whether only certain payers may pay.
    public let restricted: Bool
}
