/// What operators set for the rails.
package struct RailPolicy: Sendable {
    package static let defaultOfferLifetime = Duration.seconds(3600)

    /// Where payers send USDC. Without an address, `usdc` is refused in that environment.
    private let depositAddresses: [Environment: EVMAddress]
    private let rails: ConnectedRails
    /// The most that one ACH entry may carry, in USD.
    package let achLimit: Money
    /// How long an offer stays open, unless its link expires first.
    package let offerLifetime: Duration

    package init(
        depositAddresses: [Environment: EVMAddress], achLimit: Money, rails: ConnectedRails = ConnectedRails(),
        offerLifetime: Duration = defaultOfferLifetime
    ) {
        self.depositAddresses = depositAddresses
        self.achLimit = achLimit
        self.rails = rails
        self.offerLifetime = offerLifetime
    }

    /// Whether a claim can be paid by the method. For `usdc` this needs an address to send the money to.
    func carries(_ method: ClaimMethod, in environment: Environment) -> Bool {
        rails.carries(method, in: environment) && (method != .usdc || depositAddress(in: environment) != nil)
    }

    func depositAddress(in environment: Environment) -> EVMAddress? { depositAddresses[environment] }
}
