package import RabbitMQ
import ServiceLifecycle

/// Where batches of settlements come from, and where what became of them is told.
package protocol DeliverySource: Sendable {
    /// Waits for at least one delivery; nil when no more are to be taken.
    func nextBatch() async -> [Delivery]?
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

/// A consumer that hands out nothing more once the process is asked to stop, so that the batch in hand is the last.
package struct DrainingConsumer: DeliverySource {
    private let consumer: RabbitMQConsumer

    package init(_ consumer: RabbitMQConsumer) {
        self.consumer = consumer
    }

    package func nextBatch() async -> [Delivery]? {
        await cancelWhenGracefulShutdown { [consumer] in await consumer.nextBatch() }
    }

    package func acknowledge(upTo tag: DeliveryTag) {
        consumer.acknowledge(upTo: tag)
    }

    package func reject(_ tag: DeliveryTag) {
        consumer.reject(tag)
    }
}
