import Jobs
import Metrics
import PaymentLinks
import Storage

/// What a request becomes that the workers decide: a claim, or a link's creation.
protocol WorkerJob: Sendable {
    associatedtype Outcome: Sendable

    /// The caller's key, as the workers know it.
    var idempotencyKey: Digest? { get }
    /// What an equal request has as well.
    var digest: Digest { get }

    /// Counts jobs of this kind.
    static func counter(of sender: JobSender) -> Counter

    /// Hands jobs over together; the completion is called once for each, with its place, on any thread.
    static func send(
        _ jobs: [Self], over client: JobClient, traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<Outcome>?, JobError>) -> Void
    )

    /// Calls with why the job must not be handed over, or with `nil`; once, on any thread.
    func admit(_ gateway: Gateway, _ completion: @escaping @Sendable (Refusal?) -> Void)

    /// The workers' answer, as the caller gets it.
    func answer(to reply: Reply<Outcome>, _ gateway: Gateway) -> Answer

    /// The same from the database, for a reply may be lost while the job is decided; `nil`: not decided.
    func known(to gateway: Gateway) async throws(StorageError) -> Answer?

    /// 202: the job is accepted, and not decided.
    func processing(_ gateway: Gateway) -> Answer
}
