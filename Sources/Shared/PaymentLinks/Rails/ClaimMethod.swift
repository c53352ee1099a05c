/// How a payer pays.
package enum ClaimMethod: String, Codable, Sendable, CaseIterable {
    /// A debit of the payer's bank account.
    case ach
    /// A transfer of USDC that the payer sends on chain.
    case usdc
    /// A move from another wallet, settled at once.
    case wallet

    /// The method that a destination's `type` belongs to.
    package init?(destinationType: String) {
        guard let method = Self.allCases.first(where: { $0.destinationType == destinationType }) else { return nil }
        self = method
    }

    /// The `type` of this method's destinations: the method's name in capitals.
    package var destinationType: String {
        switch self {
        case .ach: "ACH"
        case .usdc: "USDC"
        case .wallet: "WALLET"
        }
    }
}
