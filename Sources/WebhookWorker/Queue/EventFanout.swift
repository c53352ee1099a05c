import Jobs
import Logging
import Metrics
import PaymentLinks
import RabbitMQ
import ServiceLifecycle
import Storage

/// Takes events from the broker and makes a delivery of each for every endpoint that wants it.
///
/// An event is acknowledged once its deliveries are committed; from then on Postgres remembers them. Those for which
/// this worker has room are leased as they are written, and start at once.
struct EventFanout: Service {
    private static let faultPause = Duration.milliseconds(500)

    private let consumer: RabbitMQConsumer
    private let store: FanoutStore
    private let dispatcher: Dispatcher
    private let lease: Duration
    private let logger: Logger
    private let events = Counter(label: "paylinks_webhook_events_total")
    private let deadLetters = Counter(label: "paylinks_webhook_events_dead_total")
    private let deliveries = Counter(label: "paylinks_webhook_deliveries_total")

    init(
        consumer: RabbitMQConsumer, store: FanoutStore, dispatcher: Dispatcher, lease: Duration, logger: Logger
    ) {
        self.consumer = consumer
        self.store = store
        self.dispatcher = dispatcher
        self.lease = lease
        self.logger = logger
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            while let messages = await consumer.nextBatch() {
                guard await spread(readable(messages)) else { break }
                if let last = messages.last { consumer.acknowledge(upTo: last.tag) }
            }
        } onGracefulShutdown: {
            consumer.stopTaking()
        }
        await consumer.shutdown()
    }

    /// The events by id. A message that cannot be read goes to the dead letters.
    private func readable(_ messages: [Delivery]) -> [EventID: IncomingEvent] {
        var events: [EventID: IncomingEvent] = [:]
        for message in messages {
            do throws(UnreadableMessage) {
                for event in try message.events() { events[event.id] = event }
            } catch {
                logger.error(
                    "event message cannot be read",
                    metadata: [
                        "routing_key": "\(message.routingKey)", "traceparent": "\(message.traceparent ?? "none")",
                        "reason": "\(error)",
                    ])
                consumer.reject(message.tag)
                deadLetters.increment()
            }
        }
        return events
    }

    /// Tries until the database takes it; false when the process has to give up.
    private func spread(_ incoming: [EventID: IncomingEvent]) async -> Bool {
        while true {
            do {
                try await spreadOnce(incoming)
                return true
            } catch {
                logger.warning(
                    "events cannot be spread now", metadata: ["count": "\(incoming.count)", "error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.faultPause) } catch { return false }
        }
    }

    /// Most organizations have no endpoint; their events need no look.
    private func spreadOnce(_ incoming: [EventID: IncomingEvent]) async throws(StorageError) {
        let listening = try await store.listening(Set(incoming.values.map(\.organizationId)))
        let wanted = incoming.values.filter { listening.contains($0.organizationId) }
        let drafts = draft(try await store.matches(wanted.map(\.id)))
        let leaseEnd = ContinuousClock.now + lease
        let new = try await store.insert(drafts, lease: lease)
        await dispatcher.admit(
            drafts.filter { $0.isLeased && new.contains($0.id) }.compactMap { $0.leased(incoming) },
            leaseEnd: leaseEnd)
        events.increment(by: incoming.count)
        deliveries.increment(by: new.count)
    }

    /// None while deliveries keep away from the endpoint.
    private func room(for target: DeliveryTarget) -> Int {
        let room = dispatcher.room(target.webhookId, standing: target.standing, recoveries: target.recoveries)
        return target.isBackedOff ? 0 : room
    }

    /// Leases as many of each endpoint's deliveries as this worker has room for.
    private func draft(_ matches: [FanoutStore.Match]) -> [FanoutStore.Draft] {
        var room: [WebhookID: Int] = [:]
        let now = Timestamp.now()
        return matches.sorted { $0.eventId < $1.eventId }.map { match in
            let endpoint = match.target.webhookId
            let left = room[endpoint] ?? self.room(for: match.target)
            room[endpoint] = left - 1
            return FanoutStore.Draft(id: .mint(at: now), match: match, isLeased: left > 0)
        }
    }
}

extension FanoutStore.Draft {
    fileprivate func leased(_ events: [EventID: IncomingEvent]) -> LeasedDelivery? {
        events[match.eventId].map { event in
            LeasedDelivery(
                id: id, target: match.target, eventId: match.eventId, body: event.body, attempts: 0, isNew: true)
        }
    }
}
