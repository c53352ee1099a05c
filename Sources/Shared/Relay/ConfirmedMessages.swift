package import PaymentLinks
import Synchronization

/// Outbox messages that the broker has, and whose rows wait to be removed with a later batch.
///
/// Losing them costs nothing but a second publication by the relay, so they are kept in memory only, and a bounded
/// number of them.
package final class ConfirmedMessages: Sendable {
    /// Beyond this the oldest are left to the relay.
    private static let limit = 20_000

    private let ids = Mutex<[ULID]>([])

    package init() {}

    package func add(_ confirmed: [ULID]) {
        ids.withLock { ids in
            ids.append(contentsOf: confirmed)
            if ids.count > Self.limit { ids.removeFirst(ids.count - Self.limit) }
        }
    }

    /// Takes all of them; the caller removes their rows, or gives them back by `add`.
    package func takeAll() -> [ULID] {
        ids.withLock { ids in
            defer { ids = [] }
            return ids
        }
    }
}
