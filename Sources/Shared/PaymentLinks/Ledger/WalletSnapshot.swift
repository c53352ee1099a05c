/// A wallet as a batch found it.
package struct WalletSnapshot: Sendable {
    package let id: WalletID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let currency: Currency
    package let isFrozen: Bool
    package let allowsPublicClaims: Bool
    package var balance: WalletBalance

    package init(
        id: WalletID, organizationId: OrganizationID, environment: Environment, currency: Currency, isFrozen: Bool,
        allowsPublicClaims: Bool, balance: WalletBalance
    ) {
        self.id = id
        self.organizationId = organizationId
        self.environment = environment
        self.currency = currency
        self.isFrozen = isFrozen
        self.allowsPublicClaims = allowsPublicClaims
        self.balance = balance
    }
}
