public import Foundation

/// The account that a payer pays from.
public enum PayerAccount: Sendable, Hashable {
    case ach(routingNumber: String, accountNumber: String, accountName: String)
    /// `chain` as in `ethereum` or `base`.
    case usdc(address: String, chain: String)
    /// Paying from a wallet takes a key of its organization, unless the wallet allows public claims.
    case wallet(id: String)
}

/// A claim as its payer makes it.
public struct NewClaim: Sendable, Hashable {
    public var account: PayerAccount
    /// Required where the link is restricted to e-mail addresses.
    public var recipientEmail: String?

    public init(from account: PayerAccount, recipientEmail: String? = nil) {
        self.account = account
        self.recipientEmail = recipientEmail
    }
}

extension NewClaim: Encodable {
    private enum Key: String, CodingKey {
        case method, destination, recipientEmail
        case type, routingNumber, accountNumber, accountName, address, chain, walletId
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(recipientEmail, forKey: .recipientEmail)
        let fields: [Key: String]
        switch account {
        case .ach(let routingNumber, let accountNumber, let accountName):
            try container.encode(ClaimMethod.ach, forKey: .method)
            fields = [
                .type: "ACH", .routingNumber: routingNumber, .accountNumber: accountNumber, .accountName: accountName,
            ]
        case .usdc(let address, let chain):
            try container.encode(ClaimMethod.usdc, forKey: .method)
            fields = [.type: "USDC", .address: address, .chain: chain]
        case .wallet(let id):
            try container.encode(ClaimMethod.wallet, forKey: .method)
            fields = [.type: "WALLET", .walletId: id]
        }
        var destination = container.nestedContainer(keyedBy: Key.self, forKey: .destination)
        for (key, value) in fields { try destination.encode(value, forKey: key) }
    }
}

/// A claim, while and after it is worked on. While its status is PROCESSING, what is not known is nil.
public struct Claim: Decodable, Sendable, Hashable {
    /// Where to send what, for USDC.
    public struct Instructions: Decodable, Sendable, Hashable {
        public let chain: String
        public let chainId: Int
        public let token: String
        public let payTo: String
        public let amount: String
        public let amountBaseUnits: String
        /// Opens in a wallet application. (EIP-681)
        public let paymentUri: String
        public let payBefore: Date?
    }

    /// Why the money did not come.
    public struct Failure: Decodable, Sendable, Hashable {
        public let code: String
        public let reason: String
    }

    public struct Link: Decodable, Sendable, Hashable {
        public let status: LinkStatus?
    }

    public let claimId: String
    public let transactionId: String?
    public let slug: String
    public let method: ClaimMethod?
    public let status: ClaimStatus
    public let amount: String?
    public let currency: Currency?
    public let link: Link
    public let instructions: Instructions?
    public let createdAt: Date?
    public let settledAt: Date?
    public let failure: Failure?
}
