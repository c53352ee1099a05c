package import PaymentLinks
import Synchronization

/// The idempotency keys whose requests wait for their outcome in this gateway.
///
/// It saves no work: equal requests wait together and get one outcome. It is asked only when one of them would
/// otherwise be told that it is a request of its own, with an address of its own, while the first still runs.
package final class KeysInFlight: Sendable {
    private struct Mark: Hashable {
        let key: Digest
        let request: Digest
    }

    private let counts = Mutex<[Mark: Int]>([:])

    package init() {}

    package var count: Int { counts.withLock { $0.count } }

    /// Counts a request, and returns whether an equal one is under way. Call `end` afterward.
    package func begin(_ key: Digest?, _ request: Digest) -> Bool {
        guard let key else { return false }
        return counts.withLock { counts in
            counts[Mark(key: key, request: request), default: 0] += 1
            return counts[Mark(key: key, request: request), default: 0] > 1
        }
    }

    /// The same for a request that waits so long; one that does not wait while an equal one runs is refused.
    func enter(_ key: Digest?, _ request: Digest, wait: Duration) throws(Refusal) -> Bool {
        let isRepeated = begin(key, request)
        if isRepeated, wait == .zero {
            end(key, request)
            throw .idempotencyInProgress
        }
        return isRepeated
    }

    package func end(_ key: Digest?, _ request: Digest) {
        guard let key else { return }
        counts.withLock { counts in
            let mark = Mark(key: key, request: request)
            let rest = counts[mark, default: 0] - 1
            counts[mark] = rest > 0 ? rest : nil
        }
    }
}
