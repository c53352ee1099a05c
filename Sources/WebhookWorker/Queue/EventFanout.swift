import Consuming
import Jobs
import Logging
import Metrics
import PaymentLinks
import RabbitMQ
import ServiceLifecycle

/// Takes events from the broker and makes a delivery of each for every endpoint that wants it.
///
/// An event is acknowledged once its deliveries are committed; from then on Postgres remembers them. Those for which
/// this worker has room are leased as they are written, and start at once. An event that cannot be read, or that the
/// database refuses, becomes a dead letter with the reason.
struct EventFanout: Service {
    private let consumer: RabbitMQConsumer
    private let runner: BatchRunner<FanoutTransaction>
    private let deadLetters: DeadLetterPublisher

    init(
        consumer: RabbitMQConsumer, sink: any MessageSink, topology: JobTopology, transaction: FanoutTransaction,
        logger: Logger
    ) {
        self.consumer = consumer
        runner = BatchRunner(transaction, kind: "event", logger: logger)
        deadLetters = DeadLetterPublisher(
            sink: sink, topology: topology, queue: topology.webhookQueue, logger: logger,
            count: Counter(label: "paylinks_webhook_events_dead_total"))
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            while let messages = await consumer.nextBatch() {
                guard await process(messages) else { break }
                if let last = messages.last { consumer.acknowledge(upTo: last.tag) }
            }
        } onGracefulShutdown: {
            consumer.stopTaking()
        }
        await consumer.shutdown()
    }

    /// False when the process is stopped before every event has its deliveries, or is a dead letter.
    private func process(_ messages: [Delivery]) async -> Bool {
        var (events, letters) = read(messages)
        while !events.isEmpty {
            guard let outcome = await runner.run(events) else { return false }
            letters += outcome.failed.map { failure in
                DeadLetter(delivery: failure.item.delivery.alone(failure.item.event), reason: failure.reason)
            }
            events = outcome.postponed
        }
        return await deadLetters.publish(letters)
    }

    /// Returns each event once, and dead letters of the messages that cannot be read.
    private func read(_ messages: [Delivery]) -> (events: [FanoutTransaction.Item], unreadable: [DeadLetter]) {
        var events: [EventID: FanoutTransaction.Item] = [:]
        var unreadable: [DeadLetter] = []
        for message in messages {
            do throws(UnreadableMessage) {
                for event in try message.events() { events[event.id] = .init(event: event, delivery: message) }
            } catch {
                unreadable.append(DeadLetter(delivery: message, reason: error.description))
            }
        }
        return (events.values.sorted { $0.event.id < $1.event.id }, unreadable)
    }
}
