/// One thing that the contract promises, and the tests that prove it.
struct ContractRule: Sendable {
    /// In a few words.
    let rule: String
    /// Their names, as they stand in the sources.
    let tests: [String]

    init(_ rule: String, _ tests: String...) {
        self.rule = rule
        self.tests = tests
    }

    /// The rules under one heading.
    struct Section: Sendable {
        let title: String
        let rules: [ContractRule]
    }

    static let sections: [Section] = [
        Section(title: "Transport", rules: transport), Section(title: "Keys", rules: keys),
        Section(title: "Payment links", rules: links), Section(title: "Claims", rules: claims),
        Section(title: "Idempotency", rules: idempotency),
        Section(title: "Wallets and transactions", rules: wallets),
        Section(title: "Webhooks and events", rules: webhooks),
        Section(title: "Limits and batches", rules: limits), Section(title: "Jobs and settlements", rules: jobs),
        Section(title: "Offers and rails", rules: offers),
        Section(title: "Debts and organizations", rules: debts),
        Section(title: "Request fields", rules: requestFields),
        Section(title: "Event order and the feed", rules: feed),
        Section(title: "Webhook deliveries and queues of rows", rules: deliveries),
        Section(title: "Connections and streams", rules: connections),
        Section(title: "Callers without a key", rules: strangers),
        Section(title: "Clients and tools", rules: tools),
        Section(title: "Hardening", rules: hardening),
    ]
}
