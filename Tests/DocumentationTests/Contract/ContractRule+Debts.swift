/// What happens to money that was returned after it was spent.
extension ContractRule {
    static let debts: [ContractRule] = []
}
