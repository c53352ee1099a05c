import Jobs
import PaymentLinks
import RabbitMQ
import Storage

/// What is particular to one kind of job; `BatchWorker` does the rest.
protocol BatchHandler: Sendable {
    associatedtype Job: Sendable

    /// The kind's name in metrics.
    var kind: String { get }

    /// Full batches that may be under way together.
    var batchesAtOnce: Int { get }

    func queue(in topology: JobTopology) -> String

    func decode(_ body: JSONElement) throws(UnreadableMessage) -> Job

    /// The id that answers name the job by, and that says when the job was accepted.
    func jobId(_ job: Job) -> ULID

    /// Does all jobs in one transaction, and removes the outbox rows of messages that were published before.
    ///
    /// - Parameter lockTimeout: how long the transaction waits for locks; `nil`: PAYLINKS_LOCK_TIMEOUT.
    func perform(
        _ jobs: [Job], removing published: [ULID], lockTimeout: Duration?
    ) async throws(StorageError) -> BatchResult

    /// The ids of the jobs that need rows which another transaction has locked now.
    func locked(_ jobs: [Job]) async throws(StorageError) -> Set<ULID>
}

/// What a committed batch has to tell.
struct BatchResult: Sendable {
    /// What the transaction owes to the broker.
    var outbox: [OutboxMessage] = []
    /// The jobs' answers, by job.
    var answers: [(jobId: ULID, answer: ReplyMessage.Answer)] = []
}

/// Where a test makes the worker kill itself; `none` in every other life.
enum FaultPoint: String, Sendable {
    case none
    case beforeCommit = "before-commit"
    case afterCommit = "after-commit"
    case afterPublish = "after-publish"
}
