import Logging
import Metrics
import ServiceHost
import Storage

/// Exports how long the oldest work has waited, so that a worker that is stopped or stuck shows somewhere else.
struct BacklogGauges: Sendable {
    private static let interval = Duration.seconds(2)

    let store: BacklogStore
    let logger: Logger
    private let overdueLink = Gauge(label: "paylinks_expiry_oldest_overdue_seconds")
    private let dueDelivery = Gauge(label: "paylinks_webhook_oldest_due_seconds")
    private let pendingSettlement = Gauge(label: "paylinks_settlement_oldest_pending_seconds")

    init(store: BacklogStore, metrics: MetricsRegistry, logger: Logger) {
        self.store = store
        self.logger = logger
        metrics.describe(
            "paylinks_expiry_oldest_overdue_seconds", "Time since the oldest overdue link should have expired.")
        metrics.describe(
            "paylinks_webhook_oldest_due_seconds", "Time since the oldest delivery to a healthy endpoint became due.")
        metrics.describe(
            "paylinks_settlement_oldest_pending_seconds", "Time since the claim of the oldest PENDING settlement.")
        metrics.describe("paylinks_outbox_messages", "Rows in the outbox, counted up to 100,000.")
        metrics.describe("paylinks_outbox_oldest_seconds", "Age of the oldest row in the outbox.")
    }

    /// Measures until the task is cancelled.
    func run() async {
        var settlements = PendingSettlements(store: store)
        while !Task.isCancelled {
            do {
                let ages = try await store.ages()
                record(ages.overdueLink, overdueLink)
                record(ages.dueDelivery, dueDelivery)
                record(try await settlements.oldestAge(), pendingSettlement)
            } catch {
                for gauge in [overdueLink, dueDelivery, pendingSettlement] { gauge.record(Double.nan) }
                logger.warning("the backlog cannot be measured now", metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func record(_ age: Duration, _ gauge: Gauge) {
        gauge.record(age / .seconds(1))
    }
}
