import FoundationEssentials

/// A message that must reach the broker because a committed transaction says so.
///
/// Its row is written in that transaction and removed once the broker has confirmed the message. It may be published
/// more than once; consumers drop an id that they have seen.
package struct OutboxMessage: Hashable, Sendable {
    /// Where a message goes.
    package enum Topic: Hashable, Sendable {
        case event(EventType)
        case settlement(ClaimMethod)
    }

    /// The event's id, or the claim's.
    package var id: UInt128 { storedId.value }
    private let storedId: Bits128
    package let topic: Topic
    /// JSON text.
    package let body: String

    package init(id: UInt128, topic: Topic, body: String) {
        storedId = Bits128(id)
        self.topic = topic
        self.body = body
    }

    package init(_ event: DomainEvent) {
        self.init(id: event.id.bits, topic: .event(event.type), body: event.body)
    }

    package init(_ settlement: SettlementRequest) {
        self.init(
            id: settlement.settlementId.bits, topic: .settlement(settlement.method), body: settlement.messageBody)
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
        }
        return writer.text
    }
}

extension ClaimPlan {
    /// What must reach the broker once this plan is committed. Answers are not part of it: a lost answer is read back.
    package var outbox: [OutboxMessage] { settlements.map(OutboxMessage.init) + events.map(OutboxMessage.init) }
}

extension CreationPlan {
    package var outbox: [OutboxMessage] { events.map(OutboxMessage.init) }
}

extension OutcomePlan {
    package var outbox: [OutboxMessage] { events.map(OutboxMessage.init) }
}
