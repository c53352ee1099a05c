package import PaymentLinks
package import Storage
import Webhooks

/// Decides which deliveries start when, so that no endpoint waits for another. Pure: no I/O and no clock.
///
/// Each endpoint has a lane of its own: a short queue, a bound on what is under way, and a circuit breaker. Lanes take
/// turns. Doubtful ones, which fail or have yet to take their first delivery, get one delivery at a time, and all of
/// them together no more than half of the slots, so that any number of dead endpoints leaves the other half to the living.
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
    }

    /// What an attempt showed of its endpoint.
    package enum Impression: Sendable, Hashable {
        case well
        case failing(retryAfter: Duration?)
    }

    private let limits: Limits
    private var lanes: [WebhookID: Lane] = [:]
    private var wellTurns = TurnQueue()
    private var doubtfulTurns = TurnQueue()
    package private(set) var underWay = 0
    private var doubtfulUnderWay = 0
    package private(set) var waiting = 0
    private var isClosed = false

    package init(limits: Limits) {
        self.limits = limits
    }

    /// How many more deliveries the endpoint's lane takes now; zero while its breaker is open.
    ///
    /// Doubtful endpoints fill half of the memory at most: the rest is kept for the others.
    /// - Parameter isDoubtful: what is known of an endpoint that has no lane at the moment.
    package func room(_ endpoint: WebhookID, isDoubtful: Bool = true, at now: ContinuousClock.Instant) -> Int {
        let lane = lanes[endpoint] ?? Lane(isDoubtful: isDoubtful)
        let total = lane.isDoubtful ? limits.deliveries / 2 : limits.deliveries
        return max(0, min(total - waiting - underWay, lane.room(limits, at: now)))
    }

    /// Takes leased deliveries in. Room is asked for beforehand, and may be passed by what others put in meanwhile.
    package mutating func admit(_ deliveries: [HeldDelivery]) {
        for held in deliveries {
            let target = held.delivery.target
            lanes[target.webhookId, default: Lane(isDoubtful: target.isDoubtful)].queue.append(held)
            takeTurn(target.webhookId)
        }
        waiting += deliveries.count
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
        while underWay < limits.slots, let endpoint = wellTurns.next() {
            if lanes[endpoint]?.isDoubtful == true {
                doubtfulTurns.add(endpoint)
            } else {
                started += startNext(endpoint, at: now, leasedBeyond: latest)
            }
        }
        while underWay < limits.slots, doubtfulUnderWay < limits.doubtfulSlots, let endpoint = doubtfulTurns.next() {
            started += startNext(endpoint, at: now, leasedBeyond: latest)
        }
        return started
    }

    /// Notes an attempt's end, and returns the deliveries to give back because the lane's breaker has opened.
    package mutating func finish(
        _ endpoint: WebhookID, _ impression: Impression, at now: ContinuousClock.Instant
    ) -> [DeliveryID] {
        guard var lane = lanes[endpoint] else { return [] }
        underWay -= 1
        lane.underWay -= 1
        if lane.leaveDoubtfulSlot() { doubtfulUnderWay -= 1 }
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
            if lane.isDoubtful { doubtfulUnderWay += 1 }
        }
        lanes[endpoint] = lane.isForgettable ? nil : lane
        if started != nil { takeTurn(endpoint) }
        return started.map { [$0] } ?? []
    }

    private mutating func takeTurn(_ endpoint: WebhookID) {
        guard let lane = lanes[endpoint], !lane.queue.isEmpty, lane.underWay < lane.slots(limits) else { return }
        if lane.isDoubtful { doubtfulTurns.add(endpoint) } else { wellTurns.add(endpoint) }
    }
}
