package import Logging
internal import Synchronization
internal import Threading

/// Passes on a queue's messages as they come, over one connection on a thread of its own.
///
/// It is for answers that somebody waits for: the broker forgets a message as soon as it is sent, so one that is on its
/// way when the connection breaks is lost.
package final class RabbitMQReceiver: Sendable {
    /// Without acknowledgements the broker ignores it.
    private static let prefetch = 1

    private let core: ConsumerCore
    private let thread: DriverThread

    /// Starts connecting, and returns at once. The receiver is the queue's only consumer.
    ///
    /// - Parameter receive: Called on the connection's thread with what has arrived together, oldest first. Nothing
    ///   more is read until it returns, so it must not block.
    package static func start(
        configuration: RabbitMQConfiguration, topology: Topology, queue: String, logger: Logger,
        receive: @escaping @Sendable ([Delivery]) -> Void
    ) -> RabbitMQReceiver {
        let core = ConsumerCore(prefetch: prefetch, batchLimit: 1)
        let subscription = ConsumerDriver.Subscription(
            queue: queue, prefetch: prefetch, firstRefusal: 0, needsAcknowledgement: false)
        let thread = ConsumerDriver.start(
            "rabbit-receive", core: core, configuration: configuration, topology: topology,
            subscription: subscription, logger: logger, deliver: receive)
        return RabbitMQReceiver(core: core, thread: thread)
    }

    private init(core: ConsumerCore, thread: DriverThread) {
        self.core = core
        self.thread = thread
    }

    deinit {
        core.close()
    }

    /// Closes the connection. After it has returned nothing is passed on any more.
    package func shutdown() async {
        core.close()
        await thread.join()
    }

    /// Whether the queue is being consumed.
    package var isReady: Bool { core.isReady.load(ordering: .relaxed) }

    package var statistics: ConsumerStatistics { core.statistics.withLock(\.self) }
}
