package import PaymentLinks
package import Storage

/// Finds the methods that a link can be paid by, as far as the link itself tells.
package struct AcceptedMethods: Sendable {
    /// The most that one ACH entry may carry, in USD.
    private let achLimit: Money

    package init(achLimit: Money) {
        self.achLimit = achLimit
    }

    package func list(for details: LinkDetails) -> [ClaimMethod] {
        if details.acceptsWalletsOnly { return [.wallet] }
        return ClaimMethod.allCases.filter { accepts($0, details.amount) }
    }

    private func accepts(_ method: ClaimMethod, _ amount: Money) -> Bool {
        switch method {
        case .ach: amount.converted(to: .usd).map { $0.minorUnits <= achLimit.minorUnits } ?? false
        case .usdc: amount.converted(to: .usdc) != nil
        case .wallet: true
        }
    }
}
