internal import Logging
internal import Metrics
internal import Synchronization
internal import Threading

/// The consumer's thread: connects, passes deliveries on, and passes verdicts back.
struct ConsumerDriver {
    /// What to consume, and how.
    struct Subscription: Sendable {
        let queue: String
        let prefetch: Int
        /// How much of the prefetch has a priority of its own.
        let firstRefusal: Int
        /// Where nothing is acknowledged, the consumer is the queue's only one.
        let needsAcknowledgement: Bool
    }

    /// Starts a thread that consumes until the core is closed.
    static func start(
        _ threadName: String, core: ConsumerCore, configuration: RabbitMQConfiguration, topology: Topology,
        subscription: Subscription, logger: Logger, deliver: @escaping @Sendable ([Delivery]) -> Void
    ) -> DriverThread {
        DriverThread(name: threadName) {
            var driver = ConsumerDriver(
                core: core, configuration: configuration, topology: topology, subscription: subscription,
                logger: logger, deliver: deliver)
            driver.run()
        }
    }

    /// The most frames taken before looking at the inbox again, and the bytes of bodies after which no more are:
    /// librabbitmq keeps every frame until its buffers are released.
    private static let framesPerTurn = 4096
    private static let bytesPerTurn = 1 << 20
    /// The longest sleep, so that heartbeats are kept and a closed inbox is seen.
    private static let longestSleep = Duration.milliseconds(500)

    private let core: ConsumerCore
    private let configuration: RabbitMQConfiguration
    private let topology: Topology
    private let subscription: Subscription
    private let logger: Logger
    /// Takes what has arrived together.
    private let deliver: @Sendable ([Delivery]) -> Void
    private var dialer: Dialer
    /// None for a queue of one process's own, whose name no other series would ever have.
    private let delivered: Counter?
    private var ledger = DeliveryLedger()
    private var connections = 0

    private init(
        core: ConsumerCore, configuration: RabbitMQConfiguration, topology: Topology, subscription: Subscription,
        logger: Logger, deliver: @escaping @Sendable ([Delivery]) -> Void
    ) {
        self.core = core
        self.configuration = configuration
        self.topology = topology
        self.subscription = subscription
        self.logger = logger
        self.deliver = deliver
        delivered =
            subscription.needsAcknowledgement
            ? Counter(label: "paylinks_deliveries_total", dimensions: [("queue", subscription.queue)]) : nil
        dialer = Dialer(configuration, logger: logger)
    }

    /// Runs until the inbox is closed.
    mutating func run() {
        while !core.inbox.isClosed {
            do throws(RabbitMQError) {
                try session()
            } catch {
                endSession(error)
            }
            if !core.inbox.isClosed { rest(for: dialer.pause()) }
        }
        core.mailbox.close()
    }

    /// Connects and works until the connection fails, which throws, or the consumer is shut down.
    private mutating func session() throws(RabbitMQError) {
        ledger.beginGeneration()
        var connection = try connect()
        core.isReady.store(true, ordering: .relaxed)
        while true {
            let isClosed = core.inbox.isClosed
            try resolve(connection)
            if isClosed { break }
            let isDrained = try receive(&connection)
            if isDrained && !core.inbox.isClosed { wait(connection) }
        }
        core.isReady.store(false, ordering: .relaxed)
        connection.close()
    }

    private mutating func connect() throws(RabbitMQError) -> ConnectionHandle {
        let (core, topology, subscription) = (core, topology, subscription)
        let connection = try dialer.connect(while: { !core.inbox.isClosed }) { connection throws(RabbitMQError) in
            try connection.declare(topology)
            try connection.consume(subscription)
        }
        connections += 1
        Reconnects.count(isFirst: connections == 1)
        if connections > 1 { core.statistics.withLock { $0.reconnects += 1 } }
        return connection
    }

    /// Sends the verdicts that tasks have posted, save those for which it is too late.
    private mutating func resolve(_ connection: borrowing ConnectionHandle) throws(RabbitMQError) {
        for note in core.inbox.takeAll() {
            if let number = ledger.resolve(note.tag, note.verdict) { try connection.resolve(number, note.verdict) }
        }
    }

    /// Takes the frames that are there, and passes their deliveries on together. True if there are no more.
    private mutating func receive(_ connection: inout ConnectionHandle) throws(RabbitMQError) -> Bool {
        var arrived: [Delivery] = []
        var byteCount = 0
        defer {
            post(arrived)
            connection.releaseBuffers()
        }
        for _ in 0..<Self.framesPerTurn {
            switch try connection.receive() {
            case .nothing: return true
            case .silent: continue
            case .event(.delivered(let message)):
                arrived.append(try delivery(of: message))
                byteCount += message.body.count
                if byteCount >= Self.bytesPerTurn { return false }
            case .event(.consumerCancelled): throw .unavailable("the broker cancelled the consumer")
            case .event: continue
            }
        }
        return false
    }

    private mutating func delivery(of message: BrokerEvent.Message) throws(RabbitMQError) -> Delivery {
        let tag =
            subscription.needsAcknowledgement
            ? ledger.note(message.number) : DeliveryTag(number: message.number, generation: 0)
        guard let tag else { throw .unavailable("a delivery before number \(message.number) is missing") }
        return Delivery(
            body: message.body, tag: tag, isRedelivered: message.isRedelivered, exchange: message.exchange,
            routingKey: message.routingKey, properties: message.properties)
    }

    private func post(_ arrived: [Delivery]) {
        guard !arrived.isEmpty else { return }
        core.statistics.withLock { $0.delivered += arrived.count }
        delivered?.increment(by: arrived.count)
        deliver(arrived)
    }

    /// Sleeps until there is something to do. Frames that librabbitmq holds were all taken right before: it is only
    /// asked to wait when it has none.
    private func wait(_ connection: borrowing ConnectionHandle) {
        let patience = min(Self.longestSleep, configuration.heartbeat / 4)
        Readiness.wait(socket: connection.descriptor, inbox: core.inbox.descriptor, atMost: patience)
    }

    /// The channel is gone: what no task has taken will come again, and verdicts on the rest are too late.
    private mutating func endSession(_ error: RabbitMQError) {
        let wasConnected = core.isReady.exchange(false, ordering: .relaxed)
        ledger.beginGeneration()
        core.mailbox.discard()
        guard wasConnected else { return }
        logger.warning(
            "consuming interrupted", metadata: ["queue": "\(subscription.queue)", "error": "\(error)"])
    }

    /// Lets time pass until the next attempt, and drops verdicts that come too late.
    private func rest(for pause: Duration) {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end, !core.inbox.isClosed {
            Readiness.wait(
                socket: -1, inbox: core.inbox.descriptor, atMost: ContinuousClock.now.duration(to: end))
            _ = core.inbox.takeAll()
        }
    }
}

extension ConnectionHandle {
    /// Consumes, where first refusal is asked for by two consumers of one channel.
    fileprivate func consume(_ subscription: ConsumerDriver.Subscription) throws(RabbitMQError) {
        let first = min(subscription.firstRefusal, subscription.prefetch)
        if first > 0 { try consume(subscription, prefetch: first, priority: .random(in: 1 ... .max)) }
        if first < subscription.prefetch { try consume(subscription, prefetch: subscription.prefetch - first) }
    }

    private func consume(
        _ subscription: ConsumerDriver.Subscription, prefetch: Int, priority: Int32 = 0
    ) throws(RabbitMQError) {
        try setPrefetch(prefetch)
        try consume(
            queue: subscription.queue, isExclusive: !subscription.needsAcknowledgement,
            needsAcknowledgement: subscription.needsAcknowledgement, priority: priority)
    }
}
