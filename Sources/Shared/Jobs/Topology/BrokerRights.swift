/// What a service may do at the broker, as RabbitMQ's three patterns of names.
///
/// A service with these rights declares nothing, so an operator declares the queues before, with
/// `paylinks queues declare`, and sets `PAYLINKS_DECLARE_QUEUES` to `false`.
package struct BrokerRights: Sendable {
    /// The service, as `docker compose` and the roles name it.
    package let service: String
    package let configure: String
    package let write: String
    package let read: String
}

extension JobTopology {
    /// The rights of every service that talks to the broker.
    package var rights: [BrokerRights] {
        [
            BrokerRights(
                service: "api-gateway", configure: pattern("replies\\..*"),
                write: pattern("jobs|events|settlements|replies\\..*"), read: pattern("replies\\..*")),
            BrokerRights(
                service: "claim-worker", configure: "^$",
                write: pattern("events|settlements|dead-letters", "amq\\.default"),
                read: pattern("jobs\\.claim|jobs\\.create|settlement-outcomes")),
            BrokerRights(
                service: "expiry-worker", configure: "^$", write: pattern("events|settlements"), read: "^$"),
            BrokerRights(
                service: "settlement-worker", configure: "^$", write: pattern("settlements|dead-letters"),
                read: pattern("settlements\\.ach|settlements\\.usdc")),
            BrokerRights(
                service: "webhook-worker", configure: "^$", write: pattern("events|dead-letters"),
                read: pattern("events\\.webhooks")),
        ]
    }

    /// - Parameter others: names that carry no prefix.
    private func pattern(_ names: String, _ others: String...) -> String {
        let escaped = prefix.map { $0.isLetter || $0.isNumber ? "\($0)" : "\\\($0)" }.joined()
        return "^(" + (["\(escaped)(\(names))"] + others).joined(separator: "|") + ")$"
    }
}
