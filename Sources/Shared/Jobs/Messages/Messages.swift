package import PaymentLinks
package import RabbitMQ

/// Every message that the roles publish, addressed.
extension JobTopology {
    /// A claim on its way to a worker.
    package func message(_ request: ClaimRequest, replyTo: String?, traceparent: String?) -> OutgoingMessage {
        OutgoingMessage(
            exchange: jobsExchange, routingKey: Self.claimKey, body: ClaimJob.encode(request),
            messageId: request.claimId.description, replyTo: replyTo, type: ClaimJob.type,
            headers: Self.headers(traceparent))
    }

    /// A link's creation on its way to a worker.
    package func message(_ creation: LinkCreation, replyTo: String?, traceparent: String?) -> OutgoingMessage {
        OutgoingMessage(
            exchange: jobsExchange, routingKey: Self.creationKey, body: CreationJob.encode(creation),
            messageId: creation.linkId.description, replyTo: replyTo, type: CreationJob.type,
            headers: Self.headers(traceparent))
    }

    /// A batch's answers on their way to one gateway. They are transient, and a gateway that is gone needs none.
    package func message(_ replies: ReplyMessage, to queue: String) -> OutgoingMessage {
        OutgoingMessage(
            exchange: "", routingKey: queue, body: replies.encode(), type: ReplyMessage.type, isPersistent: false,
            isMandatory: false)
    }

    /// What a committed transaction owes to the broker.
    package func message(_ message: OutboxMessage) -> OutgoingMessage {
        switch message.topic {
        case .event(let type):
            OutgoingMessage(
                exchange: eventsExchange, routingKey: type.rawValue, body: Array(message.body.utf8),
                messageId: EventID(bits: message.id).description, type: "event")
        case .settlement(let method):
            OutgoingMessage(
                exchange: settlementsExchange, routingKey: method.rawValue, body: Array(message.body.utf8),
                messageId: ClaimID(bits: message.id).description, type: SettlementMessage.type)
        }
    }

    /// A rail's word on its way to the ledger.
    package func message(_ outcome: SettlementOutcome) -> OutgoingMessage {
        OutgoingMessage(
            exchange: settlementsExchange, routingKey: Self.outcomeKey, body: OutcomeMessage.encode(outcome),
            messageId: outcome.settlementId.description, type: OutcomeMessage.type)
    }

    /// A delivery that cannot be worked on, on its way to its queue's dead letters, with the reason.
    package func deadLetter(_ delivery: Delivery, from queue: String, reason: String) -> OutgoingMessage {
        var headers = delivery.headers.filter { !$0.key.hasPrefix("x-") }
        headers[Self.reasonHeader] = .string(reason)
        headers[Self.queueHeader] = .string(queue)
        return OutgoingMessage(
            exchange: deadLetterExchange, routingKey: deadQueue(of: queue), body: delivery.body,
            messageId: delivery.messageId, replyTo: delivery.replyTo, type: delivery.type, headers: headers)
    }

    /// A dead letter on its way back to the queue that it came from, as it was.
    package func replay(_ delivery: Delivery, to queue: String) -> OutgoingMessage {
        let ours = [Self.reasonHeader, Self.queueHeader]
        return OutgoingMessage(
            exchange: "", routingKey: queue, body: delivery.body, messageId: delivery.messageId, type: delivery.type,
            headers: delivery.headers.filter { !$0.key.hasPrefix("x-") && !ours.contains($0.key) })
    }

    /// The header that says why a message is a dead letter.
    package static let reasonHeader = "paylinks-reason"
    /// The header that says which queue a dead letter came from.
    package static let queueHeader = "paylinks-queue"
    package static let traceparentHeader = "traceparent"

    private static func headers(_ traceparent: String?) -> [String: HeaderValue] {
        traceparent.map { [traceparentHeader: .string($0)] } ?? [:]
    }
}

extension Delivery {
    /// The W3C trace context that the job came with.
    package var traceparent: String? {
        if case .string(let text)? = headers[JobTopology.traceparentHeader] { text } else { nil }
    }
}
