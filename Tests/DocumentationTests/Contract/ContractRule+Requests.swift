/// How the fields and numbers of a request are read.
extension ContractRule {
    static let requestFields: [ContractRule] = []
}
