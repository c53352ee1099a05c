import PaymentLinks
import Testing

@Suite("Error codes and names")
struct ErrorCodeTests {
    @Test("The names that travel are the contract's")
    func names() {
        #expect(LinkStatus.allCases.map(\.rawValue) == ["ACTIVE", "CLAIMED", "CANCELLED", "EXPIRED"])
        #expect(
            ClaimStatus.allCases.map(\.rawValue) == [
                "PROCESSING", "AWAITING_PAYMENT", "PENDING", "SETTLED", "FAILED", "EXPIRED", "CANCELLED", "REFUSED",
            ])
        #expect(TransactionStatus.allCases.map(\.rawValue) == ["PENDING", "POSTED", "FAILED", "REVERSED"])
        #expect(Environment.allCases.map(\.rawValue) == ["SANDBOX", "PRODUCTION"])
        #expect(Currency.allCases.map(\.rawValue) == ["USD", "USDC"])
        #expect(ClaimMethod.allCases.map(\.rawValue) == ["ach", "usdc", "wallet"])
        #expect(
            EventType.allCases.map(\.rawValue) == [
                "payment_link.created", "payment_link.claimed", "payment_link.expired", "payment_link.cancelled",
                "payment_link.settled", "payment_link.claim_failed", "wallet.funded",
                "wallet.debt_changed", "webhook.disabled",
            ])
        #expect(
            Permission.allCases.map(\.rawValue) == [
                "payments:read", "payments:write", "wallets:read", "wallets:write", "webhooks:read", "webhooks:write",
                "keys:read", "keys:write",
            ])
    }

    @Test("A refusal survives its way through JSON")
    func refusal() throws {
        let refusal = Refusal(code: .insufficientFunds, message: "Add funds.", details: ["balance": "1.00"])
        #expect(try JSON.value(JSON.text(refusal)) == refusal)
        let plain = Refusal(code: .selfClaim, message: "Pay from another wallet.")
        #expect(try JSON.value(JSON.text(plain)) == plain)
    }

    @Test("A field's error takes over the problem's code and words")
    func fieldErrors() throws {
        let error = FieldError(field: "destination.routingNumber", RoutingNumberError.checkDigit)
        #expect(error.code == "INVALID_CHECK_DIGIT")
        #expect(error.message == RoutingNumberError.checkDigit.message)
        #expect(try JSON.value(JSON.text(error)) == error)
    }
}
