import RabbitMQ
import ServiceLifecycle

/// Runs one rail's queue until the process is asked to stop and the batch in hand is done.
struct QueueService: Service {
    let queue: SettlementQueue
    let consumer: RabbitMQConsumer

    func run() async {
        await queue.run()
        await consumer.shutdown()
    }
}

/// Keeps the publisher open until the process is asked to stop.
struct PublisherService: Service {
    let publisher: RabbitMQPublisher

    func run() async {
        // Thrown when another service failed: the publisher is closed all the same.
        try? await gracefulShutdown()
        await publisher.shutdown()
    }
}
