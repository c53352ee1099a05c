import PaymentLinks
import Storage

/// Knows the oldest settlements that rails work on, by walking through the claims a bounded step at a time.
///
/// It keeps the ids that a walk found, and walks on when all of these are settled. At the end of the claims it goes
/// back by `slack`, since a claim may be written later than its id was made.
struct PendingSettlements: Sendable {
    /// Claims that one step looks at.
    private static let stepLimit = 5_000
    /// The most steps at a time, so that the claims' table is read slowly: a million claims take under two minutes.
    private static let stepsAtOnce = 4
    /// Longer than a claim waits for its decision, or an offer for its money.
    private static let slack = Duration.seconds(26 * 3600)

    private let store: BacklogStore
    private var known: [ClaimID] = []
    private var cursor = ClaimID(bits: 0)

    init(store: BacklogStore) {
        self.store = store
    }

    /// How long the oldest has waited; zero when none is known.
    mutating func oldestAge() async throws(StorageError) -> Duration {
        for _ in 0..<Self.stepsAtOnce {
            if let age = try await store.oldestPending(of: known) { return age }
            let walk = try await store.walk(after: cursor, limit: Self.stepLimit)
            known = walk.pending
            guard let last = walk.last else {
                goBack()
                return .zero
            }
            cursor = last
        }
        return .zero
    }

    private mutating func goBack() {
        let time = Timestamp.now().milliseconds - Int64(Self.slack / .milliseconds(1))
        cursor = min(cursor, ClaimID(bits: UInt128(max(0, time)) << 80))
    }
}
