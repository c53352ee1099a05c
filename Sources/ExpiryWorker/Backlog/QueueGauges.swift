import Jobs
import Logging
import Metrics
import RabbitMQ
import ServiceHost

/// Exports what each queue holds and who consumes it, by asking the broker.
///
/// Messages that a consumer holds do not count until the broker takes them back, which it does some 30 seconds after a
/// consumer's process stops answering.
struct QueueGauges: Sendable {
    private static let interval = Duration.seconds(2)

    private let configuration: RabbitMQConfiguration
    private let logger: Logger
    private let queues: [QueueGauge]

    init(
        topology: JobTopology, configuration: RabbitMQConfiguration, metrics: MetricsRegistry, logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        queues = topology.workQueues.flatMap { [$0, topology.deadQueue(of: $0)] }.map(QueueGauge.init)
        metrics.describe("paylinks_queue_messages", "Messages that are ready in a queue.")
        metrics.describe("paylinks_queue_consumers", "Consumers of a queue.")
        metrics.describe("paylinks_queue_backlog_seconds", "Time since a queue was last seen empty.")
    }

    /// Measures until the task is cancelled, on a connection that is replaced after every fault.
    func run() async {
        while !Task.isCancelled {
            do throws(RabbitMQError) {
                let administration = try await RabbitMQAdministration.open(configuration: configuration, logger: logger)
                let fault = await measure(by: administration)
                await administration.close()
                if let fault { throw fault }
            } catch {
                for queue in queues { queue.forget() }
                logger.warning("queues cannot be measured now", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    /// Measures until the task is cancelled, or returns the fault that ended it.
    private func measure(by administration: RabbitMQAdministration) async -> RabbitMQError? {
        var nonempty: [String: ContinuousClock.Instant] = [:]
        while !Task.isCancelled {
            for queue in queues {
                do throws(RabbitMQError) {
                    let status = try await administration.status(ofQueue: queue.name)
                    let now = ContinuousClock.now
                    let since = status.messageCount > 0 ? nonempty[queue.name] ?? now : nil
                    nonempty[queue.name] = since
                    queue.record(status, waiting: since.map { now - $0 } ?? .zero)
                } catch {
                    return error
                }
            }
            do { try await Task.sleep(for: Self.interval) } catch { return nil }
        }
        return nil
    }
}

/// What is exported about one queue.
private struct QueueGauge: Sendable {
    let name: String
    private let messages: Gauge
    private let consumers: Gauge
    private let backlog: Gauge

    init(_ name: String) {
        self.name = name
        messages = Gauge(label: "paylinks_queue_messages", dimensions: [("queue", name)])
        consumers = Gauge(label: "paylinks_queue_consumers", dimensions: [("queue", name)])
        backlog = Gauge(label: "paylinks_queue_backlog_seconds", dimensions: [("queue", name)])
    }

    func record(_ status: QueueStatus, waiting: Duration) {
        messages.record(status.messageCount)
        consumers.record(status.consumerCount)
        backlog.record(waiting / .seconds(1))
    }

    /// Nothing is known rather than what was known last.
    func forget() {
        for gauge in [messages, consumers, backlog] { gauge.record(Double.nan) }
    }
}
