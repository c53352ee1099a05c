import Jobs
import Logging
import NIOCore
import NIOPosix
import Postgres
import RabbitMQ
import Sealing
import ServiceHost
import ServiceLifecycle
import Webhooks

/// What the worker's services stand on: the first to start, the last to stop.
struct Connections: Service {
    /// Threads that may block in name lookups, for the endpoints of each standing.
    private static let lookupThreads = 8
    /// The most messages in hand. They hold up to 256 events, or 1 MiB, each.
    private static let mostMessages = 64

    let pool: PostgresPool
    let topology: JobTopology
    let publisher: RabbitMQPublisher
    let consumer: RabbitMQConsumer
    let client: EndpointClient
    let policy: AddressPolicy
    private let threads: LookupThreads

    init(_ context: HostContext) throws {
        let settings = context.settings
        topology = JobTopology(
            prefix: try settings.string(.queuePrefix), declares: try settings.bool(.declareQueues))
        policy = AddressPolicy(allowsLoopback: try settings.bool(.webhookAllowLoopback))
        pool = PostgresPool(
            configuration: PostgresConfiguration(
                connectionString: try settings.read(.databaseURL, as: PostgresConfiguration.checked, reason: \.reason),
                applicationName: context.role.name, planning: .byIndex),
            connections: try settings.int(.databaseConnections), logger: context.logger)
        let broker = try settings.read(.amqpURL, as: RabbitMQConfiguration.init(list:), reason: \.reason)
        publisher = .start(
            configuration: broker.named("webhook-worker publisher"), topology: topology.topology,
            logger: context.logger)
        consumer = .start(
            configuration: broker.named("webhook-worker"),
            topology: topology.topology, queue: topology.webhookQueue,
            prefetch: min(try settings.int(.prefetch), Self.mostMessages),
            batchLimit: try settings.int(.batchLimit), weigh: \.count, logger: context.logger)
        threads = .start(count: Self.lookupThreads)
        client = try Self.client(settings, policy, threads)
        context.readiness.register(HealthCheck("postgres") { [pool] in pool.isReady })
        context.readiness.register(HealthCheck("rabbitmq") { [consumer] in consumer.isReady })
    }

    func run() async throws {
        try? await gracefulShutdown()
        await consumer.shutdown()
        await publisher.shutdown()
        await pool.shutdown()
        await client.shutdown()
        await threads.shutdown()
    }

    private static func client(
        _ settings: Settings, _ policy: AddressPolicy, _ threads: LookupThreads
    ) throws -> EndpointClient {
        let group = MultiThreadedEventLoopGroup.singleton
        let resolver = GuardedResolver(policy: policy, threads: threads, loop: group.next())
        let tls = try settings.read(
            .webhookCAFile, as: { try AuthorityTrust.configuration(file: $0.isEmpty ? nil : $0) }, reason: { "\($0)" })
        return EndpointClient(
            resolver: resolver, timeout: try settings.duration(.webhookTimeout), tls: tls, group: group)
    }
}
