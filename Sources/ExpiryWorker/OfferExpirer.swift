import Logging
import Metrics
import Storage

/// Ends offers that were not paid in time.
///
/// A claim reads as EXPIRED from the moment its time has passed, so this need not be punctual. Any number may run.
struct OfferExpirer: Sendable {
    private static let faultPause = Duration.seconds(1)

    let store: OfferExpiryStore
    let batchLimit: Int
    /// How long to rest once no more offers are due.
    let interval: Duration
    let logger: Logger
    private let expired = Counter(label: "paylinks_offers_expired_total")

    init(store: OfferExpiryStore, batchLimit: Int, interval: Duration, logger: Logger) {
        self.store = store
        self.batchLimit = batchLimit
        self.interval = interval
        self.logger = logger
    }

    /// Ends offers until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let pause = await expireOnce()
            guard pause > .zero else { continue }
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// Ends one batch, and returns how long to rest before the next.
    private func expireOnce() async -> Duration {
        do {
            let count = try await store.expireDue(limit: batchLimit)
            expired.increment(by: count)
            return count == batchLimit ? .zero : interval
        } catch {
            logger.warning("offers cannot be expired now", metadata: ["error": "\(error)"])
            return Self.faultPause
        }
    }
}
