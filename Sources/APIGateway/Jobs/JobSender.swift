import Jobs
import Metrics

/// Hands jobs to the workers, and counts them.
struct JobSender: Sendable {
    let claims = Counter(label: "paylinks_jobs_published_total", dimensions: [("kind", "claim")])
    let creations = Counter(label: "paylinks_jobs_published_total", dimensions: [("kind", "create")])
    private let replies = Counter(label: "paylinks_replies_total")
    private let client: JobClient

    init(client: JobClient) {
        self.client = client
    }

    /// Hands jobs over together. The completion is called once for each, with its place, on any thread; with `nil`:
    /// accepted, and not decided within `wait`.
    func send<Job: WorkerJob>(
        _ jobs: [Job], traceparent: String?, wait: Duration,
        _ completion: @escaping @Sendable (Int, Result<Reply<Job.Outcome>?, JobError>) -> Void
    ) {
        let published = Job.counter(of: self)
        Job.send(jobs, over: client, traceparent: traceparent, wait: wait) { index, result in
            count(result, as: published)
            completion(index, result)
        }
    }

    private func count<Outcome>(_ result: Result<Reply<Outcome>?, JobError>, as published: Counter) {
        guard case .success(let reply) = result else { return }
        published.increment()
        if reply != nil { replies.increment() }
    }
}
