package import Logging
import Metrics
import PaymentLinks
package import Storage

/// Publishes what the writers of the outbox left behind: those that died, or met a broker that was away.
package struct OutboxRelay: Sendable {
    /// The most rows of a lane that are taken at once. A row is up to 256 settlements or events with their bodies: few
    /// enough to hold, and that their confirms come while the transaction that holds the rows may last.
    private static let rowLimit = 16

    private let store: OutboxStore
    private let publisher: OutboxPublisher
    private let age: Duration
    private let interval: Duration
    private let logger: Logger
    private let relayed = Counter(label: "paylinks_outbox_relayed_total")
    private let waiting = Gauge(label: "paylinks_outbox_messages")
    private let oldest = Gauge(label: "paylinks_outbox_oldest_seconds")

    /// - Parameters:
    ///   - age: how old a message must be before it counts as left behind.
    ///   - interval: how often the outbox is looked at.
    package init(
        store: OutboxStore, publisher: OutboxPublisher, age: Duration, interval: Duration, logger: Logger
    ) {
        self.store = store
        self.publisher = publisher
        self.age = age
        self.interval = interval
        self.logger = logger
    }

    /// Relays until the task is cancelled.
    package func run() async {
        var nextReport = ContinuousClock.now
        while !Task.isCancelled {
            let hasMore = await relayRound()
            if ContinuousClock.now >= nextReport {
                await reportLag()
                nextReport = .now + interval
            }
            if hasMore { continue }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// Relays a batch of every lane, and returns whether any of them may have more that the broker takes. While the
    /// broker is away it reads nothing.
    private func relayRound() async -> Bool {
        var hasMore = false
        for lane in OutboxStore.Lane.allCases where publisher.isReady {
            if await relay(lane) { hasMore = true }
        }
        return hasMore
    }

    /// Returns whether another round may publish more.
    private func relay(_ lane: OutboxStore.Lane) async -> Bool {
        do {
            let relayed = try await store.relay(lane, olderThan: age, limit: Self.rowLimit) { messages in
                let published = await publisher.publish(messages)
                self.relayed.increment(by: published.count)
                report(messages.count - published.count, of: lane)
                return published
            }
            return relayed.hasMore
        } catch {
            logger.warning("outbox cannot be relayed now", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func report(_ left: Int, of lane: OutboxStore.Lane) {
        guard left > 0 else { return }
        logger.warning(
            "the broker did not take all of the outbox; it is tried again",
            metadata: ["lane": "\(lane)", "rows": "\(left)"])
    }

    /// Counts what waits, so it is asked for once an interval, however many rounds that has.
    private func reportLag() async {
        do {
            let lag = try await store.lag()
            waiting.record(lag.count)
            oldest.record(Double(lag.oldestAge.components.seconds))
        } catch {
            logger.warning("outbox cannot be looked at now", metadata: ["error": "\(error)"])
        }
    }
}
