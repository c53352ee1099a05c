package import Logging
internal import Synchronization
internal import Threading

/// Publishes messages with confirms, over one connection on a thread of its own.
///
/// A publish succeeds when the broker has confirmed the message and not handed it back. What waits unsent survives
/// the loss of the connection and goes out on the next; what was sent and not confirmed is `.outcomeUnknown`. A
/// publish ends by its deadline, and later only while the thread waits for the network: for a connection that is being
/// made, or for a large message that the socket took in part, which the peer's silence ends after 30 seconds.
package final class RabbitMQPublisher: Sendable {
    private let core: PublisherCore
    private let thread: DriverThread
    private let publishTimeout: Duration

    /// Starts connecting, and returns at once.
    ///
    /// - Parameters:
    ///   - confirmWindow: The most messages sent and not yet confirmed.
    ///   - inboxCapacity: The most publishes unresolved at once, sent or not; beyond it they fail as `.overloaded`.
    ///   - publishTimeout: The most that one publish may take.
    package static func start(
        configuration: RabbitMQConfiguration, topology: Topology = Topology(), confirmWindow: Int = 1000,
        inboxCapacity: Int = 8192, publishTimeout: Duration = .seconds(5), logger: Logger
    ) -> RabbitMQPublisher {
        let core = PublisherCore(capacity: inboxCapacity)
        let thread = DriverThread(name: "rabbit-publish") {
            var driver = PublisherDriver(
                core: core, configuration: configuration, topology: topology, confirmWindow: confirmWindow,
                logger: logger)
            driver.run()
        }
        return RabbitMQPublisher(core: core, thread: thread, publishTimeout: publishTimeout)
    }

    private init(core: PublisherCore, thread: DriverThread, publishTimeout: Duration) {
        self.core = core
        self.thread = thread
        self.publishTimeout = publishTimeout
    }

    deinit {
        // No task can wait for the thread any more, but it must not outlive its use.
        core.close(drainUntil: .now)
    }

    /// Returns once the broker has taken responsibility for the message.
    package func publish(_ message: OutgoingMessage) async throws(RabbitMQError) {
        guard let outcome = await publish([message]).first else { return }
        try outcome.get()
    }

    /// Publishes all messages in order, and gives each one's outcome once the last is known.
    ///
    /// Either all of them are taken on or none.
    package func publish(_ batch: [OutgoingMessage]) async -> [Result<Void, RabbitMQError>] {
        if batch.isEmpty { return [] }
        let ticket = PublishTicket(count: batch.count)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if ticket.install(continuation) { submit(batch, ticket) }
            }
        } onCancel: {
            ticket.cancelUnsent()
        }
    }

    /// Takes no more messages, waits for those taken to end, at most as long as given, and closes the connection.
    ///
    /// What is still unsent then fails as `.closed`; what is unconfirmed, as `.outcomeUnknown`.
    package func shutdown(drain: Duration = .seconds(10)) async {
        core.close(drainUntil: .now + drain)
        await thread.join()
    }

    /// Whether there is a connection, and the broker takes messages.
    package var isReady: Bool { core.isReady.load(ordering: .relaxed) }

    package var statistics: PublisherStatistics { core.statistics.withLock(\.self) }

    private func submit(_ batch: [OutgoingMessage], _ ticket: PublishTicket) {
        let deadline = ContinuousClock.now + publishTimeout
        let publishes = batch.enumerated().map { index, message in
            Publish(message: message, ticket: ticket, index: index, deadline: deadline)
        }
        switch core.admit(publishes) {
        case .accepted: break
        case .full: ticket.resolveAll(.failure(.overloaded))
        case .closed: ticket.resolveAll(.failure(.closed))
        }
    }
}

/// What a publisher has done since its start.
package struct PublisherStatistics: Sendable, Hashable {
    /// Messages written to a connection.
    package var published = 0
    package var confirmed = 0
    package var returned = 0
    package var nacked = 0
    /// Connections made after the first.
    package var reconnects = 0
    /// How often the broker asked to wait.
    package var blocked = 0
}
