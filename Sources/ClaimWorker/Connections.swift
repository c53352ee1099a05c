import Jobs
import Logging
import Postgres
import RabbitMQ
import Relay
import ServiceHost
import ServiceLifecycle
import Storage

/// What all batches of this process share: the database, the way to the broker, and the outbox's confirmed messages.
///
/// As a service it is the first to start and the last to stop, so that the batches in hand can finish over it. While
/// there is nothing else to do it removes the outbox rows that no later batch has taken along.
struct Connections: Service {
    /// How long a confirmed message's row may wait for a batch to remove it.
    private static let idleRemoval = Duration.milliseconds(500)

    let pool: PostgresPool
    let broker: RabbitMQConfiguration
    let publisher: RabbitMQPublisher
    let topology: JobTopology
    let outbox: OutboxGatherer
    let confirmed = ConfirmedMessages()
    private let logger: Logger

    init(_ context: HostContext) throws {
        let settings = context.settings
        logger = context.logger
        pool = PostgresPool(
            configuration: PostgresConfiguration(
                connectionString: try settings.read(.databaseURL, as: PostgresConfiguration.checked, reason: \.reason),
                applicationName: context.role.name, planning: .byIndex,
                lockTimeout: try settings.duration(.lockTimeout)),
            connections: try settings.int(.databaseConnections), logger: context.logger)
        broker = try settings.read(.amqpURL, as: RabbitMQConfiguration.init(list:), reason: \.reason)
        topology = JobTopology(
            prefix: try settings.string(.queuePrefix), declares: try settings.bool(.declareQueues))
        publisher = .start(
            configuration: broker.named("claim-worker publisher"), topology: topology.topology,
            logger: context.logger)
        outbox = OutboxGatherer(
            publisher: OutboxPublisher(publisher: publisher, topology: topology), confirmed: confirmed)
        context.readiness.register(HealthCheck("postgres") { [pool] in pool.isReady })
        context.readiness.register(HealthCheck("rabbitmq") { [publisher] in publisher.isReady })
    }

    func run() async throws {
        async let publishing: Void = outbox.run()
        await cancelWhenGracefulShutdown { await removeWhenIdle() }
        outbox.close()
        await publishing
        await remove()
        await publisher.shutdown()
        await pool.shutdown()
    }

    private func removeWhenIdle() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.idleRemoval) } catch { return }
            await remove()
        }
    }

    private func remove() async {
        let ids = confirmed.takeAll()
        do {
            try await OutboxStore(pool: pool).remove(ids)
        } catch {
            // The rows stay, and the relay publishes their messages once more: allowed, only wasteful.
            logger.warning("outbox rows stay behind", metadata: ["count": "\(ids.count)", "error": "\(error)"])
        }
    }
}
