package import PaymentLinks
package import RabbitMQ

/// An event as a message brought it, alone or among others.
package struct IncomingEvent: Sendable {
    package let id: EventID
    package let organizationId: OrganizationID
    /// The exact bytes that are signed and sent.
    package let body: [UInt8]

    fileprivate init(_ event: JSONElement) throws(UnreadableMessage) {
        let fields = try MessageFields(of: "event", in: event)
        id = try fields.identifier("id")
        organizationId = try fields.identifier("organizationId")
        body = Array(event.json)
    }
}

/// Several events of one type in one message: what one transaction had to tell, or several that came together.
enum EventBatch {
    static let type = "events"
    static let singleType = "event"
    private static let name = "event batch"
    private static let version = 1

    /// The events by the message, in their order.
    static func split(_ events: [OutboxMessage.Part]) -> [[OutboxMessage.Part]] {
        MessageSize.split(events) { $0.body.utf8.count }
    }

    static func encode(_ events: [OutboxMessage.Part]) -> [UInt8] {
        var writer = JSONWriter(capacity: events.reduce(64) { $0 + $1.body.utf8.count + 1 })
        writer.object { writer in
            writer.field("version", version)
            writer.field("events", array: events) { writer, event in writer.raw(event.body) }
        }
        return writer.bytes
    }

    /// `nil` for a message that is an event by itself.
    static func decode(_ message: JSONElement) throws(UnreadableMessage) -> [JSONElement]? {
        guard message["events"] != nil else { return nil }
        return try MessageFields(of: name, version: version, in: message).required("events", \.elements)
    }
}

extension Delivery {
    /// The event as a message of its own, which holds nothing of the others.
    package func alone(_ event: IncomingEvent) -> Delivery {
        var delivery = self
        delivery.body = event.body
        delivery.properties.messageId = event.id.description
        delivery.properties.type = EventBatch.singleType
        delivery.properties.headers[JobTopology.countHeader] = nil
        return delivery
    }

    /// The events that the message carries.
    package func events() throws(UnreadableMessage) -> [IncomingEvent] {
        let message = try MessageFields.parse(body, "event")
        return try (EventBatch.decode(message) ?? [message]).map { (event) throws(UnreadableMessage) in
            try IncomingEvent(event)
        }
    }
}
