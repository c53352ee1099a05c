import Consuming
import Jobs
import PaymentLinks
import RabbitMQ
import Sealing
import ServiceHost
import ServiceLifecycle

/// Takes settlements from the rails' queues, has them carried out, and reports what became of them.
@main
struct SettlementWorker {
    /// The most settlements that a rail is offered at once.
    private static let batchLimit = 256

    static func main() async {
        await ServiceHost.run(role: .settlementWorker) { context in
            try SettlementWorker(context).services()
        }
    }

    private let context: HostContext
    private let configuration: RabbitMQConfiguration
    private let topology: JobTopology
    private let sealer: DestinationSealer
    private let authenticator: OutcomeAuthenticator
    private let rails: RailTable
    private let prefetch: Int

    private init(_ context: HostContext) throws {
        let settings = context.settings
        self.context = context
        configuration = try settings.read(.amqpURL, as: RabbitMQConfiguration.init(list:), reason: \.reason)
            .named(context.role.name)
        topology = JobTopology(
            prefix: try settings.string(.queuePrefix), declares: try settings.bool(.declareQueues))
        sealer = DestinationSealer(ring: try KeyRing(try settings.keyPairs(.sealingKeys)))
        authenticator = try OutcomeAuthenticator(keys: settings.keyPairs(.railKeys))
        rails = RailTable(
            sandbox: SandboxRail(delay: try settings.duration(.sandboxDelay), pause: .real),
            production: MissingRail())
        prefetch = try settings.int(.prefetch)
    }

    /// The publisher starts first and so stops last, when no queue has anything left to say.
    private func services() -> [any Service] {
        describeMetrics()
        let publisher = RabbitMQPublisher.start(
            configuration: configuration, topology: topology.topology, logger: context.logger)
        context.readiness.register(HealthCheck("rabbitmq") { publisher.isReady })
        let queues = [ClaimMethod.ach, .usdc].map { queueService($0, publisher) }
        return [PublisherService(publisher: publisher)] + queues
    }

    private func queueService(_ method: ClaimMethod, _ publisher: RabbitMQPublisher) -> any Service {
        let consumer = RabbitMQConsumer.start(
            configuration: configuration, topology: topology.topology, queue: topology.settlementQueue(method),
            prefetch: prefetch, batchLimit: Self.batchLimit, logger: context.logger)
        context.readiness.register(HealthCheck("settlements.\(method.rawValue)") { consumer.isReady })
        let queue = SettlementQueue(
            method: method, source: consumer, sink: publisher, rail: rails,
            open: { [sealer] in try sealer.open($0, for: $1) }, topology: topology, authenticator: authenticator,
            pause: .real, logger: context.logger)
        return QueueService(queue: queue, consumer: consumer)
    }

    private func describeMetrics() {
        let metrics = context.metrics
        metrics.describe("paylinks_settlements_taken_total", "Settlements taken from a rail's queue.")
        metrics.describe("paylinks_settlements_dead_total", "Settlements that became dead letters.")
        metrics.describe("paylinks_settlement_batch_size", "Settlements in one batch.")
        metrics.describe("paylinks_outcomes_published_total", "Outcomes that the broker has confirmed.")
    }
}
