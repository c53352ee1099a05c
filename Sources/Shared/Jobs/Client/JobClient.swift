package import Logging
package import PaymentLinks
package import RabbitMQ
package import Threading

/// Why a job does not count as taken on. Nothing was promised; a job that the broker got and did not confirm in time
/// may still be done, once, however often it is sent again under its idempotency key.
package enum JobError: Error, Sendable {
    /// The broker cannot be reached, refuses, or did not confirm in time.
    case queueUnavailable
    /// Too many jobs of this gateway wait for the broker already.
    case overloaded
}

/// The jobs that wait for the next message: it goes out once the one before it is confirmed, and not too soon after it.
package typealias JobQueue = GatheringQueue<OutgoingJob>

/// Sends jobs to the workers and waits for their answers.
///
/// A job counts as taken on when the broker has confirmed it. Its answer comes over a queue of this client's own; one
/// that does not come in time, because the worker is busy or the answer was lost, is not an error: the job will be
/// done, and its outcome can be read from the database.
package final class JobClient: Sendable {
    /// How often deadlines are looked at: the most that a wait can overrun.
    private static let sweepInterval = Duration.milliseconds(50)
    /// The most that the broker may take to confirm a job.
    private static let confirmTimeout = Duration.seconds(5)
    /// The least time between two messages of one kind, unless the first is full. A job that comes alone goes at once;
    /// under load jobs gather, for a message costs all who handle it as much as a dozen jobs in it.
    private static let pace = Duration.milliseconds(4)
    /// The most jobs, and bytes of them, that travel in one message; one job alone may be larger.
    private static let jobsPerMessage = 128
    private static let messageSize = 1 << 18
    /// The most jobs of one kind that wait to be sent.
    private static let queueCapacity = 8192

    private let topology: JobTopology
    private let replyQueue: String
    /// The connection that jobs go out on; other messages may share it.
    package let publisher: RabbitMQPublisher
    private let replies: RabbitMQReceiver
    private let board: ReplyBoard
    private let claims = JobClient.queue()
    private let creations = JobClient.queue()
    private let authenticator: JobAuthenticator
    private let logger: Logger

    /// Starts connecting, and returns at once.
    ///
    /// - Parameter authenticator: proves to the workers that a gateway sent a job.
    package init(
        configuration: RabbitMQConfiguration, topology: JobTopology, authenticator: JobAuthenticator, logger: Logger
    ) {
        var generator = SystemRandomNumberGenerator()
        let gateway = ULID.mint(at: .now(), using: &generator).description.lowercased()
        let board = ReplyBoard()
        self.topology = topology
        self.authenticator = authenticator
        self.logger = logger
        self.board = board
        replyQueue = topology.replyQueue(gateway)
        publisher = .start(
            configuration: configuration, topology: topology.topology, publishTimeout: Self.confirmTimeout,
            logger: logger)
        replies = .start(
            configuration: configuration, topology: topology.replyTopology(gateway), queue: replyQueue, logger: logger
        ) { deliveries in
            for delivery in deliveries { board.post(delivery, logger: logger) }
        }
    }

    package var isReady: Bool { publisher.isReady && replies.isReady }

    /// Hands claims to the workers together, in their order. The completion is called once for each, with its place, on
    /// any thread, and must not block: with `nil` when the claim was not decided within `wait`.
    package func claim(
        _ requests: [ClaimRequest], traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<ClaimOutcome>?, JobError>) -> Void
    ) {
        let jobs = requests.map {
            OutgoingJob($0, traceparent: traceparent, isAwaited: wait > .zero).signed(by: authenticator)
        }
        send(jobs, through: claims, wait: wait) { index, result in
            completion(index, result.map { answer in if case .claim(let reply)? = answer { reply } else { nil } })
        }
    }

    /// The same for links' creations.
    package func create(
        _ creations: [LinkCreation], traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<CreationOutcome>?, JobError>) -> Void
    ) {
        let jobs = creations.map {
            OutgoingJob($0, traceparent: traceparent, isAwaited: wait > .zero).signed(by: authenticator)
        }
        send(jobs, through: self.creations, wait: wait) { index, result in
            completion(index, result.map { answer in if case .creation(let reply)? = answer { reply } else { nil } })
        }
    }

    private static func queue() -> JobQueue {
        JobQueue(
            capacity: queueCapacity, batchLimit: jobsPerMessage, weightLimit: messageSize, weigh: \.size)
    }

    private func send(
        _ jobs: [OutgoingJob], through queue: JobQueue, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<ReplyMessage.Answer?, JobError>) -> Void
    ) {
        let now = ContinuousClock.now
        let deadline = wait > .zero ? now + wait : nil
        let confirmBy = now + Self.confirmTimeout
        let expected = jobs.enumerated().filter { index, job in
            board.expect(job.id, until: deadline, confirmBy: confirmBy) { completion(index, $0.result) }
        }.map(\.element)
        if !queue.offer(expected, takeBy: confirmBy) { board.fail(expected.map(\.id), .overloaded) }
    }

    // MARK: - Running

    /// Sends jobs until the surrounding task is cancelled, then lets go of everyone who waits.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.sweep() }
            for queue in [claims, creations] { group.addTask { await self.send(from: queue) } }
            await withTaskCancellationHandler {
                await group.waitForAll()
            } onCancel: {
                claims.close()
                creations.close()
            }
        }
        board.endAll()
    }

    package func shutdown() async {
        claims.close()
        creations.close()
        board.endAll()
        await publisher.shutdown(drain: Self.confirmTimeout)
        await replies.shutdown()
    }

    /// Sends what gathers, a message at a time.
    private func send(from queue: JobQueue) async {
        while let jobs = await queue.next(), let first = jobs.first {
            let start = ContinuousClock.now
            let message = topology.message(jobs, of: first.kind, replyTo: replyQueue)
            let jobIds = jobs.map(\.id)
            do {
                try await publisher.publish(message)
                board.confirm(jobIds)
            } catch {
                board.fail(jobIds, jobError(error))
            }
            if jobs.count < Self.jobsPerMessage { try? await Task.sleep(until: start + Self.pace, clock: .continuous) }
        }
    }

    private func jobError(_ error: RabbitMQError) -> JobError {
        logger.warning("jobs were not confirmed", metadata: ["error": "\(error)"])
        return error == .overloaded ? .overloaded : .queueUnavailable
    }

    private func sweep() async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            board.sweep(at: now)
            for queue in [claims, creations] { board.fail(queue.expire(at: now).map(\.id), .queueUnavailable) }
            do { try await Task.sleep(for: Self.sweepInterval) } catch { return }
        }
    }
}

extension ReplyBoard {
    fileprivate func post(_ reply: Delivery, logger: Logger) {
        do {
            post(try ReplyMessage.decode(reply.body).answers)
        } catch {
            logger.error("reply cannot be read", metadata: ["error": "\(error)"])
        }
    }
}

extension ReplyBoard.Verdict {
    /// The answer, or `nil` for a job that is accepted and not answered.
    fileprivate var result: Result<ReplyMessage.Answer?, JobError> {
        switch self {
        case .answered(let answer): .success(answer)
        case .accepted: .success(nil)
        case .failed(let error): .failure(error)
        }
    }
}
