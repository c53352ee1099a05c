/// A currency that links, wallets and ledger entries are kept in.
package enum Currency: String, Codable, Sendable, CaseIterable {
    case usd = "USD"
    case usdc = "USDC"

    /// How many decimals its smallest unit has: cents for USD, millionths for USDC.
    package var scale: Int {
        switch self {
        case .usd: 2
        case .usdc: 6
        }
    }

    /// The minor units of one whole dollar.
    package var minorUnitsPerWhole: Int64 {
        switch self {
        case .usd: 100
        case .usdc: 1_000_000
        }
    }

    /// The minor units of 9,999,999,999.99, the largest amount that a caller may name.
    package var largestAmountInMinorUnits: Int64 { 999_999_999_999 * (minorUnitsPerWhole / 100) }
}
