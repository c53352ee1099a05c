package import PaymentLinks
package import Storage

/// Finds the methods by which a link can be paid now.
package struct AcceptedMethods: Sendable {
    /// The most that one ACH entry may carry, in USD.
    private let achLimit: Money
    private let rails: ConnectedRails

    package init(achLimit: Money, rails: ConnectedRails) {
        self.achLimit = achLimit
        self.rails = rails
    }

    /// No method for a link that cannot be claimed. Otherwise those that a rail carries and that carry the amount.
    package func list(for details: LinkDetails) -> [ClaimMethod] {
        guard details.status.applying(.claim) != nil else { return [] }
        if details.acceptsWalletsOnly { return [.wallet] }
        return ClaimMethod.allCases.filter { method in
            rails.carries(method, in: details.environment) && accepts(method, details.amount)
        }
    }

    private func accepts(_ method: ClaimMethod, _ amount: Money) -> Bool {
        switch method {
        case .ach: amount.converted(to: .usd).map { $0.minorUnits <= achLimit.minorUnits } ?? false
        case .usdc: amount.converted(to: .usdc) != nil
        case .wallet: true
        }
    }
}
