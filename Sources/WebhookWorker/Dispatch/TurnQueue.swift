import DequeModule
import PaymentLinks

/// Endpoints in the order of their turns; each stands in it once.
struct TurnQueue {
    private var endpoints: Deque<WebhookID> = []
    private var members: Set<WebhookID> = []

    mutating func add(_ endpoint: WebhookID) {
        if members.insert(endpoint).inserted { endpoints.append(endpoint) }
    }

    mutating func next() -> WebhookID? {
        guard let endpoint = endpoints.popFirst() else { return nil }
        members.remove(endpoint)
        return endpoint
    }
}
