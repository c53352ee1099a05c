import PaymentLinks
package import Storage
import Webhooks

/// A delivery in this worker's memory, with the end of its lease by this process's clock.
package struct HeldDelivery: Sendable {
    package var delivery: LeasedDelivery
    package let leaseEnd: ContinuousClock.Instant

    package init(delivery: LeasedDelivery, leaseEnd: ContinuousClock.Instant) {
        self.delivery = delivery
        self.leaseEnd = leaseEnd
    }
}

/// What waits and is under way for one endpoint.
struct Lane {
    /// How a doubtful endpoint may be troubled: one delivery at a time.
    private static let doubtfulSlots = 1
    /// How long after its last failure an idle lane is kept: the longest pause, and as long again for the delivery that
    /// is let through then.
    private static let memory = CircuitBreaker.longestPause * 2

    var queue: [HeldDelivery] = []
    var underWay = 0
    var breaker = CircuitBreaker()
    private(set) var standing: EndpointStanding
    /// The standing that those under way started at. It is one for all: a doubtful lane starts one alone, and only that
    /// one's end changes what is known.
    private(set) var slotStanding: EndpointStanding
    /// The endpoint's recoveries that the lane knows of; it remembers no failure from before the last of them.
    private(set) var recoveries: Int64
    private var lastFailure: ContinuousClock.Instant?

    init(standing: EndpointStanding, recoveries: Int64 = 0) {
        self.standing = standing
        slotStanding = standing
        self.recoveries = recoveries
    }

    /// What waits or is under way.
    var held: Int { queue.count + underWay }

    private var isDoubtful: Bool { standing != .well }

    func slots(_ limits: DeliveryBoard.Limits) -> Int { isDoubtful ? Self.doubtfulSlots : limits.slotsPerEndpoint }

    /// An endpoint that is being probed, or fails, is sent no more than it can show itself by.
    func room(_ limits: DeliveryBoard.Limits, at now: ContinuousClock.Instant) -> Int {
        guard breaker.allows(at: now) else { return 0 }
        if case .open = breaker.state { return max(0, 1 - queue.count) }
        return (isDoubtful ? limits.queuePerDoubtfulEndpoint : limits.queuePerEndpoint) - queue.count
    }

    /// Nothing may start, and no attempt is under way whose end would change that: what waited here would wait for
    /// ever.
    func isShut(at now: ContinuousClock.Instant) -> Bool { underWay == 0 && !breaker.allows(at: now) }

    /// Nothing is known of it that another lane for the endpoint would not learn at once.
    var isForgettable: Bool { held == 0 && breaker.state == .closed(failures: 0) }

    /// It has failed, and nothing has come for it since its pause ended: what it knows is of no use any more.
    func isStale(at now: ContinuousClock.Instant) -> Bool {
        held == 0 && lastFailure.map { now - $0 >= Self.memory } ?? true
    }

    /// The next delivery, with what is known of its endpoint now rather than when it was leased.
    mutating func start(_ limits: DeliveryBoard.Limits, at now: ContinuousClock.Instant) -> HeldDelivery? {
        guard !queue.isEmpty, underWay < slots(limits), breaker.allows(at: now) else { return nil }
        breaker.started()
        underWay += 1
        slotStanding = standing
        var held = queue.removeFirst()
        held.delivery.target.standing = standing
        return held
    }

    mutating func note(_ impression: DeliveryBoard.Impression, at now: ContinuousClock.Instant) {
        switch impression {
        case .well:
            breaker.succeeded()
            standing = .well
        case .failing(let retryAfter):
            breaker.failed(at: now, askedFor: retryAfter)
            standing = .failing
            lastFailure = now
        case .unknown: breaker.abandoned(at: now)
        }
    }

    /// Forgets failures from before a recovery that another worker, a test, or the endpoint's owner brought about.
    ///
    /// What is under way keeps the standing that it started at.
    mutating func recover(_ standing: EndpointStanding, recoveries: Int64) {
        guard self.recoveries < recoveries else { return }
        self.recoveries = recoveries
        breaker = CircuitBreaker()
        lastFailure = nil
        if underWay == 0 { self.standing = standing }
    }

    /// Drops what has too little of its lease left.
    mutating func dropExpired(_ latest: ContinuousClock.Instant) {
        if let first = queue.first, first.leaseEnd < latest { queue.removeAll { $0.leaseEnd < latest } }
    }

    mutating func empty() -> [DeliveryLease] {
        defer { queue = [] }
        return queue.map(\.delivery.holding)
    }
}
