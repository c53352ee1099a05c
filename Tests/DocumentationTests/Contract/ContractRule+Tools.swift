/// What the clients, the command line, and generated clients do.
extension ContractRule {
    static let tools: [ContractRule] = []
}
