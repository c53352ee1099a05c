import Logging
import Metrics
import Sealing
import ServiceHost
import ServiceLifecycle
import Storage
import Webhooks

/// Delivers events to the organizations' endpoints, signed, and again until they arrive.
@main
struct WebhookWorker {
    /// Descriptors that are no delivery's: the database's, the broker's, files, and connections that are just closing.
    private static let otherDescriptors = 256

    static func main() async {
        await ServiceHost.run(role: .webhookWorker) { context in
            let connections = try Connections(context)
            return try [connections] + services(context, connections)
        }
    }

    /// They stop in the reverse order: first nothing new is taken, then what is under way ends, then it is recorded.
    private static func services(_ context: HostContext, _ connections: Connections) throws -> [any Service] {
        let due = DueDeliveryStore(pool: connections.pool)
        let recorder = AttemptRecorder(store: AttemptStore(pool: connections.pool), logger: context.logger)
        let timeout = connections.client.timeout
        let dispatcher = Dispatcher(
            limits: .init(slots: try slots(context)),
            attempter: try attempter(context, connections), recorder: recorder, due: due, attemptTime: timeout)
        let lease = Lease.duration(attemptTime: timeout)
        return [
            recorder, dispatcher,
            DueFinder(store: due, dispatcher: dispatcher, lease: lease, logger: context.logger),
            EventFanout(
                consumer: connections.consumer, sink: connections.publisher, topology: connections.topology,
                transaction: FanoutTransaction(
                    store: FanoutStore(pool: connections.pool), dispatcher: dispatcher, lease: lease),
                logger: context.logger),
            Gauges(dispatcher: dispatcher),
        ]
    }

    /// As many deliveries under way as are configured, or as the system lets this process have connections.
    private static func slots(_ context: HostContext) throws -> Int {
        DescriptorLimit.connections(
            configured: try context.settings.int(.webhookConcurrency), besides: otherDescriptors,
            logger: context.logger)
    }

    private static func attempter(_ context: HostContext, _ connections: Connections) throws -> Attempter {
        let keys = try context.settings.keyPairs(.webhookSealingKeys, or: .sealingKeys)
        guard !keys.isEmpty else {
            throw ConfigurationError(
                .webhookSealingKeys, message: "set PAYLINKS_WEBHOOK_SEALING_KEYS to the keys that seal webhook secrets")
        }
        return Attempter(
            client: connections.client, keys: try KeyRing(keys),
            schedule: DeliverySchedule(pauses: try context.settings.durations(.webhookSchedule)),
            policy: connections.policy, logger: context.logger)
    }
}

/// Tells how much is in hand, once a second.
private struct Gauges: Service {
    let dispatcher: Dispatcher
    private let underWay = Gauge(label: "paylinks_webhook_deliveries_under_way")
    private let waiting = Gauge(label: "paylinks_webhook_deliveries_waiting")

    init(dispatcher: Dispatcher) {
        self.dispatcher = dispatcher
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                underWay.record(dispatcher.underWay)
                waiting.record(dispatcher.waiting)
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}
