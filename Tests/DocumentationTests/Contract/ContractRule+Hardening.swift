/// How components are kept apart.
extension ContractRule {
    static let hardening: [ContractRule] = []
}
