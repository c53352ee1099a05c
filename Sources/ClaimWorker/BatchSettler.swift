import Jobs
import Logging
import Metrics
import PaymentLinks
import Postgres
import RabbitMQ
import Relay
import Storage
import Threading

/// A job with the message that brought it.
struct TakenJob<Job: Sendable>: Sendable {
    let job: Job
    let source: JobSource
}

/// Where a job came from: the delivery, which may have brought others, and the job's own part of it.
struct JobSource: Sendable {
    let delivery: Delivery
    let incoming: IncomingJob

    /// The job as a message of its own, which holds nothing of the others.
    var alone: Delivery { delivery.alone(incoming) }

    func deadLetter(_ reason: String) -> DeadLetter { DeadLetter(delivery: alone, reason: reason) }
}

/// A delivery that cannot be worked on, and why.
struct DeadLetter: Error, Sendable {
    var delivery: Delivery
    let reason: String

    /// The same without what its sender wrote beside the body: more of it than a message has room for, or of a kind
    /// that no message can hold.
    var bare: DeadLetter {
        var letter = self
        letter.delivery.properties.messageId = nil
        letter.delivery.properties.replyTo = nil
        letter.delivery.properties.headers = [:]
        return letter
    }
}

/// Gets a batch through the database, whatever happens on the way.
///
/// A fault of the database (a lost connection, a failover, a schema that is not migrated yet) is waited out with
/// back-off; the jobs stay in hand, so that an outage does not use up their deliveries unless it outlasts the broker's
/// acknowledgement time-out. Only a fault of the jobs' own data halves the batch, until the job that has it is alone;
/// then it alone is given up. A job whose rows another session has locked is postponed, and the others go on.
struct BatchSettler<Handler: BatchHandler>: Sendable {
    typealias Job = TakenJob<Handler.Job>

    struct Outcome: Sendable {
        var result = BatchResult()
        var deadLetters: [DeadLetter] = []
        /// Jobs that were not done, because another session has locked their rows.
        var postponed: [Job] = []

        mutating func append(_ other: Outcome) {
            result.outbox += other.result.outbox
            result.answers += other.result.answers
            deadLetters += other.deadLetters
            postponed += other.postponed
        }
    }

    /// How often a batch that met another's row of the same key is tried again before it is halved.
    private static var collisionLimit: Int { 3 }
    /// How often a batch waits for locks that it cannot attribute to its jobs before it is halved.
    private static var lockTimeoutLimit: Int { 2 }
    private static var backoff: Backoff { Backoff(shortest: .milliseconds(50), longest: .seconds(2)) }

    let handler: Handler
    let confirmed: ConfirmedMessages
    let logger: Logger
    private let patience = LockPatience()
    private let retries: Counter

    init(handler: Handler, confirmed: ConfirmedMessages, logger: Logger) {
        self.handler = handler
        self.confirmed = confirmed
        self.logger = logger
        retries = Counter(label: "paylinks_batch_retries_total", dimensions: [("kind", handler.kind)])
    }

    /// Settles all jobs, so many to a transaction; `nil` when the task was cancelled before that.
    func settle(_ jobs: [Job], atMost limit: Int) async -> Outcome? {
        var outcome = Outcome()
        for start in stride(from: 0, to: jobs.count, by: limit) {
            guard let part = await settle(Array(jobs[start..<min(start + limit, jobs.count)])) else { return nil }
            outcome.append(part)
        }
        return outcome
    }

    /// Settles all jobs; `nil` when the task was cancelled before that.
    private func settle(_ jobs: [Job]) async -> Outcome? {
        guard !jobs.isEmpty else { return Outcome() }
        var (collisions, lockTimeouts) = (0, 0)
        var backoff = Self.backoff
        while !Task.isCancelled {
            switch await attempt(jobs) {
            case .success(let result):
                return Outcome(result: result)
            case .failure(let error) where error.isUniqueViolation && collisions < Self.collisionLimit:
                collisions += 1
            case .failure(let error) where error.isLockTimeout:
                lockTimeouts += 1
                patience.timedOut()
                guard let locked = await locked(jobs) else {
                    guard await rest(&backoff, after: error) else { return nil }
                    break
                }
                if !locked.isEmpty { return await postpone(locked, of: jobs) }
                if lockTimeouts == Self.lockTimeoutLimit { return await halve(jobs, after: error) }
            case .failure(let error) where !error.blamesTheData:
                guard await rest(&backoff, after: error) else { return nil }
            case .failure(let error):
                return await halve(jobs, after: error)
            }
            retries.increment()
        }
        return nil
    }

    private func attempt(_ jobs: [Job]) async -> Result<BatchResult, StorageError> {
        let published = confirmed.takeAll()
        do {
            return .success(
                try await handler.settle(jobs.map(\.job), removing: published, lockTimeout: patience.timeout))
        } catch {
            confirmed.add(published)
            return .failure(error)
        }
    }

    private func rest(_ backoff: inout Backoff, after error: StorageError) async -> Bool {
        var generator = SystemRandomNumberGenerator()
        let pause = backoff.pause(using: &generator)
        logger.warning("batch waits for the database", metadata: ["kind": "\(handler.kind)", "error": "\(error)"])
        do {
            try await Task.sleep(for: pause)
            return true
        } catch {
            return false
        }
    }

    /// The jobs whose rows are locked; `nil` when the database cannot tell.
    private func locked(_ jobs: [Job]) async -> Set<ULID>? {
        do throws(StorageError) { return try await handler.locked(jobs.map(\.job)) } catch { return nil }
    }

    private func postpone(_ locked: Set<ULID>, of jobs: [Job]) async -> Outcome? {
        var outcome = await settle(jobs.filter { !locked.contains(handler.jobId($0.job)) })
        outcome?.postponed += jobs.filter { locked.contains(handler.jobId($0.job)) }
        return outcome
    }

    private func halve(_ jobs: [Job], after error: StorageError) async -> Outcome? {
        if jobs.count == 1, let job = jobs.first {
            return error.isLockTimeout
                ? Outcome(postponed: [job]) : Outcome(deadLetters: [job.source.deadLetter(error.reason)])
        }
        let middle = jobs.count / 2
        guard var outcome = await settle(Array(jobs[..<middle])), let rest = await settle(Array(jobs[middle...])) else {
            return nil
        }
        outcome.append(rest)
        return outcome
    }
}

extension StorageError {
    /// The cause in words that hold no values.
    fileprivate var reason: String {
        switch self {
        case .database(let error): "database: \(error)"
        case .unreadable(let text): "unreadable row: \(text)"
        }
    }
}
