import Consuming
import Jobs
import Logging
import RabbitMQ

extension Logger {
    /// Says of each job but some that its transaction has committed, under its caller's trace. While that level is off
    /// nothing is made of it, so that a busy worker pays one comparison a batch.
    func trace<Job>(_ jobs: [TakenJob<Job>], but deadLetters: [DeadLetter], _ postponed: [TakenJob<Job>]) {
        guard logLevel <= .debug else { return }
        let open = Set(deadLetters.map(\.delivery.messageId) + postponed.map(\.source.incoming.id))
        for incoming in jobs.map(\.source.incoming) where !open.contains(incoming.id) {
            debug(
                "job settled",
                metadata: ["message_id": "\(incoming.id ?? "none")", "trace_id": "\(incoming.traceId ?? "none")"])
        }
    }
}

extension IncomingJob {
    /// The second part of its trace context, as gateways name it in their logs. (W3C Trace Context, 3.2.2)
    fileprivate var traceId: Substring? {
        let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        return parts.count >= 4 ? parts[1] : nil
    }
}
