import Consuming
import Jobs
import PaymentLinks
import RabbitMQ

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
