/// In what order events are reported.
extension ContractRule {
    static let feed: [ContractRule] = []
}
