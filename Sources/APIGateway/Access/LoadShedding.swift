package import Hummingbird
import Metrics
import PaymentLinks
import Synchronization

/// Refuses requests at once while as many are worked on as the gateway may take.
package final class LoadShedding: RouterMiddleware {
    package typealias Context = GatewayContext

    private let limit: Int
    private let inFlight = Atomic<Int>(0)
    private let shed = Counter(label: "paylinks_requests_shed_total")

    package init(limit: Int) {
        self.limit = limit
    }

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        defer { leave() }
        guard enter() else { throw Refusal.overloaded }
        return try await next(request, context)
    }

    /// Counts a request in; false when it is one too many. Either way it must `leave`.
    func enter() -> Bool {
        if inFlight.add(1, ordering: .relaxed).newValue <= limit { return true }
        refuse()
        return false
    }

    /// Whether the next request would be one too many.
    var isFull: Bool { inFlight.load(ordering: .relaxed) >= limit }

    /// Counts a request that is refused.
    func refuse() { shed.increment() }

    func leave() {
        inFlight.subtract(1, ordering: .relaxed)
    }
}
