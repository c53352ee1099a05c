/// An address on one chain that a payer sends USDC from.
package struct USDCAccount: Hashable, Codable, Sendable {
    package let address: EVMAddress
    package let chain: Chain

    package init(address: EVMAddress, chain: Chain) {
        self.address = address
        self.chain = chain
    }

    private enum CodingKeys: CodingKey {
        case address, chain
    }

    /// Takes the chain's name in any case, as callers may write it.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = try container.decode(EVMAddress.self, forKey: .address)
        guard let chain = Chain(name: try container.decode(String.self, forKey: .chain)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .chain, in: container, debugDescription: "expected the name of a supported chain")
        }
        self.chain = chain
    }
}
