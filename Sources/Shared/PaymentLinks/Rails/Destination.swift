/// The account that a payer pays from, together with the way that it is paid from.
///
/// In JSON it is the guide's object, told apart by `type`. Encoded it holds account numbers in clear, so it is only
/// encoded to be sealed; printed it does not show them.
package enum Destination: Hashable, Sendable {
    case ach(ACHAccount)
    case usdc(USDCAccount)
    case wallet(WalletID)

    package var method: ClaimMethod {
        switch self {
        case .ach: .ach
        case .usdc: .usdc
        case .wallet: .wallet
        }
    }
}

extension Destination: Codable {
    private enum CodingKeys: CodingKey {
        case type, walletId
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch ClaimMethod(destinationType: try container.decode(String.self, forKey: .type)) {
        case .ach: self = .ach(try ACHAccount(from: decoder))
        case .usdc: self = .usdc(try USDCAccount(from: decoder))
        case .wallet: self = .wallet(try container.decode(WalletID.self, forKey: .walletId))
        case nil:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "expected ACH, USDC or WALLET")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(method.destinationType, forKey: .type)
        switch self {
        case .ach(let account): try account.encode(to: encoder)
        case .usdc(let account): try account.encode(to: encoder)
        case .wallet(let id): try container.encode(id, forKey: .walletId)
        }
    }
}
