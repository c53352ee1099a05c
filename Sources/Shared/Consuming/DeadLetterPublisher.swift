package import Jobs
package import Logging
package import Metrics
import RabbitMQ

/// Puts deliveries that cannot be worked on where operators find them, with the reason.
package struct DeadLetterPublisher: Sendable {
    private let sink: any MessageSink
    private let topology: JobTopology
    private let queue: String
    private let pause: Pause
    private let logger: Logger
    private let count: Counter

    /// - Parameters:
    ///   - queue: the queue that the deliveries came from.
    ///   - count: counts the dead letters that the broker has confirmed.
    package init(
        sink: any MessageSink, topology: JobTopology, queue: String, pause: Pause = .untilCancelled, logger: Logger,
        count: Counter
    ) {
        self.sink = sink
        self.topology = topology
        self.queue = queue
        self.pause = pause
        self.logger = logger
        self.count = count
    }

    /// Publishes all of them until the broker has confirmed each; false when the process stops before that.
    package func publish(_ letters: [DeadLetter]) async -> Bool {
        var batch = UnconfirmedBatch(letters.indices.map { item(letters[$0], $0) })
        while !batch.items.isEmpty {
            let step = batch.record(await sink.publish(batch.messages))
            batch.add(batch.takeUnpublishable().sorted().map { item(letters[$0].bare, $0) })
            if step == .giveBack { return false }
            if !batch.items.isEmpty, await !pause.wait(.milliseconds(500)) { return false }
        }
        report(letters)
        return true
    }

    private func item(_ letter: DeadLetter, _ index: Int) -> UnconfirmedBatch<Int>.Item {
        .init(message: topology.deadLetter(letter.delivery, from: queue, reason: letter.reason), ids: [index])
    }

    private func report(_ letters: [DeadLetter]) {
        count.increment(by: letters.count)
        for letter in letters {
            logger.error(
                "message became a dead letter",
                metadata: [
                    "queue": "\(queue)", "message_id": "\(letter.delivery.messageId ?? "none")",
                    "traceparent": "\(letter.delivery.traceparent ?? "none")", "reason": "\(letter.reason)",
                ])
        }
    }
}
