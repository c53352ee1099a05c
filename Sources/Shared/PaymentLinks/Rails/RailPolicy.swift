/// What operators set for the rails.
package struct RailPolicy: Sendable {
    /// The address in the sandbox's instructions. It belongs to no one, and no money moves there.
    package static let sandboxDepositAddress = EVMAddress(
        high: 0x1111_1111, low: 0x1111_1111_1111_1111_1111_1111_1111_1111)
    package static let defaultOfferLifetime = Duration.seconds(3600)

    private let depositAddress: EVMAddress?
    private let rails: ConnectedRails
    /// The most that one ACH entry may carry, in USD.
    package let achLimit: Money
    /// How long an offer stays open, unless its link expires first.
    package let offerLifetime: Duration

    /// - Parameter depositAddress: the address that payers send USDC to in production.
    package init(
        depositAddress: EVMAddress?, achLimit: Money, rails: ConnectedRails = ConnectedRails(),
        offerLifetime: Duration = defaultOfferLifetime
    ) {
        self.depositAddress = depositAddress
        self.achLimit = achLimit
        self.rails = rails
        self.offerLifetime = offerLifetime
    }

    /// Whether a claim can be paid by the method. For `usdc` this needs an address to send the money to.
    func carries(_ method: ClaimMethod, in environment: Environment) -> Bool {
        rails.carries(method, in: environment) && (method != .usdc || depositAddress(in: environment) != nil)
    }

    func depositAddress(in environment: Environment) -> EVMAddress? {
        switch environment {
        case .sandbox: Self.sandboxDepositAddress
        case .production: depositAddress
        }
    }
}
