/// An address on one chain that a payer sends USDC from.
package struct USDCAccount: Hashable, Sendable {
    package let address: EVMAddress
    package let chain: Chain

    package init(address: EVMAddress, chain: Chain) {
        self.address = address
        self.chain = chain
    }
}
