import Metrics
import PaymentLinks
import Storage

/// What operators watch of deliveries.
struct DeliveryMetrics: Sendable {
    private let delivered = Counter(label: "paylinks_webhook_attempts_total", dimensions: [("result", "delivered")])
    private let refused = Counter(label: "paylinks_webhook_attempts_total", dimensions: [("result", "refused")])
    private let unreached = Counter(label: "paylinks_webhook_attempts_total", dimensions: [("result", "unreached")])
    private let duration = Timer(label: "paylinks_webhook_attempt_duration_seconds")
    /// From the event's making to the end of its first attempt; of what is sent again, as by a replay, the age says
    /// nothing.
    private let firstAttempt = Timer(label: "paylinks_webhook_first_attempt_seconds")

    func attempted(_ delivery: LeasedDelivery, _ answer: EndpointAnswer, duration: Duration) {
        counter(answer).increment()
        self.duration.record(duration: duration)
        guard delivery.isNew else { return }
        let age = Timestamp.now().milliseconds - delivery.eventId.ulid.milliseconds
        firstAttempt.record(duration: .milliseconds(max(0, age)))
    }

    private func counter(_ answer: EndpointAnswer) -> Counter {
        if answer.isSuccess { return delivered }
        return answer.statusCode == nil ? unreached : refused
    }
}
