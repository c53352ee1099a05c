/// What a link promises before money moves.
extension ContractRule {
    static let offers: [ContractRule] = []
}
