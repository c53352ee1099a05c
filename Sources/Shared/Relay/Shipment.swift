package import PaymentLinks

/// Rows of the outbox on their way to the broker as one: those of one topic share a message as long as there is room.
package struct Shipment: Sendable {
    package private(set) var rows: [ULID]
    package private(set) var message: OutboxMessage

    private init(_ message: OutboxMessage) {
        rows = [message.id]
        self.message = message
    }

    /// Puts every row into a shipment, in the order of the rows within each topic. No row is split.
    package static func load(_ messages: [OutboxMessage]) -> [Shipment] {
        var shipments: [Shipment] = []
        var open: [OutboxMessage.Topic: Int] = [:]
        for message in messages {
            if let index = open[message.topic], shipments[index].add(message) { continue }
            open[message.topic] = shipments.count
            shipments.append(Shipment(message))
        }
        return shipments
    }

    /// False, and nothing done, when there is no room for all of it.
    private mutating func add(_ other: OutboxMessage) -> Bool {
        guard message.parts.count + other.parts.count <= OutboxMessage.partLimit else { return false }
        message.append(other)
        rows.append(other.id)
        return true
    }
}
