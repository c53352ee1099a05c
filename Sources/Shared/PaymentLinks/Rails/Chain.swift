/// An EVM chain on which payers can pay in its native USDC.
package enum Chain: String, Codable, Sendable, CaseIterable {
    case ethereum, base, polygon, arbitrum, optimism, avalanche
    /// The test network of `base`; only sandbox links take it.
    case baseSepolia = "base-sepolia"

    /// Reads the chain's name in any case.
    package init?(name: String) {
        self.init(rawValue: name.asciiLowercased)
    }

    /// Whether the chain's money can pay a link of the environment.
    package func serves(_ environment: Environment) -> Bool { self != .baseSepolia || environment == .sandbox }

    /// The id that transactions and payment addresses name the chain by. (EIP-155)
    package var chainId: Int {
        switch self {
        case .ethereum: 1
        case .base: 8453
        case .polygon: 137
        case .arbitrum: 42_161
        case .optimism: 10
        case .avalanche: 43_114
        case .baseSepolia: 84_532
        }
    }

    /// The contract of the USDC that its issuer redeems; bridged look-alikes are other tokens.
    package var usdcToken: EVMAddress {
        switch self {
        case .ethereum: EVMAddress(high: 0xA0B8_6991, low: 0xC621_8B36_C1D1_9D4A_2E9E_B0CE_3606_EB48)
        case .base: EVMAddress(high: 0x8335_89FC, low: 0xD6ED_B6E0_8F4C_7C32_D4F7_1B54_BDA0_2913)
        case .polygon: EVMAddress(high: 0x3C49_9C54, low: 0x2CEF_5E38_11E1_192C_E70D_8CC0_3D5C_3359)
        case .arbitrum: EVMAddress(high: 0xAF88_D065, low: 0xE77C_8CC2_2393_27C5_EDB3_A432_268E_5831)
        case .optimism: EVMAddress(high: 0x0B2C_639C, low: 0x5338_13F4_AA9D_7837_CAF6_2653_D097_FF85)
        case .avalanche: EVMAddress(high: 0xB97E_F9EF, low: 0x8734_C719_04D8_002F_8B6B_C66D_D9C4_8A6E)
        case .baseSepolia: EVMAddress(high: 0x036C_BD53, low: 0x842C_5426_634E_7929_541E_C231_8F3D_CF7E)
        }
    }

    /// The blocks, its own included, after which a transfer is taken to be final.
    package var confirmations: Int {
        switch self {
        case .ethereum, .base, .optimism: 12
        case .polygon: 372
        case .arbitrum: 300
        case .avalanche, .baseSepolia: 1
        }
    }
}
