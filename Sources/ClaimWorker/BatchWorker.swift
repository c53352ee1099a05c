import Jobs
import Logging
import Metrics
import PaymentLinks
import RabbitMQ
import Relay
import ServiceLifecycle
import Storage
import Threading

/// Takes what has piled up in a queue, settles it in one transaction, tells everyone, and acknowledges it at once.
///
/// While batches are being told, the next are settled already, and the one after them read; full batches are settled
/// two at a time. The queue's prefetch bounds how much is in hand. A delivery is acknowledged only after its transaction
/// has committed and its answer was handed to the broker; a worker that dies before that leaves it to the next one,
/// which finds the work done and only tells again. An answer that the broker does not take is not sent again: it can
/// be read.
struct BatchWorker<Handler: BatchHandler>: Service {
    /// Batches that are being settled, or told.
    private static var mostInHand: Int { 4 }
    /// Before what the broker did not take is tried again.
    private static var pause: Duration { .milliseconds(500) }

    let handler: Handler
    let consumer: RabbitMQConsumer
    let publisher: RabbitMQPublisher
    let topology: JobTopology
    let outbox: OutboxGatherer
    let faultPoint: FaultPoint
    let logger: Logger
    private let metrics: BatchMetrics
    /// The most jobs of a transaction.
    private let batchLimit: Int
    private let reader: JobReader<Handler>
    private let settler: BatchSettler<Handler>
    /// The last deliveries of batches that have been told.
    private let told = Resequencer<DeliveryTag?>()

    init(
        handler: Handler, consumer: RabbitMQConsumer, batchLimit: Int, publisher: RabbitMQPublisher,
        topology: JobTopology,
        outbox: OutboxGatherer, confirmed: ConfirmedMessages, faultPoint: FaultPoint, logger: Logger
    ) {
        self.handler = handler
        self.consumer = consumer
        self.publisher = publisher
        self.topology = topology
        self.outbox = outbox
        self.faultPoint = faultPoint
        self.logger = logger
        metrics = BatchMetrics(kind: handler.kind)
        self.batchLimit = batchLimit
        reader = JobReader(handler: handler, consumer: consumer, batchLimit: batchLimit)
        settler = BatchSettler(handler: handler, confirmed: confirmed, logger: logger)
    }

    /// A batch whose transactions have committed, with what is left to tell.
    private struct Settled: Sendable {
        /// Where each job's answer goes.
        let replyQueues: [ULID: String]
        let result: BatchResult
        let deadLetters: [DeadLetter]
        let postponed: [TakenJob<Handler.Job>]
    }

    /// Only the wait for the next batch ends when the service is asked to stop; a batch in hand is finished.
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await reader.run() }
            await workOffAll()
            reader.close()
        }
        await consumer.shutdown()
    }

    private func workOffAll() async {
        await withTaskGroup(of: Bool.self) { group in
            var (number, inHand) = (0, 0)
            while let batch = await reader.next() {
                group.addTask { [number] in await workOff(batch, number) }
                (number, inHand) = (number + 1, inHand + 1)
                if inHand == Self.mostInHand {
                    guard await group.next() == true else { break }
                    inHand -= 1
                }
            }
        }
    }

    /// Settles a batch, tells of it, and acknowledges what may be: an acknowledgement covers all deliveries before it.
    /// False when the process is told to give up before that.
    private func workOff(_ batch: [JobReader<Handler>.Read], _ number: Int) async -> Bool {
        let (jobs, unreadable) = (batch.flatMap(\.jobs), batch.flatMap(\.deadLetters))
        metrics.took(jobs.map { handler.jobId($0.job) }, unreadable: unreadable.count)
        let settled = await settle(jobs, unreadable)
        reader.finished()
        guard await finish(settled) else { return false }
        for case let tag? in told.add(batch.last?.delivery.tag, number: number) { consumer.acknowledge(upTo: tag) }
        return true
    }

    /// Tells of the settled jobs and requeues the postponed ones. Those that the broker does not take are settled here.
    private func finish(_ first: Settled?) async -> Bool {
        var next = first
        while let settled = next {
            guard await tell(settled) else { return false }
            let left = await requeue(settled.postponed)
            if left.isEmpty { return true }
            do { try await Task.sleep(for: Self.pause) } catch { return false }
            next = await settle(left, [])
        }
        return false
    }

    /// Settles jobs; `nil` when the process is told to give up before it could.
    private func settle(_ jobs: [TakenJob<Handler.Job>], _ unreadable: [DeadLetter]) async -> Settled? {
        let start = ContinuousClock.now
        guard let outcome = await settler.settle(jobs, atMost: batchLimit) else { return nil }
        metrics.settled(in: ContinuousClock.now - start)
        faultPoint.crash(at: .afterCommit)
        logger.trace(jobs, but: outcome.deadLetters, outcome.postponed)
        return Settled(
            replyQueues: replyQueues(of: jobs), result: outcome.result, deadLetters: unreadable + outcome.deadLetters,
            postponed: outcome.postponed)
    }

    private func replyQueues(of jobs: [TakenJob<Handler.Job>]) -> [ULID: String] {
        var queues: [ULID: String] = [:]
        for job in jobs { queues[handler.jobId(job.job)] = job.source.incoming.replyTo }
        return queues
    }

    // MARK: - Telling

    /// False when the process is told to give up before all dead letters are where they belong.
    private func tell(_ settled: Settled) async -> Bool {
        guard await bury(settled.deadLetters) else { return false }
        // Payers wait for answers, and nobody for the outbox. An answer that is lost can be read.
        _ = await publisher.publish(replies(to: settled))
        outbox.hand(settled.result.outbox)
        faultPoint.crash(at: .afterPublish)
        return true
    }

    /// What goes to each gateway that waits for answers from this batch.
    private func replies(to settled: Settled) -> [OutgoingMessage] {
        var answers: [String: [(jobId: ULID, answer: ReplyMessage.Answer)]] = [:]
        for answer in settled.result.answers {
            guard let queue = settled.replyQueues[answer.jobId] else { continue }
            answers[queue, default: []].append(answer)
        }
        return answers.flatMap { queue, answers in topology.messages(ReplyMessage(answers: answers), to: queue) }
    }

    /// Puts jobs that cannot be done where operators find them, with the reason; tries until the broker has them.
    private func bury(_ deadLetters: [DeadLetter]) async -> Bool {
        var left = deadLetters
        while !left.isEmpty {
            let queue = handler.queue(in: topology)
            let results = await publisher.publish(
                left.map { topology.deadLetter($0.delivery, from: queue, reason: $0.reason) })
            left = zip(left, results).compactMap { letter, result in
                switch result {
                case .success: nil
                case .failure(.invalidMessage): letter.bare
                case .failure: letter
                }
            }
            if left.isEmpty { break }
            do { try await Task.sleep(for: Self.pause) } catch { return false }
        }
        report(deadLetters)
        return true
    }

    /// Puts postponed jobs at the end of their queue, and returns those that the broker did not take.
    private func requeue(_ postponed: [TakenJob<Handler.Job>]) async -> [TakenJob<Handler.Job>] {
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

    private func report(_ deadLetters: [DeadLetter]) {
        metrics.buried(deadLetters.count)
        for letter in deadLetters {
            logger.error(
                "job became a dead letter",
                metadata: [
                    "queue": "\(handler.queue(in: topology))", "message_id": "\(letter.delivery.messageId ?? "none")",
                    "traceparent": "\(letter.delivery.traceparent ?? "none")", "reason": "\(letter.reason)",
                ])
        }
    }
}
