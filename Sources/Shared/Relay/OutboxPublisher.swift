package import Jobs
package import PaymentLinks
package import RabbitMQ

/// Publishes what committed transactions owe to the broker.
package struct OutboxPublisher: Sendable {
    /// The most messages handed to the connection at once, well below what it takes on: a row of settlements is up to
    /// 256 of them, and none is taken on in part.
    private static let cargoLimit = 1024

    private let publisher: RabbitMQPublisher
    private let topology: JobTopology

    package init(publisher: RabbitMQPublisher, topology: JobTopology) {
        self.publisher = publisher
        self.topology = topology
    }

    /// Whether the broker takes messages now.
    package var isReady: Bool { publisher.isReady }

    /// Publishes the messages, and returns the ids of those that the broker has confirmed in whole; the relay sees to
    /// the others. Rows of one topic travel together.
    ///
    /// While the broker is away it returns at once, and where it does not confirm it stops: the worker that has
    /// committed does not wait for an outage to end.
    package func publish(_ messages: [OutboxMessage]) async -> [ULID] {
        var confirmed: [ULID] = []
        var cargo = Cargo()
        for shipment in Shipment.load(messages) {
            let outgoing = topology.messages(shipment.message)
            if cargo.count + outgoing.count > Self.cargoLimit, !cargo.isEmpty {
                guard await publish(cargo, &confirmed) else { return confirmed }
                cargo = Cargo()
            }
            cargo.add(shipment.rows, outgoing)
        }
        _ = await publish(cargo, &confirmed)
        return confirmed
    }

    /// Whether the broker has all of it.
    private func publish(_ cargo: Cargo, _ confirmed: inout [ULID]) async -> Bool {
        guard publisher.isReady else { return false }
        var results = await publisher.publish(cargo.lots.flatMap(\.messages))[...]
        var isComplete = true
        for lot in cargo.lots {
            let isConfirmed = results.prefix(lot.messages.count).allSatisfy(\.isSuccess)
            if isConfirmed { confirmed += lot.rows } else { isComplete = false }
            results = results.dropFirst(lot.messages.count)
        }
        return isComplete
    }

    /// What goes to the broker together.
    private struct Cargo {
        private(set) var lots: [(rows: [ULID], messages: [OutgoingMessage])] = []
        /// How many messages there are.
        private(set) var count = 0

        var isEmpty: Bool { lots.isEmpty }

        mutating func add(_ rows: [ULID], _ messages: [OutgoingMessage]) {
            lots.append((rows, messages))
            count += messages.count
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
