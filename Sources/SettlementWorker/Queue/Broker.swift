package import RabbitMQ

/// Where batches of settlements come from, and where what became of them is told.
package protocol DeliverySource: Sendable {
    /// Waits for at least one delivery; nil when no more are to be taken.
    func nextBatch() async -> [Delivery]?
    /// Ends every wait for a batch, now and later.
    func stopTaking()
    /// Settles the delivery and every unsettled one before it.
    func acknowledge(upTo tag: DeliveryTag)
    /// Refuses the delivery for good: the broker keeps it as a dead letter.
    func reject(_ tag: DeliveryTag)
}

/// Where outcomes and dead letters go.
package protocol MessageSink: Sendable {
    /// Publishes all messages in order, and gives each one's result once the last is known.
    func publish(_ batch: [OutgoingMessage]) async -> [Result<Void, RabbitMQError>]
}

extension RabbitMQPublisher: MessageSink {}
extension RabbitMQConsumer: DeliverySource {}
