/// A message as the broker delivered it.
package struct Delivery: Sendable, Hashable {
    package var body: [UInt8]
    /// What to acknowledge, reject or requeue it by.
    package var tag: DeliveryTag
    package var isRedelivered: Bool
    package var exchange: String
    package var routingKey: String
    package var properties: MessageProperties

    package init(
        body: [UInt8], tag: DeliveryTag, isRedelivered: Bool = false, exchange: String = "", routingKey: String = "",
        properties: MessageProperties = MessageProperties()
    ) {
        self.body = body
        self.tag = tag
        self.isRedelivered = isRedelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
    }

    /// How often a quorum queue has handed the message out before; 0 when the queue does not count.
    package var deliveryCount: Int {
        if case .int64(let count)? = properties.headers["x-delivery-count"] { Int(clamping: count) } else { 0 }
    }

    package var messageId: String? { properties.messageId }
    package var correlationId: String? { properties.correlationId }
    package var replyTo: String? { properties.replyTo }
    package var type: String? { properties.type }
    package var contentType: String? { properties.contentType }
    /// Seconds since the Unix epoch.
    package var timestamp: UInt64? { properties.timestamp }
    /// Strings, whole numbers and Booleans; other kinds are left out. Of a dead letter's history the latest entry is
    /// given as `x-death-queue`, `x-death-reason` and `x-death-count`.
    package var headers: [String: HeaderValue] { properties.headers }
}

/// Which delivery: its number, and the channel's generation that the number counts in.
///
/// Numbers restart with every channel, so one from an earlier connection must never be resolved on a later one.
package struct DeliveryTag: Sendable, Hashable {
    package let number: UInt64
    package let generation: UInt64

    package init(number: UInt64, generation: UInt64) {
        self.number = number
        self.generation = generation
    }
}

/// What travels beside a message's body.
package struct MessageProperties: Sendable, Hashable {
    package var contentType: String?
    package var messageId: String?
    package var correlationId: String?
    package var replyTo: String?
    package var type: String?
    package var timestamp: UInt64?
    package var headers: [String: HeaderValue] = [:]
    /// The publisher's own number for the message, by which a returned message finds its caller.
    var sequence: UInt64?

    package init() {}
}
