internal import Logging
internal import Synchronization
internal import Threading

/// The publisher's thread: connects, sends what waits, takes confirms, and resolves every message on every path.
struct PublisherDriver {
    /// How much may be written before asking the socket again whether it takes more.
    private static let bytesBetweenChecks = 32 * 1024
    /// The most frames taken before looking at the inbox again.
    private static let framesPerTurn = 1024
    /// The longest sleep: deadlines of callers, and shutdown, are seen at least this often.
    private static let longestSleep = Duration.milliseconds(500)

    private let core: PublisherCore
    private let configuration: RabbitMQConfiguration
    private let topology: Topology
    private let logger: Logger
    private var dialer: Dialer
    private var waiting = Fifo<Publish>()
    private var window: ConfirmWindow<Publish>
    /// The window's first number that has not been given up for its deadline.
    private var firstUnexpired: UInt64 = 1
    private var isBlocked = false
    private var connections = 0

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
    private var isDone: Bool {
        guard let deadline = core.closing else { return false }
        let isDrained = waiting.isEmpty && window.count == 0 && core.inbox.count == 0
        return isDrained || deadline <= .now
    }
}

// MARK: - One connection

extension PublisherDriver {
    /// Connects and works until the connection fails, which throws, or the publisher is done.
    private mutating func session() throws(RabbitMQError) {
        var connection = try connect()
        core.isReady.store(true, ordering: .relaxed)
        while true {
            takeInbox()
            let wantsWrite = try sendWaiting(connection)
            let isDrained = try receive(&connection)
            expire(ifUnsent: isBlocked ? .blocked : .unavailable("not sent in time"))
            if isDone { break }
            if isDrained && !hasWork(wantsWrite) {
                Readiness.wait(
                    socket: connection.descriptor, orWrite: wantsWrite, inbox: core.inbox.descriptor, atMost: sleep)
            }
        }
        core.isReady.store(false, ordering: .relaxed)
        connection.close()
    }

    private mutating func connect() throws(RabbitMQError) -> ConnectionHandle {
        let (core, topology, hasWaiting) = (core, topology, !waiting.isEmpty)
        let isWanted = {
            guard let deadline = core.closing else { return true }
            return deadline > .now && (hasWaiting || core.inbox.count > 0)
        }
        let connection = try dialer.connect(while: isWanted) { connection throws(RabbitMQError) in
            try connection.declare(topology)
            try connection.selectConfirms()
        }
        connections += 1
        if connections > 1 { core.statistics.withLock { $0.reconnects += 1 } }
        return connection
    }

    /// Whether something could be sent right now.
    private func hasWork(_ wantsWrite: Bool) -> Bool {
        !waiting.isEmpty && window.hasRoom && !isBlocked && !wantsWrite
    }

    /// Sends as much as the window, the broker and the socket take. True if only the socket's room is missing.
    private mutating func sendWaiting(_ connection: borrowing ConnectionHandle) throws(RabbitMQError) -> Bool {
        var unchecked = Self.bytesBetweenChecks
        var sent = 0
        defer { core.statistics.withLock { $0.published += sent } }
        while window.hasRoom, !isBlocked, let publish = waiting.first {
            if unchecked >= Self.bytesBetweenChecks {
                guard Readiness.isWritable(connection.descriptor) else { return true }
                unchecked = 0
            }
            _ = waiting.popFirst()
            guard begin(publish) else { continue }
            let sequence = window.append(publish)
            try connection.publish(publish.message, sequence: sequence)
            unchecked += publish.message.body.count + 512
            sent += 1
        }
        return false
    }

    /// Whether a message is still to be sent: not cancelled, not too late, and within the protocol's limits.
    private func begin(_ publish: Publish) -> Bool {
        if publish.deadline <= .now {
            publish.resolve(.failure(.unavailable("not sent in time")))
        } else if let defect = publish.message.defect {
            publish.resolve(.failure(defect))
        } else if publish.ticket.beginSending(publish.index) {
            return true
        }
        core.release(1)
        return false
    }

    /// Takes the frames that are there. True if there are no more.
    private mutating func receive(_ connection: inout ConnectionHandle) throws(RabbitMQError) -> Bool {
        defer { connection.releaseBuffers() }
        for _ in 0..<Self.framesPerTurn {
            switch try connection.receive() {
            case .nothing: return true
            case .silent: continue
            case .event(let event): handle(event)
            }
        }
        return false
    }

    private mutating func handle(_ event: BrokerEvent) {
        switch event {
        case .confirmed(let tag, let isMultiple, let isAck):
            settle(window.settle(tag, isMultiple: isMultiple, isAck: isAck))
        case .returned(let sequence?, let replyCode, let replyText):
            window.noteReturn(sequence, replyCode: replyCode, replyText: replyText)
        case .blocked(let reason):
            isBlocked = true
            core.isReady.store(false, ordering: .relaxed)
            core.statistics.withLock { $0.blocked += 1 }
            logger.warning("the broker blocks publishers", metadata: ["reason": "\(reason)"])
        case .unblocked:
            isBlocked = false
            core.isReady.store(true, ordering: .relaxed)
            logger.info("the broker takes messages again")
        case .returned(sequence: nil, _, _), .delivered, .consumerCancelled: break
        }
    }

    private func settle(_ settled: [ConfirmWindow<Publish>.Settled]) {
        core.statistics.withLock { statistics in
            for item in settled { statistics.count(item.result) }
        }
        for item in settled { item.element.resolve(item.result) }
        core.release(settled.count)
    }
}

// MARK: - Between connections

extension PublisherDriver {
    /// The connection is gone, or could not be had: says so to everybody whom it concerns.
    private mutating func endSession(_ error: RabbitMQError) {
        core.isReady.store(false, ordering: .relaxed)
        isBlocked = false
        let unconfirmed = window.removeAll()
        firstUnexpired = 1
        logger.warning(
            "publishing interrupted", metadata: ["error": "\(error)", "unconfirmed": "\(unconfirmed.count)"])
        // A message that was alone on the channel is the one that the broker objected to.
        let isCulprit = unconfirmed.count == 1 && error.isServerError
        for publish in unconfirmed { publish.resolve(.failure(isCulprit ? error : .outcomeUnknown)) }
        core.release(unconfirmed.count)
        if unconfirmed.isEmpty && error.isServerError { refuseWaiting(error) }
    }

    /// The broker does not let this client in, or not with this topology: nobody needs to wait to be told.
    private mutating func refuseWaiting(_ error: RabbitMQError) {
        takeInbox()
        let refused = waiting.removeAll()
        for publish in refused { publish.resolve(.failure(error)) }
        core.release(refused.count)
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

    private mutating func takeInbox() {
        for publish in core.inbox.takeAll() { waiting.append(publish) }
    }

    /// Resolves what has run out of time. Deadlines are in order, for all callers have the same patience.
    private mutating func expire(ifUnsent error: RabbitMQError) {
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
    private var sleep: Duration {
        let deadlines = [waiting.first?.deadline, window[firstUnexpired]?.deadline, core.closing].compactMap(\.self)
        let next = deadlines.min().map { ContinuousClock.now.duration(to: $0) } ?? Self.longestSleep
        return max(.zero, min(next, Self.longestSleep, configuration.heartbeat / 4))
    }

    /// The end: whatever is left hears that it was not sent, or that nobody knows.
    private mutating func resolveEverything() {
        core.isReady.store(false, ordering: .relaxed)
        takeInbox()
        for publish in window.removeAll() { publish.resolve(.failure(.outcomeUnknown)) }
        for publish in waiting.removeAll() { publish.resolve(.failure(.closed)) }
    }
}

extension PublisherStatistics {
    fileprivate mutating func count(_ result: Result<Void, RabbitMQError>) {
        switch result {
        case .success: confirmed += 1
        case .failure(.returned): returned += 1
        case .failure: nacked += 1
        }
    }
}

extension RabbitMQError {
    /// Whether the broker itself closed the channel or the connection, and not for reasons of its own that pass.
    fileprivate var isServerError: Bool {
        if case .server = self { !isTransient } else { false }
    }
}
