import RabbitMQ
import ServiceLifecycle

/// Keeps the publisher open until the process is asked to stop.
struct PublisherService: Service {
    let publisher: RabbitMQPublisher

    func run() async {
        // Thrown when another service failed: the publisher is closed in any case.
        try? await gracefulShutdown()
        await publisher.shutdown()
    }
}
