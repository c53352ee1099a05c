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
    /// the others. Rows of one topic travel together.
    ///
    /// While the broker is away it returns at once: whoever has committed does not wait for an outage to end.
    package func publish(_ messages: [OutboxMessage]) async -> [ULID] {
        guard publisher.isReady else { return [] }
        let shipments = Shipment.load(messages)
        let outgoing = shipments.map { topology.messages($0.message) }
        var results = await publisher.publish(outgoing.flatMap(\.self))[...]
        return zip(shipments, outgoing).flatMap { shipment, outgoing in
            defer { results = results.dropFirst(outgoing.count) }
            return results.prefix(outgoing.count).allSatisfy(\.isSuccess) ? shipment.rows : []
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
