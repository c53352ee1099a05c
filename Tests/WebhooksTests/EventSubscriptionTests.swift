import PaymentLinks
import Testing
import Webhooks

@Suite("Event subscriptions")
struct EventSubscriptionTests {
    @Test(
        "Names are kept, once each; absent or with the asterisk they mean all",
        arguments: [
            (nil, ["*"]), (["*"], ["*"]), (["payment_link.claimed", "*"], ["*"]),
            (
                ["payment_link.claimed", "wallet.funded", "payment_link.claimed"],
                ["payment_link.claimed", "wallet.funded"]
            ),
            (["payment.completed", "payment_link.expired"], ["payment.completed", "payment_link.expired"]),
        ] as [([String]?, [String])])
    func good(names: [String]?, events: [String]) throws {
        #expect(try EventSubscription.parse(names) == events)
    }

    @Test(
        "A wrong name is told with its place",
        arguments: [
            "payment_link.claimd", "wallet.", "webhook.enabled", "claimed", "", "Payment.completed", "a..b", "**",
        ])
    func wrong(name: String) {
        let error = #expect(throws: FieldError.self) {
            try EventSubscription.parse(["payment_link.claimed", name])
        }
        #expect(error?.field == "events[1]")
        #expect(error?.code == "UNKNOWN_EVENT")
    }

    @Test("An empty list is refused: an endpoint that wants nothing is a slip")
    func empty() {
        #expect(throws: FieldError.self) { try EventSubscription.parse([]) }
    }
}
