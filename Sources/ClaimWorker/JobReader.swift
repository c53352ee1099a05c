import Consuming
import Jobs
import PaymentLinks
import RabbitMQ
import ServiceLifecycle
import Synchronization
import Threading

/// A delivery whose jobs have been read.
struct ReadDelivery<Job: Sendable>: Sendable {
    let delivery: Delivery
    let jobs: [TakenJob<Job>]
    /// What of it cannot be read.
    let deadLetters: [DeadLetter]
}

/// Reads the next batch's jobs while others are being settled, and no further ahead than that.
final class JobReader<Handler: BatchHandler>: Sendable {
    typealias Read = ReadDelivery<Handler.Job>

    private let handler: Handler
    private let consumer: RabbitMQConsumer
    private let batchLimit: Int
    private let ahead: BoundedBuffer<Read>
    /// Batches that are under way.
    private let underWay = Mutex(0)

    /// - Parameter batchLimit: the most jobs of a batch; its last message may bring some more.
    init(handler: Handler, consumer: RabbitMQConsumer, batchLimit: Int) {
        self.handler = handler
        self.consumer = consumer
        self.batchLimit = batchLimit
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
            self.consumer.stopTaking()
        }
    }

    /// The next batch: everything that was read meanwhile, in the order of its coming; `nil` at the end.
    ///
    /// It comes as soon as there is anything and no batch is under way, or when it is full and few are: what comes
    /// meanwhile gathers into larger batches, rather than many small ones, and a backlog is worked off as many at a
    /// time as the jobs allow. At the end the rest comes in any case.
    func next() async -> [Read]? {
        guard let batch = await ahead.take() else { return nil }
        count(1)
        return batch
    }

    /// Says that a batch is under way no more.
    func finished() { count(-1) }

    private func count(_ change: Int) {
        underWay.withLock { count in
            count += change
            ahead.require(count == 0 ? 1 : count < handler.batchesAtOnce ? batchLimit : .max)
        }
    }

    /// Ends every wait; what was read goes back to the queue with the connection.
    func close() { ahead.close() }

    /// A message, or a job of it, that cannot be read is a dead letter by itself.
    private func read(_ delivery: Delivery) -> Read {
        var jobs: [TakenJob<Handler.Job>] = []
        var deadLetters: [DeadLetter] = []
        do throws(UnreadableMessage) {
            for entry in try delivery.jobs() {
                switch read(entry, of: delivery) {
                case .success(let job): jobs.append(job)
                case .failure(let letter): deadLetters.append(letter)
                }
            }
        } catch {
            deadLetters.append(DeadLetter(delivery: delivery, reason: error.description))
        }
        return Read(delivery: delivery, jobs: jobs, deadLetters: deadLetters)
    }

    private func read(
        _ entry: Result<IncomingJob, UnreadableEntry>, of delivery: Delivery
    ) -> Result<TakenJob<Handler.Job>, DeadLetter> {
        switch entry {
        case .success(let incoming):
            let source = JobSource(delivery: delivery, incoming: incoming)
            do throws(UnreadableMessage) {
                return .success(TakenJob(job: try handler.decode(incoming.body), source: source))
            } catch {
                return .failure(source.deadLetter(error.description))
            }
        case .failure(let unreadable):
            return .failure(DeadLetter(delivery: delivery.alone(unreadable), reason: unreadable.reason.description))
        }
    }
}
