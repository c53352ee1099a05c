/// Something that the broker says of its own accord.
enum BrokerEvent {
    /// A message for the consumer.
    case delivered(Message)
    /// A mandatory message that no queue took.
    case returned(sequence: UInt64?, replyCode: Int, replyText: String)
    /// Published messages were taken (`isAck`) or refused.
    case confirmed(tag: UInt64, isMultiple: Bool, isAck: Bool)
    /// The broker takes no more messages for now.
    case blocked(reason: String)
    /// The broker takes messages again.
    case unblocked
    /// The consumer's queue is gone, or its leader moved.
    case consumerCancelled

    /// A delivered message, its tag not yet bound to a channel's generation.
    struct Message {
        var number: UInt64
        var isRedelivered: Bool
        var exchange: String
        var routingKey: String
        var properties = MessageProperties()
        var body: [UInt8] = []
    }
}

/// Puts messages together that come in several frames: a method, a header, and as much body as the header announced.
///
/// Pure: it sees decoded frames in order, and gives an event with a message's last frame.
struct MessageAssembler {
    /// What a message's first frame says about it.
    enum Start {
        case delivery(BrokerEvent.Message)
        case `return`(replyCode: Int, replyText: String)
    }

    /// Room is made for no more than that before it has come: the header may announce anything.
    private static let mostReserved = 1 << 20

    private var start: Start?
    private var properties = MessageProperties()
    private var body: [UInt8] = []
    private var missing = 0

    mutating func begin(_ start: Start) {
        self.start = start
        body = []
    }

    /// Takes the header; an empty message ends here.
    mutating func header(_ properties: MessageProperties, bodySize: Int) -> BrokerEvent? {
        self.properties = properties
        missing = bodySize
        return missing == 0 ? finish() : nil
    }

    /// Takes a piece of the body; the last one ends the message.
    mutating func append(_ fragment: [UInt8]) -> BrokerEvent? {
        missing -= fragment.count
        if !body.isEmpty {
            body += fragment
        } else {
            body = fragment
            // Nearly every message comes in one piece, which is taken as it is.
            if missing > 0 { body.reserveCapacity(fragment.count + min(missing, Self.mostReserved)) }
        }
        return missing <= 0 ? finish() : nil
    }

    private mutating func finish() -> BrokerEvent? {
        defer { (start, body) = (nil, []) }
        switch start {
        case .delivery(var message):
            (message.properties, message.body) = (properties, body)
            return .delivered(message)
        case .return(let replyCode, let replyText):
            return .returned(sequence: properties.sequence, replyCode: replyCode, replyText: replyText)
        case nil: return nil
        }
    }
}
