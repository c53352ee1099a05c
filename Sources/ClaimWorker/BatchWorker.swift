import Consuming
import Jobs
import Logging
import Metrics
import PaymentLinks
import RabbitMQ
import Relay
import ServiceLifecycle
import Storage
import Threading

/// Takes the jobs that have accumulated in a queue, performs them in one transaction, publishes the results, and
/// acknowledges the deliveries together.
///
/// While the results of one batch are published, the next batch is already in its transaction, and the one after it is
/// read. Full batches run in `batchesAtOnce` transactions. The queue's prefetch bounds how much is in hand. A delivery
/// is acknowledged only after its transaction has committed and its answer was handed to the broker. A worker that
/// dies before that leaves the delivery to another worker, which finds the work done and only publishes the answer. An
/// answer that the broker refuses is not sent again, because callers can read it.
struct BatchWorker<Handler: BatchHandler>: Service {
    typealias Job = TakenJob<Handler.Job>

    /// Batches that are in a transaction or being published.
    private static var mostInHand: Int { 4 }
    /// The pause before postponed jobs that the broker refused are performed again.
    private static var pause: Duration { .milliseconds(500) }

    private let handler: Handler
    private let consumer: RabbitMQConsumer
    private let publisher: RabbitMQPublisher
    private let topology: JobTopology
    private let outbox: OutboxGatherer
    private let faultPoint: FaultPoint
    private let logger: Logger
    private let metrics: BatchMetrics
    /// The most jobs of a transaction.
    private let batchLimit: Int
    private let reader: JobReader<Handler>
    private let runner: BatchRunner<JobTransaction<Handler>>
    private let deadLetters: DeadLetterPublisher
    /// The last deliveries of batches that have been published.
    private let published = Resequencer<DeliveryTag?>()

    init(
        handler: Handler, consumer: RabbitMQConsumer, batchLimit: Int, publisher: RabbitMQPublisher,
        topology: JobTopology, outbox: OutboxGatherer, confirmed: ConfirmedMessages, faultPoint: FaultPoint,
        logger: Logger
    ) {
        self.handler = handler
        self.consumer = consumer
        self.publisher = publisher
        self.topology = topology
        self.outbox = outbox
        self.faultPoint = faultPoint
        self.logger = logger
        self.batchLimit = batchLimit
        metrics = BatchMetrics(kind: handler.kind)
        reader = JobReader(handler: handler, consumer: consumer, batchLimit: batchLimit)
        runner = BatchRunner(
            JobTransaction(handler: handler, confirmed: confirmed), kind: handler.kind, logger: logger)
        deadLetters = DeadLetterPublisher(
            sink: publisher, topology: topology, queue: handler.queue(in: topology), logger: logger,
            count: Counter(label: "paylinks_jobs_dead_total", dimensions: [("kind", handler.kind)]))
    }

    /// A batch whose transactions have committed, with what is left to publish.
    private struct Decided: Sendable {
        /// Where each job's answer goes.
        let replyQueues: [ULID: String]
        let results: [BatchResult]
        let deadLetters: [DeadLetter]
        let postponed: [Job]
    }

    /// Only the wait for the next batch ends when the service is asked to stop; a batch in hand is finished.
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await reader.run() }
            await processAll()
            reader.close()
        }
        await consumer.shutdown()
    }

    private func processAll() async {
        await withTaskGroup(of: Bool.self) { group in
            var (number, inHand) = (0, 0)
            while let batch = await reader.next() {
                group.addTask { [number] in await process(batch, number) }
                (number, inHand) = (number + 1, inHand + 1)
                if inHand == Self.mostInHand {
                    guard await group.next() == true else { break }
                    inHand -= 1
                }
            }
        }
    }

    /// Performs a batch, publishes its results, and acknowledges it: an acknowledgement covers all deliveries before
    /// it. False when the process is stopped before that.
    private func process(_ batch: [JobReader<Handler>.Read], _ number: Int) async -> Bool {
        let (jobs, unreadable) = (batch.flatMap(\.jobs), batch.flatMap(\.deadLetters))
        metrics.took(jobs.map { handler.jobId($0.job) }, unreadable: unreadable.count)
        let decided = await decide(jobs, unreadable)
        reader.finished()
        guard await finish(decided) else { return false }
        for case let tag? in published.add(batch.last?.delivery.tag, number: number) {
            consumer.acknowledge(upTo: tag)
        }
        return true
    }

    /// Publishes the results and requeues postponed jobs. Those that the broker refuses are performed here once more.
    private func finish(_ first: Decided?) async -> Bool {
        var next = first
        while let decided = next {
            guard await publish(decided) else { return false }
            let left = await requeue(decided.postponed)
            if left.isEmpty { return true }
            do { try await Task.sleep(for: Self.pause) } catch { return false }
            next = await decide(left, [])
        }
        return false
    }

    /// Runs the jobs' transactions; `nil` when the process is stopped before they have committed.
    private func decide(_ jobs: [Job], _ unreadable: [DeadLetter]) async -> Decided? {
        let start = ContinuousClock.now
        guard let outcome = await runner.run(jobs, atMost: batchLimit) else { return nil }
        metrics.committed(in: ContinuousClock.now - start)
        faultPoint.crash(at: .afterCommit)
        let failed = outcome.failed.map { $0.item.source.deadLetter($0.reason) }
        logger.trace(jobs, but: failed, outcome.postponed)
        return Decided(
            replyQueues: replyQueues(of: jobs), results: outcome.values, deadLetters: unreadable + failed,
            postponed: outcome.postponed)
    }

    private func replyQueues(of jobs: [Job]) -> [ULID: String] {
        var queues: [ULID: String] = [:]
        for job in jobs { queues[handler.jobId(job.job)] = job.source.incoming.replyTo }
        return queues
    }

    // MARK: - Publishing

    /// False when the process is stopped before the broker has all dead letters.
    private func publish(_ decided: Decided) async -> Bool {
        guard await deadLetters.publish(decided.deadLetters) else { return false }
        // Payers wait for answers, so these go before the outbox.
        _ = await publisher.publish(replies(to: decided))
        for result in decided.results { outbox.hand(result.outbox) }
        faultPoint.crash(at: .afterPublish)
        return true
    }

    /// One message or a few for each gateway that waits for answers from this batch.
    private func replies(to decided: Decided) -> [OutgoingMessage] {
        var answers: [String: [(jobId: ULID, answer: ReplyMessage.Answer)]] = [:]
        for answer in decided.results.lazy.flatMap(\.answers) {
            guard let queue = decided.replyQueues[answer.jobId] else { continue }
            answers[queue, default: []].append(answer)
        }
        return answers.flatMap { queue, answers in topology.messages(ReplyMessage(answers: answers), to: queue) }
    }

    /// Puts postponed jobs at the end of their queue, and returns those that the broker refused.
    private func requeue(_ postponed: [Job]) async -> [Job] {
        guard !postponed.isEmpty else { return [] }
        let queue = handler.queue(in: topology)
        metrics.postponed(postponed.count)
        logger.warning(
            "jobs wait for rows that another session has locked",
            metadata: ["queue": "\(queue)", "count": "\(postponed.count)"])
        let results = await publisher.publish(postponed.map { topology.again($0.source.alone, to: queue) })
        return zip(postponed, results).compactMap { job, result in
            if case .success = result { nil } else { job }
        }
    }
}
