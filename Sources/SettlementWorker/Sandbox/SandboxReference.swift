package import PaymentLinks

/// What a payment is called on the simulated rail: the same text for a settlement every time.
package enum SandboxReference {
    /// A trace number for a bank's debit; a transaction's hash and the log's index for a transfer on chain.
    package static func text(for request: SettlementRequest) -> String {
        let hash = Keccak256.hash(request.settlementId.description.utf8)
        return request.method == .usdc ? transfer(hash) : traceNumber(hash)
    }

    /// 15 digits, like those of a bank file. (Nacha, entry detail, field 11)
    private static func traceNumber(_ hash: [UInt8]) -> String {
        let number = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let digits = String(number % 1_000_000_000_000_000)
        return String(repeating: "0", count: 15 - digits.utf8.count) + digits
    }

    private static func transfer(_ hash: [UInt8]) -> String {
        let digits = hash.flatMap { byte in
            [byte >> 4, byte & 15].map { String($0, radix: 16) }
        }
        return "0x" + digits.joined() + ":0"
    }
}
