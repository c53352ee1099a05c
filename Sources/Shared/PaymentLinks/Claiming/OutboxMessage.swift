import FoundationEssentials

/// What must reach the broker because a committed transaction says so: events of one type, or settlements of one
/// method.
///
/// Its row is written in that transaction and removed once the broker has confirmed all of it. It may be published
/// more than once; consumers drop an id that they have seen. What one transaction owes to one topic shares a row, so
/// that a busy system's outbox costs by the batch.
package struct OutboxMessage: Hashable, Sendable {
    /// Where a message goes.
    package enum Topic: Hashable, Sendable {
        case event(EventType)
        case settlement(ClaimMethod)
    }

    /// One event, or one settlement.
    package struct Part: Hashable, Sendable {
        /// The event's id, or the claim's.
        package let id: ULID
        /// JSON text.
        package let body: String

        package init(id: ULID, body: String) {
            self.id = id
            self.body = body
        }
    }

    /// The most parts that one row holds.
    package static let partLimit = 256

    /// The row's id: its first part's, as long as none of its parts is gone.
    package let id: ULID
    package let topic: Topic
    /// At least one.
    package private(set) var parts: [Part]

    /// `nil` without parts.
    ///
    /// - Parameter id: of a row some of whose parts are gone.
    package init?(id: ULID? = nil, topic: Topic, parts: [Part]) {
        guard let first = parts.first else { return nil }
        self.id = id ?? first.id
        self.topic = topic
        self.parts = parts
    }

    /// Takes in what another of the same topic holds.
    package mutating func append(_ other: OutboxMessage) { parts += other.parts }

    package init(_ event: DomainEvent) {
        id = event.id.ulid
        topic = .event(event.type)
        parts = [Part(event)]
    }

    package init(_ settlement: SettlementRequest) {
        id = settlement.settlementId.ulid
        topic = .settlement(settlement.method)
        parts = [Part(settlement)]
    }

    /// Gathers what one transaction has to report, in the order in which its topics first appear.
    package static func gather(events: [DomainEvent], settlements: [SettlementRequest] = []) -> [OutboxMessage] {
        let settled = settlements.map { (Topic.settlement($0.method), Part($0)) }
        var topics: [Topic] = []
        var parts: [Topic: [Part]] = [:]
        for (topic, part) in settled + events.map({ (.event($0.type), Part($0)) }) {
            if parts[topic, default: []].isEmpty { topics.append(topic) }
            parts[topic, default: []].append(part)
        }
        return topics.flatMap { messages(topic: $0, parts: parts[$0] ?? []) }
    }

    private static func messages(topic: Topic, parts: [Part]) -> [OutboxMessage] {
        stride(from: 0, to: parts.count, by: partLimit).compactMap { start in
            OutboxMessage(topic: topic, parts: Array(parts[start..<min(start + partLimit, parts.count)]))
        }
    }
}

extension OutboxMessage.Part {
    fileprivate init(_ event: DomainEvent) { self.init(id: event.id.ulid, body: event.body) }

    package init(_ settlement: SettlementRequest) {
        self.init(id: settlement.settlementId.ulid, body: settlement.messageBody)
    }
}

extension OutboxMessage.Topic {
    private static let settlementPrefix = "settlement."

    /// The topic's name in the `outbox` table.
    package var name: String {
        switch self {
        case .event(let type): type.rawValue
        case .settlement(let method): Self.settlementPrefix + method.rawValue
        }
    }

    package init?(name: String) {
        if name.hasPrefix(Self.settlementPrefix) {
            guard let method = ClaimMethod(rawValue: String(name.dropFirst(Self.settlementPrefix.count))) else {
                return nil
            }
            self = .settlement(method)
        } else {
            guard let type = EventType(rawValue: name) else { return nil }
            self = .event(type)
        }
    }
}

extension SettlementRequest {
    /// The version of the settlement message's shape.
    package static let version = 1

    /// The message that a rail consumes, as JSON text. (contract: `settlements.ach`, `settlements.usdc`)
    package var messageBody: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("version", Self.version)
            writer.field("settlementId", settlementId)
            writer.field("transactionId", transactionId)
            writer.field("environment", environment.rawValue)
            writer.field("method", method.rawValue)
            writer.field("amount", amount)
            writer.field("currency", amount.currency.rawValue)
            writer.field("amountBaseUnits", String(amount.minorUnits))
            writer.field("direction", "debit")
            writer.field("destination", Data(sealedDestination).base64EncodedString())
            writer.field("payee", payee)
            writer.field("statementDescriptor", statementDescriptor)
            writer.field("createdAt", createdAt)
            if let instructions { writer.field("instructions", instructions) }
        }
        return writer.text
    }
}
