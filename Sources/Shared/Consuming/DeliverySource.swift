package import RabbitMQ

/// Where batches of deliveries come from, and where they are acknowledged.
package protocol DeliverySource: Sendable {
    /// Waits for at least one delivery; nil when no more are to be taken.
    func nextBatch() async -> [Delivery]?
    /// Ends every wait for a batch, now and later.
    func stopTaking()
    /// Acknowledges the delivery and every open one before it.
    func acknowledge(upTo tag: DeliveryTag)
}

extension RabbitMQConsumer: DeliverySource {}
