import Jobs
import Logging
import Postgres
import RabbitMQ
import Relay
import ServiceHost
import ServiceLifecycle
import Storage

/// Expires links that are due, publishes what others left behind in the outbox, prunes what is old, and watches the
/// feed of events.
@main
struct ExpiryWorker {
    static func main() async {
        await ServiceHost.run(role: .expiryWorker) { context in
            let settings = context.settings
            let connections = try Connections(context)
            let pool = connections.pool
            let relay = OutboxRelay(
                store: OutboxStore(pool: pool), publisher: connections.outbox,
                age: try settings.duration(.relayAfter), interval: .seconds(1), logger: context.logger)
            let expirer = Expirer(
                store: ExpiryStore(pool: pool), outbox: OutboxStore(pool: pool), publisher: connections.outbox,
                batchLimit: try settings.int(.expiryBatch), longestSleep: try settings.duration(.expiryMaxSleep),
                logger: context.logger)
            let offerExpirer = OfferExpirer(
                store: OfferExpiryStore(pool: pool), batchLimit: try settings.int(.expiryBatch),
                interval: try settings.duration(.expiryMaxSleep), logger: context.logger)
            let pruning = Pruning(
                pruner: Pruner(pool: pool), retention: try retention(settings), logger: context.logger)
            let feed = FeedWatch(writers: FeedWriters(pool: pool), logger: context.logger)
            return [
                connections, UntilShutdown { await relay.run() }, UntilShutdown { await expirer.run() },
                UntilShutdown { await offerExpirer.run() },
                UntilShutdown { await pruning.run() }, UntilShutdown { await pruning.endAbandoned() },
                UntilShutdown { await feed.run() },
            ] + gauges(context, connections)
        }
    }

    private static func gauges(_ context: HostContext, _ connections: Connections) -> [any Service] {
        let ages = BacklogGauges(
            store: BacklogStore(pool: connections.pool), metrics: context.metrics, logger: context.logger)
        let queues = QueueGauges(
            topology: connections.topology, configuration: connections.broker.named("expiry-worker-gauges"),
            metrics: context.metrics, logger: context.logger)
        return [UntilShutdown { await ages.run() }, UntilShutdown { await queues.run() }]
    }

    private static func retention(_ settings: Settings) throws -> Pruning.Retention {
        Pruning.Retention(
            idempotency: try settings.duration(.idempotencyRetention),
            deliveries: try settings.duration(.deliveryRetention), events: try settings.duration(.eventRetention))
    }
}

/// A loop that ends when the service is asked to stop.
struct UntilShutdown: Service {
    let loop: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }
}

/// The database and the way to the broker: the first to start, the last to stop.
struct Connections: Service {
    let pool: PostgresPool
    let outbox: OutboxPublisher
    let topology: JobTopology
    let broker: RabbitMQConfiguration
    private let publisher: RabbitMQPublisher

    init(_ context: HostContext) throws {
        let settings = context.settings
        topology = JobTopology(
            prefix: try settings.string(.queuePrefix), declares: try settings.bool(.declareQueues))
        broker = try settings.read(.amqpURL, as: RabbitMQConfiguration.init(list:), reason: \.reason)
            .named("expiry-worker")
        pool = PostgresPool(
            configuration: PostgresConfiguration(
                connectionString: try settings.read(.databaseURL, as: PostgresConfiguration.checked, reason: \.reason),
                applicationName: context.role.name, planning: .byIndex),
            connections: try settings.int(.databaseConnections), logger: context.logger)
        publisher = .start(
            configuration: broker, topology: topology.topology, logger: context.logger)
        outbox = OutboxPublisher(publisher: publisher, topology: topology)
        context.readiness.register(HealthCheck("postgres") { [pool] in pool.isReady })
        context.readiness.register(HealthCheck("rabbitmq") { [publisher] in publisher.isReady })
    }

    func run() async throws {
        try await gracefulShutdown()
        await publisher.shutdown()
        await pool.shutdown()
    }
}
