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
