package import PaymentLinks
package import RabbitMQ

/// The exchanges and queues that the roles share, with a prefix that keeps several systems apart on one broker.
///
/// Every work queue is a quorum queue with a bound, a delivery limit, and a queue of its own for dead letters.
package struct JobTopology: Sendable {
    /// How often a job is handed out before it counts as one that kills its worker.
    private static let deliveryLimit: Int64 = 20
    /// The most messages that one queue holds; beyond it the broker refuses messages.
    private static let queueLimit: Int64 = 1_000_000

    package let prefix: String
    private let declares: Bool

    /// - Parameter declares: whether a service may declare what lasts; otherwise an operator has declared it.
    package init(prefix: String, declares: Bool = true) {
        self.prefix = prefix
        self.declares = declares
    }

    // MARK: - Names

    package var jobsExchange: String { prefix + "jobs" }
    package var settlementsExchange: String { prefix + "settlements" }
    package var eventsExchange: String { prefix + "events" }
    package var deadLetterExchange: String { prefix + "dead-letters" }

    package var claimQueue: String { prefix + "jobs.claim" }
    package var creationQueue: String { prefix + "jobs.create" }
    package var outcomeQueue: String { prefix + "settlement-outcomes" }
    package var webhookQueue: String { prefix + "events.webhooks" }

    /// The queue of a rail; `wallet` has none, for it needs no rail.
    package func settlementQueue(_ method: ClaimMethod) -> String { prefix + "settlements." + method.rawValue }

    package func deadQueue(of queue: String) -> String { queue + ".dead" }

    /// Where one gateway's answers go; it lives as long as the gateway's connection.
    package func replyQueue(_ gateway: String) -> String { prefix + "replies." + gateway }

    /// Every queue whose messages are work, in the order of their way through the system.
    package var workQueues: [String] {
        [claimQueue, creationQueue, settlementQueue(.ach), settlementQueue(.usdc), outcomeQueue, webhookQueue]
    }

    static let claimKey = "claim"
    static let creationKey = "create"
    static let outcomeKey = "outcome"

    // MARK: - Declarations

    /// Everything that lasts. Each role declares all of it, so that the order of their starts does not matter.
    package var topology: Topology {
        guard declares else { return Topology() }
        return Topology(
            exchanges: [
                .init(name: jobsExchange, kind: .direct), .init(name: settlementsExchange, kind: .direct),
                .init(name: eventsExchange, kind: .topic), .init(name: deadLetterExchange, kind: .direct),
            ],
            queues: workQueues.flatMap { [workQueue($0), deadLetterQueue(of: $0)] },
            bindings: workBindings + workQueues.map(deadLetterBinding))
    }

    private var workBindings: [Topology.Binding] {
        [
            .init(queue: claimQueue, exchange: jobsExchange, routingKey: Self.claimKey),
            .init(queue: creationQueue, exchange: jobsExchange, routingKey: Self.creationKey),
            .init(queue: settlementQueue(.ach), exchange: settlementsExchange, routingKey: ClaimMethod.ach.rawValue),
            .init(queue: settlementQueue(.usdc), exchange: settlementsExchange, routingKey: ClaimMethod.usdc.rawValue),
            .init(queue: outcomeQueue, exchange: settlementsExchange, routingKey: Self.outcomeKey),
            .init(queue: webhookQueue, exchange: eventsExchange, routingKey: "#"),
        ]
    }

    private func workQueue(_ name: String) -> Topology.Queue {
        Topology.Queue(
            name: name,
            arguments: [
                "x-queue-type": .string("quorum"),
                "x-delivery-limit": .int64(Self.deliveryLimit),
                "x-max-length": .int64(Self.queueLimit),
                "x-overflow": .string("reject-publish"),
                "x-dead-letter-exchange": .string(deadLetterExchange),
                "x-dead-letter-routing-key": .string(deadQueue(of: name)),
                "x-dead-letter-strategy": .string("at-least-once"),
            ])
    }

    private func deadLetterQueue(of name: String) -> Topology.Queue {
        Topology.Queue(name: deadQueue(of: name), arguments: ["x-queue-type": .string("quorum")])
    }

    private func deadLetterBinding(of name: String) -> Topology.Binding {
        .init(queue: deadQueue(of: name), exchange: deadLetterExchange, routingKey: deadQueue(of: name))
    }

    /// A gateway's own queue: answers are worth nothing once the gateway is gone, for it reads the database then.
    package func replyTopology(_ gateway: String) -> Topology {
        Topology(queues: [
            Topology.Queue(
                name: replyQueue(gateway), isDurable: false, isExclusive: true, isAutoDelete: true,
                arguments: ["x-max-length": .int64(100_000)])
        ])
    }
}
