/// When an event is sent again to an endpoint that did not take it.
package struct DeliverySchedule: Sendable, Hashable {
    /// Each pause is made up to this share longer or shorter, so that a recovering endpoint is not hit all at once.
    package static let jitter = 0.1
    /// The longest pause that an endpoint can ask for.
    package static let longestRetryAfter = Duration.seconds(24 * 3600)

    /// The pause before each attempt; the first one's is zero, for that is made at once.
    package let pauses: [Duration]

    /// - Parameter pauses: at least one; there are as many attempts as pauses.
    package init(pauses: [Duration]) {
        precondition(pauses.first == .zero, "a schedule has at least one attempt, and begins with it")
        self.pauses = pauses
    }

    /// How long to wait after this many attempts have failed; `nil` when they are used up.
    ///
    /// - Parameter retryAfter: what the endpoint asked for: it can make the pause longer, never shorter.
    package func pause(
        afterAttempts count: Int, retryAfter: Duration?, using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard pauses.indices.contains(count) else { return nil }
        let jittered = pauses[count] * Double.random(in: 1 - Self.jitter...1 + Self.jitter, using: &generator)
        return max(jittered, min(retryAfter ?? .zero, Self.longestRetryAfter))
    }
}
