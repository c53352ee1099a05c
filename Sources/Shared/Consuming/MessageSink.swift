package import RabbitMQ

/// Where messages are published.
package protocol MessageSink: Sendable {
    /// Publishes all messages in order, and gives each one's result once the last is known.
    func publish(_ batch: [OutgoingMessage]) async -> [Result<Void, RabbitMQError>]
}

extension RabbitMQPublisher: MessageSink {}
