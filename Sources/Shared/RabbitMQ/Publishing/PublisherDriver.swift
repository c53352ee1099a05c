internal import DequeModule
internal import Logging
internal import Synchronization
internal import Threading

/// The publisher's thread: connects, sends what waits, takes confirms, and resolves every message on every path.
struct PublisherDriver {
    /// The longest sleep, so that heartbeats are kept.
    private static let longestSleep = Duration.milliseconds(500)

    let core: PublisherCore
    let configuration: RabbitMQConfiguration
    let topology: Topology
    let logger: Logger
    var dialer: Dialer
    var waiting = Deque<Publish>()
    var window: ConfirmWindow<Publish>
    /// The window's first number that has not been given up for its deadline.
    var firstUnexpired: UInt64 = 1
    var isBlocked = false
    var connections = 0

    init(
        core: PublisherCore, configuration: RabbitMQConfiguration, topology: Topology, confirmWindow: Int,
        logger: Logger
    ) {
        self.core = core
        self.configuration = configuration
        self.topology = topology
        self.logger = logger
        dialer = Dialer(configuration, logger: logger)
        window = ConfirmWindow(capacity: confirmWindow)
    }

    /// Runs until the inbox is closed and drained.
    mutating func run() {
        while !isDone {
            do throws(RabbitMQError) {
                try session()
            } catch {
                endSession(error)
            }
            if !isDone { rest(for: dialer.pause()) }
        }
        resolveEverything()
    }

    /// Whether the thread may end: shut down, and nothing left to wait for or no time left.
    var isDone: Bool {
        // Only a closed inbox stays empty: a message that slipped in after the last look would never be answered.
        guard core.inbox.isClosed, let deadline = core.closing else { return false }
        let isDrained = waiting.isEmpty && window.count == 0 && core.inbox.count == 0
        return isDrained || deadline <= .now
    }

    /// The connection is gone, or could not be had: says so to everybody whom it concerns.
    private mutating func endSession(_ error: RabbitMQError) {
        let wasConnected = core.isReady.exchange(false, ordering: .relaxed) || isBlocked
        isBlocked = false
        let unconfirmed = window.removeAll()
        firstUnexpired = 1
        if wasConnected {
            logger.warning(
                "publishing interrupted", metadata: ["error": "\(error)", "unconfirmed": "\(unconfirmed.count)"])
        }
        // A message that was alone on the channel is the one that the broker objected to.
        let isCulprit = unconfirmed.count == 1 && error.isServerError
        for publish in unconfirmed { publish.resolve(.failure(isCulprit ? error : .outcomeUnknown)) }
        core.release(unconfirmed.count)
        if unconfirmed.isEmpty && error.isServerError { refuseWaiting(error) }
    }

    /// The broker does not let this client in, or not with this topology: waiting messages fail at once.
    private mutating func refuseWaiting(_ error: RabbitMQError) {
        takeInbox()
        let count = waiting.count
        while let publish = waiting.popFirst() { publish.resolve(.failure(error)) }
        core.release(count)
    }

    /// Lets time pass until the next attempt, while messages gather and deadlines are kept.
    private mutating func rest(for pause: Duration) {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end, !isDone {
            takeInbox()
            expire(ifUnsent: .unavailable("no connection to the broker"))
            Readiness.wait(
                socket: -1, inbox: core.inbox.descriptor, atMost: min(ContinuousClock.now.duration(to: end), sleep))
        }
    }

    mutating func takeInbox() {
        for publish in core.inbox.takeAll() { waiting.append(publish) }
    }

    /// Resolves what has run out of time. Deadlines are in order, for all callers have the same patience.
    mutating func expire(ifUnsent error: RabbitMQError) {
        let now = ContinuousClock.now
        while let publish = waiting.first, publish.deadline <= now {
            publish.resolve(.failure(error))
            core.release(1)
            _ = waiting.popFirst()
        }
        while firstUnexpired < window.nextTag {
            if let publish = window[firstUnexpired] {
                guard publish.deadline <= now else { break }
                publish.resolve(.failure(.outcomeUnknown))
            }
            firstUnexpired += 1
        }
    }

    /// How long the thread may sleep without missing a deadline.
    var sleep: Duration {
        let deadlines = [waiting.first?.deadline, window[firstUnexpired]?.deadline, core.closing].compactMap(\.self)
        let next = deadlines.min().map { ContinuousClock.now.duration(to: $0) } ?? Self.longestSleep
        return max(.zero, min(next, Self.longestSleep, configuration.heartbeat / 4))
    }

    /// The end: what is left fails as not sent, or with an unknown outcome.
    private mutating func resolveEverything() {
        core.isReady.store(false, ordering: .relaxed)
        takeInbox()
        for publish in window.removeAll() { publish.resolve(.failure(.outcomeUnknown)) }
        while let publish = waiting.popFirst() { publish.resolve(.failure(.closed)) }
    }
}

extension RabbitMQError {
    /// Whether the broker itself closed the channel or the connection, and not for reasons of its own that pass.
    fileprivate var isServerError: Bool {
        if case .server = self { !isTransient } else { false }
    }
}
