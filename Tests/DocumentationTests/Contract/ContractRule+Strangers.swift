/// What callers without a key, and with many keys, cannot do.
extension ContractRule {
    static let strangers: [ContractRule] = []
}
