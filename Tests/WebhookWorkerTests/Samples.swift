import NIOPosix
import PaymentLinks
import Storage
import WebhookWorker

extension LookupThreads {
    /// The process's own threads, whatever the standing.
    static let shared = LookupThreads(well: .singleton, untried: .singleton, failing: .singleton)
}

/// Deliveries that differ in their numbers alone.
enum Sample {
    static func endpoint(_ number: Int) -> WebhookID { WebhookID(bits: UInt128(number)) }

    static func delivery(_ number: Int, to endpoint: Int, standing: EndpointStanding = .well, recoveries: Int64 = 0)
        -> LeasedDelivery
    {
        LeasedDelivery(
            id: DeliveryID(bits: UInt128(number)),
            target: DeliveryTarget(
                webhookId: Self.endpoint(endpoint), url: "https://example.com/\(endpoint)", sealedSecret: [],
                sealedPreviousSecret: nil, standing: standing, recoveries: recoveries),
            eventId: EventID(bits: UInt128(number)), body: [], attempts: 0)
    }

    static func held(
        _ numbers: some Sequence<Int>, to endpoint: Int, standing: EndpointStanding = .well,
        until leaseEnd: ContinuousClock.Instant = .now + .seconds(3600), recoveries: Int64 = 0
    ) -> [HeldDelivery] {
        numbers.map {
            HeldDelivery(
                delivery: delivery($0, to: endpoint, standing: standing, recoveries: recoveries), leaseEnd: leaseEnd)
        }
    }
}
