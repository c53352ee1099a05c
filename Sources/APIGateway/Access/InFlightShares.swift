package import Hummingbird
import Metrics
import PaymentLinks
import Synchronization

/// Leaves room for other callers among the requests that are worked on at once: no organization in one environment, and
/// no address without a key, has more than half of the places.
///
/// It stands after the admission, which finds out who calls.
package final class InFlightShares: RouterMiddleware {
    package typealias Context = GatewayContext

    private let share: Int
    private let counts = Mutex<[RateLimiter.Subject: Int]>([:])
    private let shed = Counter(label: "paylinks_requests_shed_total")

    /// - Parameter limit: how many requests are worked on at once, of all callers.
    package init(limit: Int) {
        share = max(1, limit / 2)
    }

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        let subject = context.meter?.subject
        guard enter(subject) else { throw Refusal.overloaded }
        defer { leave(subject) }
        return try await next(request, context)
    }

    /// Counts a request in, which must `leave` again. Returns false, without counting it, if the caller's share is used
    /// up. A caller without a subject is not limited.
    package func enter(_ subject: RateLimiter.Subject?) -> Bool {
        guard let subject else { return true }
        let isTaken = counts.withLock { counts in
            let own = counts[subject, default: 0]
            guard own < share else { return false }
            counts[subject] = own + 1
            return true
        }
        if !isTaken { shed.increment() }
        return isTaken
    }

    package func leave(_ subject: RateLimiter.Subject?) {
        guard let subject else { return }
        counts.withLock { counts in
            let rest = counts[subject, default: 0] - 1
            counts[subject] = rest > 0 ? rest : nil
        }
    }
}
