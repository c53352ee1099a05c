import Synchronization

/// Counts the uses of a sealing key in this process.
///
/// AES-256-GCM with random nonces is safe for 2^32 uses of a key: beyond that two equal nonces become likely enough to
/// matter. (NIST SP 800-38D, section 8.3)
package final class SealingCounter: Sendable {
    /// The most uses of one key.
    package static let limit: Int64 = 1 << 32
    /// The number of uses at which a key is due for rotation: half of the limit.
    package static let rotationDue: Int64 = limit / 2

    private let count = Atomic<Int64>(0)

    func add() { count.add(1, ordering: .relaxed) }

    /// The uses since the last call.
    package func take() -> Int64 { count.exchange(0, ordering: .relaxed) }

    /// Puts back uses that could not be reported.
    package func restore(_ uses: Int64) { count.add(uses, ordering: .relaxed) }
}
