import Metrics
import PaymentLinks

/// What operators watch of one kind of batches.
struct BatchMetrics: Sendable {
    private let jobs: Counter
    private let postponements: Counter
    private let size: Recorder
    private let duration: Timer
    /// How long the oldest job of a batch has been under way: a deep queue shows here first.
    private let age: Timer

    init(kind: String) {
        let dimensions = [("kind", kind)]
        jobs = Counter(label: "paylinks_jobs_taken_total", dimensions: dimensions)
        postponements = Counter(label: "paylinks_jobs_postponed_total", dimensions: dimensions)
        size = Recorder(label: "paylinks_batch_jobs", dimensions: dimensions)
        duration = Timer(label: "paylinks_batch_duration_seconds", dimensions: dimensions)
        age = Timer(label: "paylinks_batch_oldest_job_age_seconds", dimensions: dimensions)
    }

    /// - Parameter ids: the jobs' ids, whose time says how long they have waited.
    func took(_ ids: [ULID], unreadable: Int) {
        jobs.increment(by: ids.count + unreadable)
        size.record(ids.count + unreadable)
        guard let oldest = ids.map(\.milliseconds).min() else { return }
        let now = Timestamp.now().microseconds / 1000
        age.record(duration: .milliseconds(max(0, now - oldest)))
    }

    func committed(in time: Duration) {
        duration.record(duration: time)
    }

    func postponed(_ count: Int) {
        postponements.increment(by: count)
    }
}
