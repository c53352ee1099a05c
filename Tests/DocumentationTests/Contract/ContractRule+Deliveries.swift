/// How deliveries and other queues of rows make progress.
extension ContractRule {
    static let deliveries: [ContractRule] = []
}
