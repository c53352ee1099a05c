package import PaymentLinks
package import Storage
import Webhooks

/// Decides which deliveries start when, so that no endpoint waits for another. Pure: no I/O and no clock.
///
/// Each endpoint has a lane of its own: a short queue, a bound on what is under way, and a circuit breaker. Lanes take
/// turns. Doubtful ones, which fail or have yet to take their first delivery, get one delivery at a time, and all of
/// them together no more than half of the slots, so that any number of dead endpoints leaves the other half to the living.
/// The failing ones have three quarters of that half at most, and the untried go first: a new endpoint's first delivery
/// waits for no crowd of endpoints that are known to be dead. Nor does it wait for a crowd of living ones that are slow:
/// some slots are the untried ones' own and some the failing ones', lent to the others only while none of theirs waits.
package struct DeliveryBoard {
    package struct Limits: Sendable {
        /// Deliveries under way, all in all.
        package let slots: Int
        /// Deliveries under way to one endpoint that is well.
        package var slotsPerEndpoint = 8
        /// Deliveries that wait for one endpoint.
        package var queuePerEndpoint = 64
        /// Deliveries that wait for one doubtful endpoint.
        package var queuePerDoubtfulEndpoint = 2
        /// Deliveries that wait or are under way, all in all: what bounds the memory.
        package var deliveries = 8192

        /// - Parameter slots: at least two are made of it, one of them for endpoints that are doubtful.
        package init(slots: Int = 1024) {
            self.slots = max(2, slots)
        }

        var doubtfulSlots: Int { slots / 2 }
        var failingSlots: Int { max(1, doubtfulSlots * 3 / 4) }
        /// The slots that a doubtful standing has before all others; together they leave seven eighths.
        var ownSlots: Int { max(1, slots / 16) }
        private var doubtfulDeliveries: Int { deliveries / 2 }
        private var failingDeliveries: Int { doubtfulDeliveries * 3 / 4 }
        /// The memory that each standing has to itself, whatever the others hold.
        private var ownDeliveries: Int { deliveries / 8 }

        /// How much more of the memory endpoints of this standing may fill.
        ///
        /// Lanes that were well take what they hold along when they begin to fail; that is not to be at the expense of
        /// the untried.
        func room(_ standing: EndpointStanding, besides held: ByStanding<Int>) -> Int {
            let kept = EndpointStanding.allCases.reduce(0) { kept, other in
                kept + (other == standing ? 0 : max(0, ownDeliveries - held[other]))
            }
            let free = deliveries - held.total - kept
            return switch standing {
            case .well: free
            case .untried: min(free, doubtfulDeliveries - held[.untried] - min(held[.failing], failingDeliveries))
            case .failing: min(free, doubtfulDeliveries - held.doubtful, failingDeliveries - held[.failing])
            }
        }
    }

    /// What an attempt showed of its endpoint.
    package enum Impression: Sendable, Hashable {
        case well
        case failing(retryAfter: Duration?)
        /// Nothing was sent.
        case unknown
    }

    private let limits: Limits
    private var lanes: [WebhookID: Lane] = [:]
    private var turns = ByStanding(repeating: TurnQueue())
    /// By the standing that each attempt started at.
    private var slots = ByStanding(repeating: 0)
    /// What waits or is under way, by its lane's standing now.
    private var held = ByStanding(repeating: 0)
    private var isClosed = false
    private var nextSweep: ContinuousClock.Instant?

    package init(limits: Limits) {
        self.limits = limits
    }

    package var underWay: Int { slots.total }
    package var waiting: Int { held.total - slots.total }
    /// Endpoints of which something is known, or for which something is in memory.
    package var endpoints: Int { lanes.count }

    /// How many more deliveries the endpoint's lane takes now; zero while its breaker is open.
    ///
    /// An eighth of the memory is each standing's own. Beyond that, doubtful endpoints have half of it at most, and
    /// failing ones less.
    /// - Parameter standing: what is known of an endpoint that has no lane at the moment.
    package func room(
        _ endpoint: WebhookID, standing: EndpointStanding, at now: ContinuousClock.Instant
    ) -> Int {
        let lane = lanes[endpoint] ?? Lane(standing: standing)
        return max(0, min(limits.room(lane.standing, besides: held), lane.room(limits, at: now)))
    }

    /// Forgets what the endpoint's lane remembers from before a recovery, and returns the lane to what Postgres knows.
    package mutating func learn(_ endpoint: WebhookID, standing: EndpointStanding, recoveries: Int64) {
        guard let lane = lanes[endpoint], lane.recoveries < recoveries else { return }
        change(lane, of: endpoint) { $0.recover(standing, recoveries: recoveries) }
        takeTurn(endpoint)
    }

    /// How long the endpoint is left alone from now on; `nil` when it is not.
    package func backoff(of endpoint: WebhookID, at now: ContinuousClock.Instant) -> Duration? {
        lanes[endpoint]?.breaker.pause(at: now)
    }

    /// Takes leased deliveries in, and returns those to give back because their lane has been shut meanwhile.
    ///
    /// Room is asked for beforehand, and may be passed by what others put in, or be gone, since then.
    package mutating func admit(_ deliveries: [HeldDelivery], at now: ContinuousClock.Instant) -> [DeliveryLease] {
        var released: [DeliveryLease] = []
        for delivery in deliveries {
            let target = delivery.delivery.target
            let lane = lanes[target.webhookId] ?? Lane(standing: target.standing, recoveries: target.recoveries)
            if lane.isShut(at: now) {
                released.append(delivery.delivery.holding)
                continue
            }
            change(lane, of: target.webhookId) { $0.queue.append(delivery) }
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
    ) -> [HeldDelivery] {
        sweep(at: now)
        var started: [HeldDelivery] = []
        guard !isClosed else { return [] }
        while let endpoint = nextTurn() {
            if let delivery = startNext(endpoint, at: now, leasedBeyond: latest) { started.append(delivery) }
        }
        return started
    }

    /// Notes an attempt's end, and returns the deliveries to give back because the lane's breaker has opened.
    package mutating func finish(
        _ endpoint: WebhookID, _ impression: Impression, at now: ContinuousClock.Instant
    ) -> [DeliveryLease] {
        guard let lane = lanes[endpoint] else { return [] }
        let released = change(lane, of: endpoint) { lane in
            lane.underWay -= 1
            lane.note(impression, at: now)
            return lane.breaker.allows(at: now) ? [] : lane.empty()
        }
        slots[lane.slotStanding] -= 1
        takeTurn(endpoint)
        return released
    }

    /// Starts nothing any more.
    package mutating func close() {
        isClosed = true
    }

    /// Gives back everything that has not started.
    package mutating func empty() -> [DeliveryLease] {
        Array(lanes).flatMap { endpoint, lane in change(lane, of: endpoint) { $0.empty() } }
    }

    private mutating func startNext(
        _ endpoint: WebhookID, at now: ContinuousClock.Instant, leasedBeyond latest: ContinuousClock.Instant
    ) -> HeldDelivery? {
        guard let lane = lanes[endpoint] else { return nil }
        let started = change(lane, of: endpoint) { [limits] lane in
            lane.dropExpired(latest)
            return lane.start(limits, at: now)
        }
        guard let started else { return nil }
        slots[lane.standing] += 1
        takeTurn(endpoint)
        return started
    }

    /// Changes a lane, and keeps count of what it holds at which standing.
    private mutating func change<Result>(
        _ lane: Lane, of endpoint: WebhookID, _ body: (inout Lane) -> Result
    ) -> Result {
        var lane = lane
        held[lane.standing] -= lane.held
        let result = body(&lane)
        held[lane.standing] += lane.held
        lanes[endpoint] = lane.isForgettable ? nil : lane
        return result
    }

    /// Forgets endpoints that have failed and had nothing since, once in a while: it looks at every lane.
    private mutating func sweep(at now: ContinuousClock.Instant) {
        guard nextSweep.map({ now >= $0 }) ?? true else { return }
        nextSweep = now + CircuitBreaker.longestPause
        lanes = lanes.filter { !$0.value.isStale(at: now) }
    }

    private mutating func takeTurn(_ endpoint: WebhookID) {
        guard let lane = lanes[endpoint], !lane.queue.isEmpty, lane.underWay < lane.slots(limits) else { return }
        turns[lane.standing].add(endpoint)
    }

    /// The endpoint whose turn it is: a doubtful one as long as its standing has not got its own slots; then the well
    /// first, the failing last.
    private mutating func nextTurn() -> WebhookID? {
        for standing in [EndpointStanding.untried, .failing] where slots[standing] < limits.ownSlots {
            if let endpoint = nextTurn(of: standing) { return endpoint }
        }
        for standing in [EndpointStanding.well, .untried, .failing] {
            if let endpoint = nextTurn(of: standing) { return endpoint }
        }
        return nil
    }

    /// An endpoint may stand in a queue from before its standing changed; it goes over to the right one then.
    private mutating func nextTurn(of standing: EndpointStanding) -> WebhookID? {
        while hasSlot(standing), let endpoint = turns[standing].next() {
            if lanes[endpoint]?.standing == standing { return endpoint }
            takeTurn(endpoint)
        }
        return nil
    }

    private func hasSlot(_ standing: EndpointStanding) -> Bool {
        guard slots.total < limits.slots else { return false }
        return switch standing {
        case .well: true
        case .untried: slots.doubtful < limits.doubtfulSlots
        case .failing: slots.doubtful < limits.doubtfulSlots && slots[.failing] < limits.failingSlots
        }
    }
}
