/// What operators set for the rails.
package struct RailPolicy: Sendable {
    /// Where the sandbox sends its payers: nobody's address, for no money moves there.
    package static let sandboxDepositAddress = EVMAddress(
        high: 0x1111_1111, low: 0x1111_1111_1111_1111_1111_1111_1111_1111)

    /// Where payers send USDC in production.
    package let depositAddress: EVMAddress
    /// The most that one ACH entry may carry, in USD.
    package let achLimit: Money

    package init(depositAddress: EVMAddress, achLimit: Money) {
        self.depositAddress = depositAddress
        self.achLimit = achLimit
    }

    func depositAddress(in environment: Environment) -> EVMAddress {
        switch environment {
        case .sandbox: Self.sandboxDepositAddress
        case .production: depositAddress
        }
    }
}
