/// The account that a payer pays from, together with the way that it is paid from.
///
/// In JSON it is the guide's object, told apart by `type`. That holds account numbers in clear, so it is only written
/// to be sealed; printed it does not show them.
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

extension Destination {
    /// The guide's object, with account numbers in clear.
    package var json: [UInt8] {
        JSONWriter.object { writer in
            writer.field("type", method.destinationType)
            switch self {
            case .ach(let account):
                writer.field("routingNumber", account.routingNumber.unmasked)
                writer.field("accountNumber", account.accountNumber.unmasked)
                writer.field("accountName", account.accountName.string)
            case .usdc(let account):
                writer.field("address", account.address)
                writer.field("chain", account.chain.rawValue)
            case .wallet(let id): writer.field("walletId", id)
            }
        }
    }

    /// Reads what `json` wrote; `nil` for anything else, and no error that could repeat some of it.
    package init?(json: [UInt8]) {
        guard let fields = (try? JSONDocument(json))?.root,
            let method = fields["type"]?.string.flatMap({ ClaimMethod(destinationType: $0) })
        else { return nil }
        switch method {
        case .ach:
            guard let account = ACHAccount(fields) else { return nil }
            self = .ach(account)
        case .usdc:
            guard let account = USDCAccount(fields) else { return nil }
            self = .usdc(account)
        case .wallet:
            guard let id = fields["walletId"]?.string.flatMap({ WalletID($0) }) else { return nil }
            self = .wallet(id)
        }
    }
}

extension ACHAccount {
    fileprivate init?(_ fields: JSONElement) {
        guard let routingNumber = fields["routingNumber"]?.string.flatMap({ try? RoutingNumber($0) }),
            let accountNumber = fields["accountNumber"]?.string.flatMap({ try? AccountNumber($0) }),
            let accountName = fields["accountName"]?.string.flatMap({ try? AccountName($0) })
        else { return nil }
        self.init(routingNumber: routingNumber, accountNumber: accountNumber, accountName: accountName)
    }
}

extension USDCAccount {
    fileprivate init?(_ fields: JSONElement) {
        guard let address = fields["address"]?.string.flatMap({ try? EVMAddress($0) }),
            let chain = fields["chain"]?.string.flatMap({ Chain(name: $0) })
        else { return nil }
        self.init(address: address, chain: chain)
    }
}
