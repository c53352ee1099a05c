package import Logging
internal import Synchronization
internal import Threading

/// Takes a queue's messages in batches, over one connection on a thread of its own.
///
/// While a task works on one batch the next gathers. A delivery that was not resolved before its connection ended is
/// delivered again; a late acknowledgment does nothing.
package final class RabbitMQConsumer: Sendable {
    private let core: ConsumerCore
    private let thread: DriverThread

    /// Starts connecting, and returns at once.
    ///
    /// - Parameters:
    ///   - prefetch: The most deliveries unsettled at once, 1 to 65,535.
    ///   - batchLimit: The most deliveries in one batch or, where they are weighed, the most that they weigh together.
    ///   - weigh: What a delivery weighs in a batch.
    ///   - firstRefusal: How many messages a queue's consumers are given before any of the others gets one. They take
    ///     precedence in a random order, so a short queue is left to one of them, which takes fewer and fuller batches
    ///     than all of them would; what is too much for it goes to the next, and what is too much for all of them is
    ///     shared evenly.
    package static func start(
        configuration: RabbitMQConfiguration, topology: Topology = Topology(), queue: String, prefetch: Int,
        batchLimit: Int, weigh: @escaping @Sendable (Delivery) -> Int = { _ in 1 }, firstRefusal: Int = 0,
        logger: Logger
    ) -> RabbitMQConsumer {
        let core = ConsumerCore(prefetch: prefetch, batchLimit: batchLimit, weigh: weigh)
        let subscription = ConsumerDriver.Subscription(
            queue: queue, prefetch: prefetch, firstRefusal: firstRefusal, needsAcknowledgement: true)
        let thread = ConsumerDriver.start(
            "rabbit-consume", core: core, configuration: configuration, topology: topology,
            subscription: subscription, logger: logger, deliver: core.mailbox.post)
        return RabbitMQConsumer(core: core, thread: thread)
    }

    private init(core: ConsumerCore, thread: DriverThread) {
        self.core = core
        self.thread = thread
    }

    deinit {
        // No task can wait for the thread any more, but it must not outlive its use.
        core.close()
    }

    /// Waits for at least one delivery, then gives all that have piled up, oldest first, up to the batch's limit.
    ///
    /// `nil` once the consumer is shut down or takes nothing more, or when the calling task is cancelled. There is no
    /// timer.
    package func nextBatch() async -> [Delivery]? {
        await core.mailbox.next()
    }

    /// Ends every wait for a batch, now and later; what was taken before can still be resolved.
    ///
    /// What comes meanwhile stays unsettled, and goes back to the queue with the connection.
    package func stopTaking() {
        core.mailbox.close()
    }

    /// Settles the delivery and every unsettled one before it: the broker forgets them.
    package func acknowledge(upTo tag: DeliveryTag) {
        core.resolve(tag, .acknowledgeUpTo)
    }

    /// Acknowledges the delivery: the broker forgets it.
    package func acknowledge(_ tag: DeliveryTag) {
        core.resolve(tag, .acknowledge)
    }

    /// Refuses the delivery for good: it goes to the queue's dead letters, if it has them.
    package func reject(_ tag: DeliveryTag) {
        core.resolve(tag, .reject)
    }

    /// Gives the delivery back, to be delivered again.
    package func requeue(_ tag: DeliveryTag) {
        core.resolve(tag, .requeue)
    }

    /// Ends every wait for a batch, sends the verdicts posted so far, and closes the connection.
    ///
    /// What is unsettled goes back to the queue. So end the work on the last batch before calling this.
    package func shutdown() async {
        core.close()
        await thread.join()
    }

    /// Whether the queue is being consumed.
    package var isReady: Bool { core.isReady.load(ordering: .relaxed) }

    package var statistics: ConsumerStatistics { core.statistics.withLock(\.self) }
}

/// What a consumer has done since its start.
package struct ConsumerStatistics: Sendable, Hashable {
    package var delivered = 0
    /// Connections made after the first.
    package var reconnects = 0
}
