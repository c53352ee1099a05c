package import Consuming
package import Jobs
package import Logging
package import PaymentLinks
import Metrics
import RabbitMQ
import ServiceLifecycle
import Threading

/// Carries one queue's settlements to the rail and the rail's outcomes to the ledger, a batch at a time.
///
/// A batch is acknowledged once every outcome is confirmed by the broker, and not before: a process that dies in
/// between leaves it to the next one, and the rail gives the same outcomes again. Nothing is dropped: a delivery that
/// cannot be worked on becomes a dead letter with its reason.
package struct SettlementQueue: Sendable {
    private static let backoff = Backoff(shortest: .milliseconds(100), longest: .seconds(5))

    private let method: ClaimMethod
    private let source: any DeliverySource
    private let sink: any MessageSink
    private let rail: any Rail
    private let reader: SettlementReader
    private let topology: JobTopology
    private let authenticator: OutcomeAuthenticator
    private let pause: Pause
    private let logger: Logger
    private let metrics: SettlementMetrics
    private let deadLetters: DeadLetterPublisher

    package init(
        method: ClaimMethod, source: any DeliverySource, sink: any MessageSink, rail: any Rail,
        open: @escaping SettlementReader.Open, topology: JobTopology, authenticator: OutcomeAuthenticator = .none,
        pause: Pause, logger: Logger
    ) {
        self.method = method
        self.source = source
        self.sink = sink
        self.rail = rail
        reader = SettlementReader(method: method, open: open)
        self.topology = topology
        self.authenticator = authenticator
        self.pause = pause
        self.logger = logger
        metrics = SettlementMetrics(method: method)
        deadLetters = DeadLetterPublisher(
            sink: sink, topology: topology, queue: topology.settlementQueue(method), pause: pause, logger: logger,
            count: Counter(label: "paylinks_settlements_dead_total", dimensions: [("method", method.rawValue)]))
    }

    /// Works until the process is asked to stop, which makes the batch in hand the last, or until a batch had to be
    /// given back because of that.
    package func run() async {
        await withGracefulShutdownHandler {
            while let batch = await source.nextBatch() {
                guard await work(on: batch) else { return }
            }
        } onGracefulShutdown: {
            source.stopTaking()
        }
    }

    /// False when the batch was left to the broker, unacknowledged.
    private func work(on deliveries: [Delivery]) async -> Bool {
        guard let last = deliveries.last else { return true }
        metrics.took(deliveries.count)
        var batch = SettlementBatch(deliveries, reader: reader)
        guard let outcomes = await submit(batch.settlements) else { return false }
        batch.answer(with: outcomes)
        let items = batch.items(topology) { authenticator.mac(of: $0, rail: method) }
        guard let unpublishable = await publish(items) else { return false }
        metrics.published(outcomes)
        batch.bury(unpublishable)
        guard await deadLetters.publish(batch.deadLetters) else { return false }
        source.acknowledge(upTo: last.tag)
        return true
    }

    private var queue: String { topology.settlementQueue(method) }

    /// Offers the settlements to the rail until it takes them; nil when the process stops first.
    private func submit(_ settlements: [OpenedSettlement]) async -> [SettlementOutcome]? {
        var backoff = Self.backoff
        while !settlements.isEmpty {
            do {
                return try await rail.submit(settlements)
            } catch {
                logger.warning(
                    "settlements are held until the rail takes them",
                    metadata: ["queue": "\(queue)", "count": "\(settlements.count)", "reason": "\(error)"])
            }
            guard await wait(&backoff) else { return nil }
        }
        return []
    }

    /// Publishes until everything is confirmed, and returns the deliveries that cannot be answered; nil when the
    /// process stops first.
    private func publish(_ items: [UnconfirmedBatch<DeliveryTag>.Item]) async -> Set<DeliveryTag>? {
        var batch = UnconfirmedBatch(items)
        var backoff = Self.backoff
        while true {
            switch batch.record(await sink.publish(batch.messages)) {
            case .done: return batch.unpublishable
            case .giveBack: return nil
            case .retry(let error):
                logger.warning(
                    "outcomes are held until the broker takes them",
                    metadata: ["queue": "\(queue)", "count": "\(batch.items.count)", "error": "\(error)"])
            }
            guard await wait(&backoff) else { return nil }
        }
    }

    private func wait(_ backoff: inout Backoff) async -> Bool {
        var generator = PooledRandomNumberGenerator()
        return await pause.wait(backoff.pause(using: &generator))
    }
}
