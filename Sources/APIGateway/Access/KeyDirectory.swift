package import PaymentLinks
package import Sealing
package import Storage
import Synchronization

/// Looks up API keys, and caches them for a few seconds.
///
/// A revoked key works no longer than `timeToLive` after its end, and no more at all where it was revoked. What no key
/// is known by is remembered too, for a shorter time, so that a caller with a wrong key does not ask the database at
/// every request; those who try many of them displace no key that counts.
package final class KeyDirectory: Sendable {
    package typealias Lookup = @Sendable (_ secretDigest: [UInt8]) async throws(StorageError) -> APIKey?

    private struct Entry {
        /// `nil`: there is no such key.
        let key: APIKey?
        let until: ContinuousClock.Instant
    }

    /// What is remembered by the digests of secrets; a bounded number.
    private struct Memory {
        var entries: [[UInt8]: Entry] = [:]

        mutating func keep(_ entry: Entry, by digest: [UInt8], limit: Int, at now: ContinuousClock.Instant) {
            if entries.count >= limit { entries.makeRoom(within: limit) { $0.until > now } }
            entries[digest] = entry
        }
    }

    private static let longestMemoryOfUnknown = Duration.seconds(1)

    private let timeToLive: Duration
    private let limit: Int
    private let lookup: Lookup
    private let state = Mutex(State())

    private struct State {
        var known = Memory()
        var unknown = Memory()
        /// How often keys were forgotten: what was looked up before the last time may be out of date.
        var forgotten = 0
    }

    /// - Parameter limit: the most keys that are remembered at a time, and the most secrets of none.
    package init(timeToLive: Duration, limit: Int = 10_000, lookup: @escaping Lookup) {
        self.timeToLive = timeToLive
        self.limit = limit
        self.lookup = lookup
    }

    /// The key with this secret, be it revoked or expired; `nil` when there is none.
    package func key(_ secret: APISecret, at now: ContinuousClock.Instant = .now) async throws(StorageError) -> APIKey?
    {
        if let key = remembered(secret, at: now) { return key }
        let digest = secret.digest
        let forgotten = state.withLock { $0.forgotten }
        let key = try await lookup(digest)
        remember(key, by: digest, at: now, unlessForgottenSince: forgotten)
        return key
    }

    /// The same as far as it is remembered: `.some(nil)` when there is known to be no such key, `nil` when it must be
    /// looked up.
    package func remembered(_ secret: APISecret, at now: ContinuousClock.Instant = .now) -> APIKey?? {
        let digest = secret.digest
        let entry = state.withLock { $0.known.entries[digest] ?? $0.unknown.entries[digest] }
        guard let entry, entry.until > now else { return nil }
        return .some(entry.key)
    }

    package var count: Int { state.withLock { $0.known.entries.count + $0.unknown.entries.count } }

    /// Forgets keys that were changed or revoked just now, so that the next request with one asks the database.
    package func forget(_ ids: [KeyID]) {
        let ids = Set(ids)
        state.withLock { state in
            state.forgotten += 1
            state.known.entries = state.known.entries.filter { entry in
                entry.value.key.map { !ids.contains($0.id) } ?? true
            }
        }
    }

    private func remember(
        _ key: APIKey?, by digest: [UInt8], at now: ContinuousClock.Instant, unlessForgottenSince forgotten: Int
    ) {
        let life = key == nil ? min(timeToLive, Self.longestMemoryOfUnknown) : timeToLive
        state.withLock { state in
            guard state.forgotten == forgotten else { return }
            let entry = Entry(key: key, until: now + life)
            if key == nil {
                state.unknown.keep(entry, by: digest, limit: limit, at: now)
            } else {
                state.unknown.entries[digest] = nil
                state.known.keep(entry, by: digest, limit: limit, at: now)
            }
        }
    }
}
