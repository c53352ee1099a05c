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
        guard enter() else { throw Refusal.overloaded }
        defer { leave() }
        return try await next(request, context)
    }

    /// Counts a request in, which must `leave` again; false, and it is not counted, when it is one too many.
    func enter() -> Bool {
        if inFlight.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
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
