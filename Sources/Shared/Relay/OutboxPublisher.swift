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

    /// Publishes the messages, and returns the ids of those that the broker confirmed; the relay sees to the others.
    ///
    /// While the broker is away it returns at once: whoever has committed does not wait for an outage to end.
    package func publish(_ messages: [OutboxMessage]) async -> [UInt128] {
        guard publisher.isReady else { return [] }
        let results = await publisher.publish(messages.map { topology.message($0) })
        return zip(messages, results).compactMap { message, result in
            if case .success = result { message.id } else { nil }
        }
    }
}
