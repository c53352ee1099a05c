import PaymentLinks
import Storage
import WebhookWorker

/// Deliveries that differ in their numbers alone.
enum Sample {
    static func endpoint(_ number: Int) -> WebhookID { WebhookID(bits: UInt128(number)) }

    static func delivery(_ number: Int, to endpoint: Int, isDoubtful: Bool = false) -> LeasedDelivery {
        LeasedDelivery(
            id: DeliveryID(bits: UInt128(number)),
            target: DeliveryTarget(
                webhookId: Self.endpoint(endpoint), url: "https://example.com/\(endpoint)", sealedSecret: [],
                sealedPreviousSecret: nil, isDoubtful: isDoubtful),
            eventId: EventID(bits: UInt128(number)), body: [], attempts: 0)
    }

    static func held(
        _ numbers: some Sequence<Int>, to endpoint: Int, isDoubtful: Bool = false,
        until leaseEnd: ContinuousClock.Instant = .now + .seconds(3600)
    ) -> [HeldDelivery] {
        numbers.map { HeldDelivery(delivery: delivery($0, to: endpoint, isDoubtful: isDoubtful), leaseEnd: leaseEnd) }
    }
}
