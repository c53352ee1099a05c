package import PaymentLinks
package import Storage
import Webhooks

/// Decides which deliveries start when, so that no endpoint waits for another. Pure: no I/O and no clock.
///
/// Each endpoint has a lane of its own: a short queue, a bound on what is under way, and a circuit breaker. Lanes take
/// turns. Doubtful ones, which fail or have yet to take their first delivery, get one delivery at a time, and all of
/// them together no more than half of the slots, so that any number of dead endpoints leaves the other half to the living.
/// The failing ones have three quarters of that half at most, and the untried go first: a new endpoint's first delivery
/// waits for no crowd of endpoints that are known to be dead.
package struct DeliveryBoard {
    package struct Limits: Sendable {
        /// Deliveries under way, all in all.
        package var slots = 1024
        /// Deliveries under way to one endpoint that is well.
        package var slotsPerEndpoint = 8
        /// Deliveries that wait for one endpoint.
        package var queuePerEndpoint = 64
        /// Deliveries that wait for one doubtful endpoint.
        package var queuePerDoubtfulEndpoint = 2
        /// Deliveries that wait or are under way, all in all: what bounds the memory.
        package var deliveries = 8192

        package init(slots: Int = 1024) {
            self.slots = slots
        }

        var doubtfulSlots: Int { slots / 2 }
        var failingSlots: Int { doubtfulSlots * 3 / 4 }

        /// How much of the memory endpoints of this standing may fill.
        func deliveries(_ standing: EndpointStanding) -> Int {
            switch standing {
            case .well: deliveries
            case .untried: deliveries / 2
            case .failing: deliveries * 3 / 8
            }
        }
    }

    /// What an attempt showed of its endpoint.
    package enum Impression: Sendable, Hashable {
        case well
        case failing(retryAfter: Duration?)
    }

    private let limits: Limits
    private var lanes: [WebhookID: Lane] = [:]
    private var wellTurns = TurnQueue()
    private var untriedTurns = TurnQueue()
    private var failingTurns = TurnQueue()
    package private(set) var underWay = 0
    private var untriedUnderWay = 0
    private var failingUnderWay = 0
    package private(set) var waiting = 0
    private var isClosed = false

    package init(limits: Limits) {
        self.limits = limits
    }

    /// How many more deliveries the endpoint's lane takes now; zero while its breaker is open.
    ///
    /// Doubtful endpoints fill half of the memory at most, and failing ones less: the rest is kept for the others.
    /// - Parameter standing: what is known of an endpoint that has no lane at the moment.
    package func room(
        _ endpoint: WebhookID, standing: EndpointStanding, at now: ContinuousClock.Instant
    ) -> Int {
        let lane = lanes[endpoint] ?? Lane(standing: standing)
        let total = limits.deliveries(lane.standing)
        return max(0, min(total - waiting - underWay, lane.room(limits, at: now)))
    }

    /// Takes leased deliveries in, and returns those to give back because their lane has been shut meanwhile.
    ///
    /// Room is asked for beforehand, and may be passed by what others put in, or be gone, since then.
    package mutating func admit(_ deliveries: [HeldDelivery], at now: ContinuousClock.Instant) -> [DeliveryID] {
        var released: [DeliveryID] = []
        for held in deliveries {
            let target = held.delivery.target
            var lane = lanes[target.webhookId] ?? Lane(standing: target.standing)
            if lane.isShut(at: now) {
                released.append(held.delivery.id)
                continue
            }
            lane.queue.append(held)
            waiting += 1
            lanes[target.webhookId] = lane
            takeTurn(target.webhookId)
        }
        return released
    }

    /// Starts what may start now.
    ///
    /// - Parameter latest: a delivery whose lease ends before this is dropped: there is no time left for an attempt, and
    ///   another worker will find it due.
    package mutating func start(
        at now: ContinuousClock.Instant, leasedBeyond latest: ContinuousClock.Instant
    ) -> [LeasedDelivery] {
        var started: [LeasedDelivery] = []
        guard !isClosed else { return [] }
        while let endpoint = nextTurn() { started += startNext(endpoint, at: now, leasedBeyond: latest) }
        return started
    }

    /// Notes an attempt's end, and returns the deliveries to give back because the lane's breaker has opened.
    package mutating func finish(
        _ endpoint: WebhookID, _ impression: Impression, at now: ContinuousClock.Instant
    ) -> [DeliveryID] {
        guard var lane = lanes[endpoint] else { return [] }
        underWay -= 1
        lane.underWay -= 1
        if let standing = lane.leaveDoubtfulSlot() { count(standing, by: -1) }
        lane.note(impression, at: now)
        let released = lane.breaker.allows(at: now) ? [] : lane.empty()
        waiting -= released.count
        lanes[endpoint] = lane.isForgettable ? nil : lane
        takeTurn(endpoint)
        return released
    }

    /// Starts nothing any more.
    package mutating func close() {
        isClosed = true
    }

    /// Gives back everything that has not started.
    package mutating func empty() -> [DeliveryID] {
        let released = lanes.keys.flatMap { lanes[$0]?.empty() ?? [] }
        waiting = 0
        return released
    }

    private mutating func startNext(
        _ endpoint: WebhookID, at now: ContinuousClock.Instant, leasedBeyond latest: ContinuousClock.Instant
    ) -> [LeasedDelivery] {
        guard var lane = lanes[endpoint] else { return [] }
        let expired = lane.dropExpired(latest)
        waiting -= expired
        let started = lane.start(limits, at: now)
        if started != nil {
            waiting -= 1
            underWay += 1
            count(lane.standing, by: 1)
        }
        lanes[endpoint] = lane.isForgettable ? nil : lane
        if started != nil { takeTurn(endpoint) }
        return started.map { [$0] } ?? []
    }

    private mutating func takeTurn(_ endpoint: WebhookID) {
        guard let lane = lanes[endpoint], !lane.queue.isEmpty, lane.underWay < lane.slots(limits) else { return }
        switch lane.standing {
        case .well: wellTurns.add(endpoint)
        case .untried: untriedTurns.add(endpoint)
        case .failing: failingTurns.add(endpoint)
        }
    }

    /// The endpoint whose turn it is, as far as there are slots for its standing: the well first, the failing last.
    ///
    /// An endpoint may stand in a queue from before its standing changed; it goes over to the right one then.
    private mutating func nextTurn() -> WebhookID? {
        while underWay < limits.slots, let endpoint = wellTurns.next() {
            if keepsItsTurn(endpoint, as: .well) { return endpoint }
        }
        while hasDoubtfulSlot, let endpoint = untriedTurns.next() {
            if keepsItsTurn(endpoint, as: .untried) { return endpoint }
        }
        while hasDoubtfulSlot, failingUnderWay < limits.failingSlots, let endpoint = failingTurns.next() {
            if keepsItsTurn(endpoint, as: .failing) { return endpoint }
        }
        return nil
    }

    private var hasDoubtfulSlot: Bool {
        underWay < limits.slots && untriedUnderWay + failingUnderWay < limits.doubtfulSlots
    }

    private mutating func keepsItsTurn(_ endpoint: WebhookID, as standing: EndpointStanding) -> Bool {
        if lanes[endpoint]?.standing == standing { return true }
        takeTurn(endpoint)
        return false
    }

    private mutating func count(_ standing: EndpointStanding, by change: Int) {
        switch standing {
        case .well: break
        case .untried: untriedUnderWay += change
        case .failing: failingUnderWay += change
        }
    }
}
