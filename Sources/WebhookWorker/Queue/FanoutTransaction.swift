import Consuming
import Jobs
import Metrics
import PaymentLinks
import RabbitMQ
import Storage

/// Writes the deliveries of a batch of events, and hands to the dispatcher those that this worker has room for.
struct FanoutTransaction: BatchTransaction {
    /// An event with the message that brought it.
    struct Item: Sendable {
        let event: IncomingEvent
        let delivery: Delivery
    }

    private let store: FanoutStore
    private let dispatcher: Dispatcher
    private let lease: Duration
    private let events = Counter(label: "paylinks_webhook_events_total")
    private let deliveries = Counter(label: "paylinks_webhook_deliveries_total")

    init(store: FanoutStore, dispatcher: Dispatcher, lease: Duration) {
        self.store = store
        self.dispatcher = dispatcher
        self.lease = lease
    }

    /// Most organizations have no endpoint; their events need no look.
    func run(_ items: [Item], lockTimeout: Duration?) async throws(StorageError) {
        let listening = try await store.listening(Set(items.map(\.event.organizationId)))
        let wanted = items.map(\.event).filter { listening.contains($0.organizationId) }
        let drafts = draft(try await store.matches(wanted.map(\.id)))
        let leaseEnd = ContinuousClock.now + lease
        let new = try await store.insert(drafts, lease: lease)
        let byId = Dictionary(wanted.map { ($0.id, $0) }) { $1 }
        await dispatcher.admit(
            drafts.filter { $0.isLeased && new.contains($0.id) }.compactMap { $0.leased(byId) }, leaseEnd: leaseEnd)
        events.increment(by: items.count)
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
