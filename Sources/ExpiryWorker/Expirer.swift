import Logging
import Metrics
import PaymentLinks
import Relay
import Storage

/// Fires the expirations that are due, and sleeps until the next one.
///
/// Any number may run: rows are skipped while another holds them, and the row's own transition decides. A link that is
/// made while this sleeps may be due earlier than the one it sleeps for, so no sleep is longer than `longestSleep`.
struct Expirer: Sendable {
    /// How long to rest when every due link is held by others; it doubles as long as that lasts.
    private static let contentionPause = Duration.milliseconds(20)
    private static let faultPause = Duration.seconds(1)

    let store: ExpiryStore
    let outbox: OutboxStore
    let publisher: OutboxPublisher
    let batchLimit: Int
    let longestSleep: Duration
    let logger: Logger
    private let expiredLinks = Counter(label: "paylinks_links_expired_total")
    private let lateness = Timer(label: "paylinks_expiry_lateness_seconds")

    init(
        store: ExpiryStore, outbox: OutboxStore, publisher: OutboxPublisher, batchLimit: Int, longestSleep: Duration,
        logger: Logger
    ) {
        self.store = store
        self.outbox = outbox
        self.publisher = publisher
        self.batchLimit = batchLimit
        self.longestSleep = longestSleep
        self.logger = logger
    }

    /// Expires until the task is cancelled.
    func run() async {
        var contention = Self.contentionPause
        while !Task.isCancelled {
            let pause = await expireOnce(&contention)
            guard pause > .zero else { continue }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// Expires one batch, and returns how long to sleep before the next.
    private func expireOnce(_ contention: inout Duration) async -> Duration {
        do {
            let expired = try await store.expireDue(limit: batchLimit)
            report(expired)
            try await tell(expired)
            if expired.isPartial { return .zero }
            return try await pauseUntilNextDue(found: expired.events.count, &contention)
        } catch {
            logger.warning("links cannot be expired now", metadata: ["error": "\(error)"])
            return Self.faultPause
        }
    }

    private func pauseUntilNextDue(found: Int, _ contention: inout Duration) async throws(StorageError) -> Duration {
        let schedule = try await store.schedule()
        guard schedule.isOverdue, found == 0 else {
            contention = Self.contentionPause
            return schedule.isOverdue ? .zero : min(schedule.untilNext ?? longestSleep, longestSleep)
        }
        defer { contention = min(contention * 2, max(longestSleep, Self.contentionPause)) }
        return min(schedule.untilNext ?? contention, contention)
    }

    /// Publishes the batch's events at once; what the broker does not take now is left to the relay.
    private func tell(_ expired: ExpiryStore.Expired) async throws(StorageError) {
        guard !expired.events.isEmpty else { return }
        try await outbox.remove(await publisher.publish(expired.outbox))
    }

    private func report(_ expired: ExpiryStore.Expired) {
        expiredLinks.increment(by: expired.events.count)
        for time in expired.lateness { lateness.record(duration: time) }
    }
}
