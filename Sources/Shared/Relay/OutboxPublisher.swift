package import Jobs
package import PaymentLinks
package import RabbitMQ

/// Publishes what committed transactions owe to the broker.
package struct OutboxPublisher: Sendable {
    private let publisher: RabbitMQPublisher
    private let topology: JobTopology

    package init(publisher: RabbitMQPublisher, topology: JobTopology) {
        self.publisher = publisher
        self.topology = topology
    }

    /// Publishes the messages, and returns the ids of those that the broker has confirmed in whole; the relay sees to
    /// the others.
    ///
    /// While the broker is away it returns at once: whoever has committed does not wait for an outage to end.
    package func publish(_ messages: [OutboxMessage]) async -> [ULID] {
        guard publisher.isReady else { return [] }
        return await publish(messages, beside: [])
    }

    /// The same with other messages behind them, whose fate nobody needs to know; waits for the broker.
    package func publish(_ messages: [OutboxMessage], beside others: [OutgoingMessage]) async -> [ULID] {
        let outgoing = messages.map { topology.messages($0) }
        var results = await publisher.publish(outgoing.flatMap(\.self) + others)[...]
        return zip(messages, outgoing).compactMap { message, outgoing in
            defer { results = results.dropFirst(outgoing.count) }
            return results.prefix(outgoing.count).allSatisfy(\.isSuccess) ? message.id : nil
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
