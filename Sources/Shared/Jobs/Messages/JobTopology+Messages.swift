package import PaymentLinks
package import RabbitMQ

/// Every message that the roles publish, addressed.
extension JobTopology {
    /// A claim on its way to a worker, by itself.
    package func message(_ request: ClaimRequest, replyTo: String?, traceparent: String?) -> OutgoingMessage {
        let job = OutgoingJob(request, traceparent: traceparent, isAwaited: replyTo != nil)
        return message([job], of: .claim, replyTo: replyTo)
    }

    /// A link's creation on its way to a worker, by itself.
    package func message(_ creation: LinkCreation, replyTo: String?, traceparent: String?) -> OutgoingMessage {
        let job = OutgoingJob(creation, traceparent: traceparent, isAwaited: replyTo != nil)
        return message([job], of: .creation, replyTo: replyTo)
    }

    /// Jobs of one kind on their way to the workers, in one message. One job travels as itself, several in a batch.
    package func message(_ jobs: [OutgoingJob], of kind: OutgoingJob.Kind, replyTo: String?) -> OutgoingMessage {
        guard jobs.count == 1, let job = jobs.first else {
            return OutgoingMessage(
                exchange: exchange(of: kind), routingKey: kind.routingKey, body: JobBatch.encode(jobs),
                replyTo: replyTo,
                type: kind.batchType, headers: [Self.countHeader: .int64(Int64(jobs.count))])
        }
        return OutgoingMessage(
            exchange: exchange(of: kind), routingKey: kind.routingKey, body: job.body, messageId: job.messageId,
            replyTo: job.isAwaited ? replyTo : nil, type: kind.type, headers: Self.headers(job.traceparent))
    }

    private func exchange(of kind: OutgoingJob.Kind) -> String {
        kind == .outcome ? settlementsExchange : jobsExchange
    }

    /// A batch's answers on their way to one gateway, in one message or, where they are too large for one, in several.
    /// They are transient, and a gateway that is gone needs none.
    package func messages(_ replies: ReplyMessage, to queue: String) -> [OutgoingMessage] {
        replies.encodeBySize().map { body in
            OutgoingMessage(
                exchange: "", routingKey: queue, body: body, type: ReplyMessage.type, isPersistent: false,
                isMandatory: false)
        }
    }

    /// What a committed transaction owes to the broker: events of one type in one message, or in several where they are
    /// too large for one, settlements in one each.
    package func messages(_ message: OutboxMessage) -> [OutgoingMessage] {
        switch message.topic {
        case .event(let type): EventBatch.split(message.parts).map { self.message($0, type) }
        case .settlement(let method): message.parts.map { self.message($0, method) }
        }
    }

    private func message(_ events: [OutboxMessage.Part], _ type: EventType) -> OutgoingMessage {
        guard events.count == 1, let event = events.first else {
            return OutgoingMessage(
                exchange: eventsExchange, routingKey: type.rawValue, body: EventBatch.encode(events),
                type: EventBatch.type, headers: [Self.countHeader: .int64(Int64(events.count))])
        }
        return OutgoingMessage(
            exchange: eventsExchange, routingKey: type.rawValue, body: Array(event.body.utf8),
            messageId: EventID(event.id).description, type: EventBatch.singleType)
    }

    private func message(_ settlement: OutboxMessage.Part, _ method: ClaimMethod) -> OutgoingMessage {
        OutgoingMessage(
            exchange: settlementsExchange, routingKey: method.rawValue, body: Array(settlement.body.utf8),
            messageId: ClaimID(settlement.id).description, type: SettlementMessage.type)
    }

    /// A settlement on its way to its rail once more, as the outbox sent it.
    package func message(_ settlement: SettlementRequest) -> OutgoingMessage {
        message(OutboxMessage.Part(settlement), settlement.method)
    }

    /// An unsigned outcome on its way to the ledger.
    package func message(_ outcome: SettlementOutcome) -> OutgoingMessage { message([outcome]) }

    /// Outcomes in one message: one travels as itself, several in a batch.
    ///
    /// - Parameter mac: an outcome's MAC, if its rail has a key.
    package func message(
        _ outcomes: [SettlementOutcome], mac: (SettlementOutcome) -> String? = { _ in nil }
    ) -> OutgoingMessage {
        message(outcomes.map { OutgoingJob($0, mac: mac($0)) }, of: .outcome, replyTo: nil)
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

    /// A dead letter on its way back to the queue that it came from, as it was. No sender waits for its answer.
    package func replay(_ delivery: Delivery, to queue: String) -> OutgoingMessage {
        var message = again(delivery, to: queue)
        message.replyTo = nil
        return message
    }

    /// A delivery on its way to the end of its queue, as it was.
    package func again(_ delivery: Delivery, to queue: String) -> OutgoingMessage {
        let ours = [Self.reasonHeader, Self.queueHeader]
        return OutgoingMessage(
            exchange: "", routingKey: queue, body: delivery.body, messageId: delivery.messageId,
            replyTo: delivery.replyTo, type: delivery.type,
            headers: delivery.headers.filter { !$0.key.hasPrefix("x-") && !ours.contains($0.key) })
    }

    /// The header that says why a message is a dead letter.
    package static let reasonHeader = "paylinks-reason"
    /// The header that says which queue a dead letter came from.
    package static let queueHeader = "paylinks-queue"
    package static let traceparentHeader = "traceparent"
    /// The header that says how many jobs or events a message carries, where it may be more than one.
    package static let countHeader = "paylinks-count"

    private static func headers(_ traceparent: String?) -> [String: HeaderValue] {
        traceparent.map { [traceparentHeader: .string($0)] } ?? [:]
    }
}

extension OutgoingJob.Kind {
    fileprivate var routingKey: String {
        switch self {
        case .claim: JobTopology.claimKey
        case .creation: JobTopology.creationKey
        case .outcome: JobTopology.outcomeKey
        }
    }

    var type: String {
        switch self {
        case .claim: ClaimJob.type
        case .creation: CreationJob.type
        case .outcome: OutcomeMessage.type
        }
    }

    fileprivate var batchType: String { type + JobBatch.typeSuffix }
}

extension Delivery {
    /// The W3C trace context that the job came with.
    package var traceparent: String? {
        if case .string(let text)? = headers[JobTopology.traceparentHeader] { text } else { nil }
    }
}
