package import PaymentLinks
import Threading

/// Publishes what committed transactions owe to the broker by the moment, not by the transaction.
///
/// What finds it at rest goes out at once. What comes soon after that waits a moment for others, for a message costs
/// the broker and its consumers as much as a hundred events in it. Nothing depends on it: what it has no room for, or
/// takes down with it, still lies in the outbox, where the relay finds it.
package final class OutboxGatherer: Sendable {
    /// The least time between two publications.
    private static let pause = Duration.milliseconds(10)
    /// Rows that may wait: those of more batches than are decided during any confirm.
    private static let capacity = 4096

    private let publisher: OutboxPublisher
    private let confirmed: ConfirmedMessages
    private let waiting = GatheringQueue<OutboxMessage>(capacity: capacity, batchLimit: capacity)

    /// - Parameter confirmed: where to note the messages whose rows may be removed.
    package init(publisher: OutboxPublisher, confirmed: ConfirmedMessages) {
        self.publisher = publisher
        self.confirmed = confirmed
    }

    /// Takes the messages of a transaction that has committed; returns at once.
    package func hand(_ messages: [OutboxMessage]) {
        guard !messages.isEmpty else { return }
        _ = waiting.offer(messages, takeBy: .now)
    }

    /// Publishes until it is closed and empty.
    package func run() async {
        while let messages = await waiting.next() {
            confirmed.add(await publisher.publish(messages))
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// Takes nothing from now on.
    package func close() { waiting.close() }
}
