/// How connections, streams, and browsers are served.
extension ContractRule {
    static let connections: [ContractRule] = []
}
