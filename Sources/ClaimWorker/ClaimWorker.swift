import Jobs
import Logging
import PaymentLinks
import Postgres
import RabbitMQ
import Relay
import ServiceHost
import ServiceLifecycle
import Storage

/// Decides claims, creations and rails' outcomes, a batch to a transaction.
@main
struct ClaimWorker {
    /// Messages that a worker gets before its siblings get any: about what comes while it decides three batches.
    private static let firstRefusal = 16
    /// The most messages in hand. They hold up to 128 jobs, or 256 KiB, each: after an outage all of them do.
    private static let mostMessages = 256

    static func main() async {
        await ServiceHost.run(role: .claimWorker) { context in
            let policy = try RailPolicy(context.settings)
            let connections = try Connections(context)
            return try [connections] + workers(policy, context, connections)
        }
    }

    private static func workers(
        _ policy: RailPolicy, _ context: HostContext, _ connections: Connections
    ) throws -> [any Service] {
        let pool = connections.pool
        let faultPoint = try context.settings.choice(.faultPoint, as: FaultPoint.self)
        let (jobs, outcomes) = try authenticators(context.settings)
        return [
            try worker(
                ClaimHandler(
                    store: ClaimStore(pool: pool, policy: policy), authenticator: jobs, faultPoint: faultPoint),
                context, connections),
            try worker(CreationHandler(store: CreationStore(pool: pool), authenticator: jobs), context, connections),
            try worker(
                OutcomeHandler(
                    store: SettlementStore(pool: pool), authenticator: outcomes, logger: context.logger),
                context, connections),
        ]
    }

    /// Refuses to start when MACs are required and the keys to check them are missing.
    private static func authenticators(_ settings: Settings) throws -> (JobAuthenticator, OutcomeAuthenticator) {
        let (jobKeys, railKeys) = (try settings.keyPairs(.jobKeys), try settings.keyPairs(.railKeys))
        let areRequired = try settings.bool(.requireMACs)
        guard !areRequired || !(jobKeys.isEmpty || railKeys.isEmpty) else {
            throw ConfigurationError(
                .requireMACs, message: "PAYLINKS_REQUIRE_MACS needs PAYLINKS_JOB_KEYS and PAYLINKS_RAIL_KEYS")
        }
        let policy: JobAuthenticator.Policy = areRequired ? .requiresMAC : .acceptsUnsigned
        return (
            try JobAuthenticator(keys: jobKeys, policy: policy),
            try OutcomeAuthenticator(keys: railKeys, policy: policy)
        )
    }

    private static func worker<Handler: BatchHandler>(
        _ handler: Handler, _ context: HostContext, _ connections: Connections
    ) throws -> any Service {
        let queue = handler.queue(in: connections.topology)
        let batchLimit = try context.settings.int(.batchLimit)
        let consumer = RabbitMQConsumer.start(
            configuration: connections.broker.named("claim-worker \(queue)"), topology: connections.topology.topology,
            queue: queue, prefetch: min(try context.settings.int(.prefetch), mostMessages),
            batchLimit: batchLimit, weigh: \.count, firstRefusal: firstRefusal, logger: context.logger)
        context.readiness.register(HealthCheck(queue) { consumer.isReady })
        return BatchWorker(
            handler: handler, consumer: consumer, batchLimit: batchLimit, publisher: connections.publisher,
            topology: connections.topology, outbox: connections.outbox, confirmed: connections.confirmed,
            faultPoint: try context.settings.choice(.faultPoint), logger: context.logger)
    }
}

extension RailPolicy {
    fileprivate init(_ settings: Settings) throws(ConfigurationError) {
        let methods = Set(try settings.list(.productionRails).compactMap(ClaimMethod.init(rawValue:)))
        var addresses: [Environment: EVMAddress] = [:]
        addresses[.production] = try Self.address(.usdcDepositAddress, settings)
        addresses[.sandbox] = try Self.address(.sandboxDepositAddress, settings)
        if methods.contains(.usdc) && addresses[.production] == nil {
            let message = "PAYLINKS_PRODUCTION_RAILS names usdc: set PAYLINKS_USDC_DEPOSIT_ADDRESS as well"
            throw ConfigurationError(.usdcDepositAddress, message: message)
        }
        self.init(
            depositAddresses: addresses,
            achLimit: try settings.read(
                .achMaxAmount, as: { (text) throws(AmountError) in try Money(decimal: text, currency: .usd) },
                reason: \.message),
            rails: ConnectedRails(production: methods), offerLifetime: try settings.duration(.offerLifetime))
    }

    private static func address(
        _ setting: Setting, _ settings: Settings
    ) throws(ConfigurationError) -> EVMAddress? {
        guard try settings.optionalString(setting) != nil else { return nil }
        return try settings.read(setting, as: EVMAddress.init, reason: \.message)
    }
}
