import Jobs
import PaymentLinks
import RabbitMQ
import ServiceLifecycle
import Threading

/// A delivery whose jobs have been read.
struct ReadDelivery<Job: Sendable>: Sendable {
    let delivery: Delivery
    let jobs: [TakenJob<Job>]
    /// What of it cannot be read.
    let deadLetters: [DeadLetter]
}

/// Reads the next batch's jobs while one is being settled, and no further ahead than that.
struct JobReader<Handler: BatchHandler>: Sendable {
    typealias Read = ReadDelivery<Handler.Job>

    private let handler: Handler
    private let consumer: RabbitMQConsumer
    private let ahead: BoundedBuffer<Read>

    /// - Parameter batchLimit: the most jobs of a batch; its last message may bring some more.
    init(handler: Handler, consumer: RabbitMQConsumer, batchLimit: Int) {
        self.handler = handler
        self.consumer = consumer
        ahead = BoundedBuffer(limit: batchLimit) { $0.delivery.count }
    }

    /// Reads until the service is asked to stop; to be called once. What was read by then is the last batch.
    func run() async {
        defer { ahead.finish() }
        await withGracefulShutdownHandler {
            while let deliveries = await consumer.nextBatch() {
                for delivery in deliveries {
                    guard await ahead.put(read(delivery)) else { return }
                }
            }
        } onGracefulShutdown: {
            consumer.stopTaking()
        }
    }

    /// Everything that was read meanwhile, in the order of its coming, as soon as there are so many jobs, or any; `nil`
    /// at the end.
    func next(atLeast jobs: Int) async -> BoundedBuffer<Read>.Taking? { await ahead.take(weighing: jobs) }

    /// Ends every wait; what was read goes back to the queue with the connection.
    func close() { ahead.close() }

    /// A message, or a job of it, that cannot be read is a dead letter by itself.
    private func read(_ delivery: Delivery) -> Read {
        var jobs: [TakenJob<Handler.Job>] = []
        var deadLetters: [DeadLetter] = []
        do throws(UnreadableMessage) {
            for incoming in try delivery.jobs() {
                let source = JobSource(delivery: delivery, incoming: incoming)
                do throws(UnreadableMessage) {
                    jobs.append(TakenJob(job: try handler.decode(incoming.body), source: source))
                } catch {
                    deadLetters.append(source.deadLetter(error.description))
                }
            }
        } catch {
            deadLetters.append(DeadLetter(delivery: delivery, reason: error.description))
        }
        return Read(delivery: delivery, jobs: jobs, deadLetters: deadLetters)
    }
}
