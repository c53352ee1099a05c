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
        defer { inFlight.subtract(1, ordering: .relaxed) }
        guard inFlight.add(1, ordering: .relaxed).newValue <= limit else {
            shed.increment()
            throw Refusal.overloaded
        }
        return try await next(request, context)
    }
}
