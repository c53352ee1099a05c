/// A message to publish.
package struct OutgoingMessage: Sendable, Hashable {
    package var exchange: String
    package var routingKey: String
    package var body: [UInt8]
    package var messageId: String?
    package var correlationId: String?
    package var replyTo: String?
    package var type: String?
    package var contentType: String
    /// Whether it survives a restart of the broker in a durable queue.
    package var isPersistent: Bool
    /// Whether it counts as failed when no queue takes it.
    package var isMandatory: Bool
    package var headers: [String: HeaderValue]
    /// Seconds since the Unix epoch.
    package var timestamp: UInt64?

    package init(
        exchange: String, routingKey: String, body: [UInt8], messageId: String? = nil, correlationId: String? = nil,
        replyTo: String? = nil, type: String? = nil, contentType: String = "application/json",
        isPersistent: Bool = true, isMandatory: Bool = true, headers: [String: HeaderValue] = [:],
        timestamp: UInt64? = nil
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.body = body
        self.messageId = messageId
        self.correlationId = correlationId
        self.replyTo = replyTo
        self.type = type
        self.contentType = contentType
        self.isPersistent = isPersistent
        self.isMandatory = isMandatory
        self.headers = headers
        self.timestamp = timestamp
    }
}

extension OutgoingMessage {
    /// The most bytes that AMQP's short strings (names, keys, ids) hold.
    static let shortStringLimit = 255
    /// The most bytes of header names and values that are sure to fit, with everything else, into one frame.
    static let headersLimit = 64 * 1024

    /// What is wrong with the message by the protocol's own limits, if anything.
    ///
    /// Checked before anything is sent: a message that cannot be encoded halfway through would cost the connection.
    var defect: RabbitMQError? {
        let shortStrings = [exchange, routingKey, contentType, messageId, correlationId, replyTo, type]
        if shortStrings.contains(where: { $0.map { $0.utf8.count > Self.shortStringLimit } ?? false }) {
            return .invalidMessage("a name, key or id is longer than 255 bytes")
        }
        if headers.keys.contains(where: { $0.utf8.count > 128 }) {
            return .invalidMessage("a header's name is longer than 128 bytes")
        }
        if headers.reduce(0, { $0 + $1.key.utf8.count + $1.value.size }) > Self.headersLimit {
            return .invalidMessage("the headers are larger than 64 KiB")
        }
        return nil
    }
}

extension HeaderValue {
    /// Its share of the frame, in bytes and at most.
    fileprivate var size: Int {
        switch self {
        case .string(let string): string.utf8.count + 6
        case .int64, .bool: 10
        }
    }
}
