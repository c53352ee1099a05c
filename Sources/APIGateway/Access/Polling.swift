import ServiceLifecycle

/// Asks the database again and again for those who wait for its word, until the gateway stops.
///
/// A waiting caller takes one of the gateway's places for requests, so their number is bounded. Without a slot, a
/// caller gets at once what is known, as if it had not asked to wait.
package struct Polling: Sendable {
    let slots: FairSlots

    package init(slots: FairSlots) {
        self.slots = slots
    }

    /// - Parameter subject: who is held to a share of the slots.
    package func value<Value>(
        within wait: Duration, every interval: Duration, for subject: RateLimiter.Subject?,
        until isDone: (Value) -> Bool, _ read: () async throws -> Value
    ) async throws -> Value {
        let deadline = ContinuousClock.now + wait
        let value = try await read()
        guard wait > .zero, !isDone(value), let slot = slots.take(for: subject) else { return value }
        defer { withExtendedLifetime(slot) {} }
        return try await Self.value(value, by: deadline, every: interval, until: isDone, read)
    }

    /// The same for who has a slot already.
    static func value<Value>(
        _ known: Value, by deadline: ContinuousClock.Instant, every interval: Duration, until isDone: (Value) -> Bool,
        _ read: () async throws -> Value
    ) async throws -> Value {
        var value = known
        while !isDone(value), !Task.isShuttingDownGracefully {
            let rest = deadline - .now
            guard rest > .zero else { break }
            try await Task.sleep(for: min(interval, rest))
            value = try await read()
        }
        return value
    }
}
