package import Logging
package import PaymentLinks
package import RabbitMQ
import Synchronization

/// Why a job does not count as taken on. Nothing was promised; a job that the broker got and did not confirm in time
/// may still be done, once, however often it is sent again under its idempotency key.
package enum JobError: Error, Sendable {
    /// The broker cannot be reached, refuses, or did not confirm in time.
    case queueUnavailable
    /// Too many jobs of this gateway wait for the broker already.
    case overloaded
}

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

    private let topology: JobTopology
    private let replyQueue: String
    /// The connection that jobs go out on; other messages may share it.
    package let publisher: RabbitMQPublisher
    private let replies: RabbitMQConsumer
    private let board = ReplyBoard()
    private let logger: Logger

    /// Starts connecting, and returns at once.
    package init(configuration: RabbitMQConfiguration, topology: JobTopology, logger: Logger) {
        var generator = SystemRandomNumberGenerator()
        let gateway = ULID.mint(at: .now(), using: &generator).description.lowercased()
        self.topology = topology
        self.logger = logger
        replyQueue = topology.replyQueue(gateway)
        publisher = .start(
            configuration: configuration, topology: topology.topology, publishTimeout: Self.confirmTimeout,
            logger: logger)
        replies = .start(
            configuration: configuration, topology: topology.replyTopology(gateway), queue: replyQueue,
            prefetch: 8192, batchLimit: 1024, isExclusive: true, needsAcknowledgement: false, logger: logger)
    }

    package var isReady: Bool { publisher.isReady && replies.isReady }

    /// Jobs whose answer somebody waits for.
    package var waitingCount: Int { board.count }

    /// Hands a claim to the workers; `nil` when it was not decided within `wait`.
    package func claim(
        _ request: ClaimRequest, traceparent: String?, wait: Duration
    ) async throws(JobError) -> Reply<ClaimOutcome>? {
        let message = topology.message(request, replyTo: replyTo(wait), traceparent: traceparent)
        let answer = try await answer(to: message, jobId: request.claimId.ulid, wait: wait)
        if case .claim(let reply)? = answer { return reply }
        return nil
    }

    /// Hands a link's creation to the workers; `nil` when it was not decided within `wait`.
    package func create(
        _ creation: LinkCreation, traceparent: String?, wait: Duration
    ) async throws(JobError) -> Reply<CreationOutcome>? {
        let message = topology.message(creation, replyTo: replyTo(wait), traceparent: traceparent)
        let answer = try await answer(to: message, jobId: creation.linkId.ulid, wait: wait)
        if case .creation(let reply)? = answer { return reply }
        return nil
    }

    /// Hands claims to the workers together; one answer for each, in order, as `claim` would give it.
    package func claim(
        many requests: [ClaimRequest], traceparent: String?, wait: Duration
    ) async -> [Result<Reply<ClaimOutcome>?, JobError>] {
        let messages = requests.map { topology.message($0, replyTo: replyTo(wait), traceparent: traceparent) }
        let answers = await answers(to: messages, jobIds: requests.map(\.claimId.ulid), wait: wait)
        return answers.map { answer in
            answer.map { if case .claim(let reply)? = $0 { reply } else { nil } }
        }
    }

    /// Hands creations to the workers together; one answer for each, in order, as `create` would give it.
    package func create(
        many creations: [LinkCreation], traceparent: String?, wait: Duration
    ) async -> [Result<Reply<CreationOutcome>?, JobError>] {
        let messages = creations.map { topology.message($0, replyTo: replyTo(wait), traceparent: traceparent) }
        let answers = await answers(to: messages, jobIds: creations.map(\.linkId.ulid), wait: wait)
        return answers.map { answer in
            answer.map { if case .creation(let reply)? = $0 { reply } else { nil } }
        }
    }

    /// Receives answers until the surrounding task is cancelled, then lets go of everyone who still waits.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.receive() }
            group.addTask { await self.sweep() }
            await group.waitForAll()
        }
        board.endAll()
    }

    package func shutdown() async {
        board.endAll()
        await publisher.shutdown(drain: Self.confirmTimeout)
        await replies.shutdown()
    }

    private func replyTo(_ wait: Duration) -> String? {
        wait > .zero ? replyQueue : nil
    }

    private func answer(
        to message: OutgoingMessage, jobId: ULID, wait: Duration
    ) async throws(JobError) -> ReplyMessage.Answer? {
        let deadline = ContinuousClock.now + wait
        if wait > .zero { board.expect(jobId.bits) }
        do {
            try await publisher.publish(message)
        } catch {
            board.forget(jobId.bits)
            throw jobError(error)
        }
        return wait > .zero ? await board.answer(to: jobId.bits, until: deadline) : nil
    }

    /// Publishes the messages as one, and collects their answers in order: whichever comes last is waited for.
    private func answers(
        to messages: [OutgoingMessage], jobIds: [ULID], wait: Duration
    ) async -> [Result<ReplyMessage.Answer?, JobError>] {
        let deadline = ContinuousClock.now + wait
        if wait > .zero { for jobId in jobIds { board.expect(jobId.bits) } }
        let confirms = await publisher.publish(messages)
        if let error = confirms.lazy.compactMap({ $0.failure }).first { _ = jobError(error) }
        var answers: [Result<ReplyMessage.Answer?, JobError>] = []
        for (jobId, confirm) in zip(jobIds, confirms) {
            if let error = confirm.failure {
                board.forget(jobId.bits)
                answers.append(.failure(error == .overloaded ? .overloaded : .queueUnavailable))
            } else {
                answers.append(.success(wait > .zero ? await board.answer(to: jobId.bits, until: deadline) : nil))
            }
        }
        return answers
    }

    private func jobError(_ error: RabbitMQError) -> JobError {
        logger.warning("job was not confirmed", metadata: ["error": "\(error)"])
        return error == .overloaded ? .overloaded : .queueUnavailable
    }

    private func receive() async {
        while let batch = await replies.nextBatch() {
            for delivery in batch { post(delivery) }
        }
    }

    private func post(_ delivery: Delivery) {
        do {
            for (jobId, answer) in try ReplyMessage.decode(delivery.body).answers { board.post(answer, for: jobId) }
        } catch {
            logger.error("reply cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func sweep() async {
        while !Task.isCancelled {
            board.sweep(at: .now)
            do { try await Task.sleep(for: Self.sweepInterval) } catch { return }
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
