import Hummingbird
import HummingbirdCore
import Jobs
import Logging
import NIOCore
import PaymentLinks
import Postgres
import RabbitMQ
import Relay
import Sealing
package import ServiceHost
import ServiceLifecycle
import Storage
import Webhooks

/// Puts the gateway together from its settings.
package struct GatewayServices {
    private static let name = "paylinks api-gateway"
    /// Descriptors that are not callers' connections.
    private static let otherDescriptors = 256
    /// Of the requests that are worked on at once, one in so many may be one that waits.
    private static let shareOfPolls = 4

    private let settings: Settings
    private let context: HostContext
    private let pool: PostgresPool
    private let jobs: JobClient
    private let topology: JobTopology
    private let publicAddress: PublicAddress

    /// Starts to connect, and returns at once.
    package init(_ context: HostContext) throws {
        self.context = context
        settings = context.settings
        pool = PostgresPool(
            configuration: PostgresConfiguration(
                connectionString: try settings.read(.databaseURL, as: PostgresConfiguration.checked, reason: \.reason),
                applicationName: Self.name, planning: .byIndex,
                lockTimeout: try settings.duration(.lockTimeout)),
            connections: try settings.int(.databaseConnections), logger: context.logger)
        topology = JobTopology(
            prefix: try settings.string(.queuePrefix), declares: try settings.bool(.declareQueues))
        jobs = JobClient(
            configuration: try settings.read(.amqpURL, as: RabbitMQConfiguration.init(list:), reason: \.reason)
                .named(Self.name),
            topology: topology, authenticator: try JobAuthenticator(keys: settings.keyPairs(.jobKeys)),
            logger: context.logger)
        publicAddress = PublicAddress(
            configured: try settings.optionalString(.publicURL), host: try settings.string(.host),
            port: try settings.port(.port))
    }

    /// The services in the order of their start; they stop in the reverse: first requests are finished, then jobs.
    func make() throws -> [any Service] {
        context.readiness.register(HealthCheck("postgres") { [pool] in pool.isReady })
        context.readiness.register(HealthCheck("rabbitmq") { [jobs] in jobs.isReady })
        let gateway = try gateway()
        return [
            DatabaseService(pool: pool), sealingReport(gateway.sealer.ring, "destinations"),
            sealingReport(gateway.webhooks.ring, "webhooks"), JobService(client: jobs), gateway.details,
            gateway.slugs.reader, try application(gateway),
        ]
    }

    /// The routes that a gateway has, for those who hold its documentation against them.
    package func routeNames() throws -> Set<RouteName> {
        let gateway = try gateway()
        let router = GatewayRouter(
            gateway: gateway, shedding: try shedding(), admission: try admission(gateway.keys), shares: try shares(),
            metrics: RequestMetrics())
        return Set(router.routed().routes.map { RouteName(method: $0.method.rawValue, path: $0.path.description) })
    }

    /// Ends the connections of services that were not made.
    package func close() async {
        await pool.shutdown(deadline: .now)
        await jobs.shutdown()
    }

    private func shedding() throws -> LoadShedding { LoadShedding(limit: try settings.int(.maxInFlight)) }

    private func shares() throws -> InFlightShares { InFlightShares(limit: try settings.int(.maxInFlight)) }

    private func application(_ gateway: Gateway) throws -> some Service {
        let (shedding, shares) = (try shedding(), try shares())
        let admission = try admission(gateway.keys)
        let metrics = RequestMetrics()
        let router = GatewayRouter(
            gateway: gateway, shedding: shedding, admission: admission, shares: shares, metrics: metrics)
        let lane = ExpressLane(
            gateway: gateway, shedding: shedding, admission: admission, shares: shares, metrics: metrics,
            logger: context.logger)
        let announce = context.announcement.expectPort("port")
        let (host, port, connections) = (try settings.string(.host), try settings.port(.port), try connectionLimit())
        let application = Application(
            router: router.make(),
            server: try server(lane, shares: try self.shares(of: connections)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(connections)),
            onServerRunning: { [publicAddress] channel in
                let port = channel.localAddress?.port ?? 0
                publicAddress.bound(to: port)
                announce(port)
            },
            logger: context.logger)
        let place = ListeningPlace(host: host, port: port, hostSetting: .host, portSetting: .port)
        return ListeningService(application, at: place)
    }

    private func server(_ lane: ExpressLane, shares: ConnectionShares) throws -> HTTPServerBuilder {
        let idleTimeout = TimeAmount(try settings.duration(.idleTimeout))
        let slowPeerTimeout = TimeAmount(try settings.duration(.slowPeerTimeout))
        return HTTPServerBuilder { responder in
            GatewayChannel(
                responder: responder, lane: lane, shares: shares, idleTimeout: idleTimeout,
                slowPeerTimeout: slowPeerTimeout)
        }
    }

    /// How many of the connections one address can hold: enough for a fleet, or for a proxy, and never all of them.
    private func shares(of connections: Int) throws -> ConnectionShares {
        let limits = ConnectionCounts.Limits(
            perAddress: try settings.optionalInt(.maxConnectionsPerAddress) ?? max(1, connections / 4),
            perProxy: try settings.optionalInt(.maxConnectionsPerProxy) ?? max(1, connections / 4 * 3))
        let addresses = try clientAddress()
        return ConnectionShares(limits, isProxy: addresses.isTrusted, logger: context.logger)
    }

    private func clientAddress() throws -> ClientAddress {
        ClientAddress(trustedProxies: try settings.list(.trustedProxies).compactMap { AddressRange($0) })
    }

    /// As many connections as are configured, or as the system lets this process have.
    private func connectionLimit() throws -> Int {
        DescriptorLimit.connections(
            configured: try settings.int(.maxConnections), besides: Self.otherDescriptors, logger: context.logger)
    }

    private func admission(_ keys: APIKeyStore) throws -> Admission {
        let directory = KeyDirectory(timeToLive: try settings.duration(.keyCacheTTL)) {
            (digest: [UInt8]) async throws(StorageError) in try await keys.find(secretDigest: digest)
        }
        return Admission(
            keys: directory,
            limiter: RateLimiter(
                RateLimiter.Rates(
                    perOrganization: try settings.int(.rateLimitPerOrganization),
                    perKey: try settings.int(.rateLimitPerKey), perAddress: try settings.int(.rateLimitPerAddress))),
            clientAddress: try clientAddress())
    }

    private func gateway() throws -> Gateway {
        let digestKey = try settings.key(.digestKey)
        let polling = Polling(slots: FairSlots(limit: max(1, try settings.int(.maxInFlight) / Self.shareOfPolls)))
        let sandboxTakesUSDC = try settings.optionalString(.sandboxDepositAddress) != nil
        let rails = ConnectedRails(
            production: Set(try settings.list(.productionRails).compactMap(ClaimMethod.init(rawValue:))),
            sandbox: sandboxTakesUSDC ? [.ach, .usdc] : [.ach])
        let links = LinkStore(pool: pool)
        let ring = try KeyRing(settings.keyPairs(.sealingKeys))
        let webhookRing = try KeyRing(settings.keyPairs(.webhookSealingKeys, or: .sealingKeys))
        let identifiers = AcceptedIdentifiers(digestKey: digestKey)
        let details = SlugReader<LinkDetails> { try await links.details(of: $0) }
        return Gateway(
            links: links, claims: ClaimLookup(pool: pool), cancellations: CancellationStore(pool: pool),
            releases: ReleaseStore(pool: pool), wallets: WalletStore(pool: pool),
            walletCreations: WalletCreationStore(pool: pool), fundings: FundingStore(pool: pool),
            transactions: TransactionStore(pool: pool), holds: HoldStore(pool: pool), keys: APIKeyStore(pool: pool),
            keyAdministration: KeyAdministration(pool: pool), organizations: OrganizationStore(pool: pool),
            outbox: Outbox(
                publisher: OutboxPublisher(publisher: jobs.publisher, topology: topology),
                store: OutboxStore(pool: pool), logger: context.logger),
            jobs: JobSender(client: jobs), sealer: DestinationSealer(ring: ring),
            identifiers: identifiers, digests: RequestDigests(digestKey: digestKey),
            webhooks: try webhooks(webhookRing, polling), linkJSON: LinkJSON(publicAddress: publicAddress),
            acceptedMethods: AcceptedMethods(achLimit: try achLimit(), rails: rails),
            railGate: RailGate(rails: rails, details: details) { [pool] in pool.isReady },
            details: details,
            slugs: KnownSlugs(identifiers, reader: SlugReader { try await links.existing(among: $0) }),
            batchSlots: FairSlots(limit: try settings.int(.maxBatches)), polling: polling,
            defaultWait: try settings.duration(.claimWait), promiseAge: try settings.duration(.promiseAge),
            ratePerKey: try settings.int(.rateLimitPerKey), keyLimit: try settings.int(.maxKeysPerOrganization),
            batchDuration: try settings.duration(.maxBatchDuration), logger: context.logger)
    }

    private func webhooks(_ ring: KeyRing, _ polling: Polling) throws -> WebhookDesk {
        WebhookDesk(
            webhooks: WebhookStore(pool: pool), deliveries: DeliveryStore(pool: pool), feed: EventFeed(pool: pool),
            policy: AddressPolicy(allowsLoopback: try settings.bool(.webhookAllowLoopback)), ring: ring,
            polling: polling)
    }

    private func sealingReport(_ ring: KeyRing, _ purpose: String) -> SealingReport {
        SealingReport(ring: ring, purpose: purpose, store: SealingUseStore(pool: pool), logger: context.logger)
    }

    private func achLimit() throws -> Money {
        try settings.read(
            .achMaxAmount, as: { (text) throws(AmountError) in try Money(decimal: text, currency: .usd) },
            reason: \.message)
    }
}

/// Keeps the connections to Postgres until everything that uses them has stopped.
private struct DatabaseService: Service {
    let pool: PostgresPool

    func run() async throws {
        try? await gracefulShutdown()
        await pool.shutdown()
    }
}

/// Receives the workers' answers until the requests that wait for them are finished.
private struct JobService: Service {
    let client: JobClient

    func run() async throws {
        await cancelWhenGracefulShutdown { await client.run() }
        await client.shutdown()
    }
}
