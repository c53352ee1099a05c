package import Sealing
package import Storage
import Synchronization

/// Knows API keys, and remembers what it was told of them for a few seconds.
///
/// A revoked key works no longer than `timeToLive` after its end. What no key is known by is remembered too, for a
/// shorter time, so that a caller with a wrong key does not ask the database at every request.
package final class KeyDirectory: Sendable {
    package typealias Lookup = @Sendable (_ secretDigest: [UInt8]) async throws(StorageError) -> APIKey?

    private struct Entry {
        /// `nil`: there is no such key.
        let key: APIKey?
        let until: ContinuousClock.Instant
    }

    private static let longestMemoryOfUnknown = Duration.seconds(1)

    private let timeToLive: Duration
    private let limit: Int
    private let lookup: Lookup
    private let entries = Mutex<[[UInt8]: Entry]>([:])

    /// - Parameter limit: the most keys that are remembered at a time.
    package init(timeToLive: Duration, limit: Int = 10_000, lookup: @escaping Lookup) {
        self.timeToLive = timeToLive
        self.limit = limit
        self.lookup = lookup
    }

    /// The key with this secret, be it revoked or expired; `nil` when there is none.
    package func key(_ secret: APISecret, at now: ContinuousClock.Instant = .now) async throws(StorageError) -> APIKey? {
        if let key = remembered(secret, at: now) { return key }
        let digest = secret.digest
        let key = try await lookup(digest)
        remember(key, by: digest, at: now)
        return key
    }

    /// The same as far as it is remembered: `.some(nil)` when there is known to be no such key, `nil` when it must be
    /// looked up.
    package func remembered(_ secret: APISecret, at now: ContinuousClock.Instant = .now) -> APIKey?? {
        guard let entry = entries.withLock({ $0[secret.digest] }), entry.until > now else { return nil }
        return .some(entry.key)
    }

    package var count: Int { entries.withLock { $0.count } }

    private func remember(_ key: APIKey?, by digest: [UInt8], at now: ContinuousClock.Instant) {
        let life = key == nil ? min(timeToLive, Self.longestMemoryOfUnknown) : timeToLive
        entries.withLock { entries in
            if entries.count >= limit { Self.makeRoom(in: &entries, at: now) }
            entries[digest] = Entry(key: key, until: now + life)
        }
    }

    /// Forgets what is out of date and, if that is too little, half of the rest.
    private static func makeRoom(in entries: inout [[UInt8]: Entry], at now: ContinuousClock.Instant) {
        let count = entries.count
        entries = entries.filter { $0.value.until > now }
        guard entries.count > count / 2 else { return }
        for digest in entries.keys.prefix(entries.count / 2 + 1) { entries[digest] = nil }
    }
}
