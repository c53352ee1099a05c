import PaymentLinks
import Testing

@Suite("Error codes and names")
struct ErrorCodeTests {
    private static let statuses: [(status: Int, codes: String)] = [
        (400, "VALIDATION_ERROR INVALID_AMOUNT INVALID_JSON"),
        (401, "UNAUTHORIZED API_KEY_REVOKED WALLET_AUTHORIZATION_REQUIRED"),
        (402, "INSUFFICIENT_FUNDS"),
        (403, "PERMISSION_DENIED ENVIRONMENT_MISMATCH WALLET_FROZEN SANDBOX_ONLY WALLET_OUT_OF_SCOPE IP_NOT_ALLOWED"),
        (403, "RECIPIENT_NOT_ALLOWED"),
        (404, "PAYMENT_LINK_NOT_FOUND WALLET_NOT_FOUND WEBHOOK_NOT_FOUND CLAIM_NOT_FOUND"),
        (404, "TRANSACTION_NOT_FOUND NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
        (409, "IDEMPOTENCY_KEY_REUSE IDEMPOTENCY_IN_PROGRESS LINK_NOT_ACTIVE LINK_ALREADY_CLAIMED LINK_CANCELLED"),
        (409, "CLAIM_NOT_RELEASABLE"),
        (409, "LINK_NOT_READY"),
        (410, "LINK_EXPIRED"),
        (413, "PAYLOAD_TOO_LARGE"),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (422, "SELF_CLAIM AMOUNT_NOT_REPRESENTABLE AMOUNT_EXCEEDS_RAIL_LIMIT RAIL_UNAVAILABLE"),
        (429, "RATE_LIMIT_EXCEEDED"),
        (500, "INTERNAL_ERROR"),
        (503, "QUEUE_UNAVAILABLE DATABASE_UNAVAILABLE OVERLOADED"),
    ]

    @Test("Every code of the contract has its status, and there is no other code")
    func table() {
        let expected = Self.statuses.flatMap { row in row.codes.split(separator: " ").map { ("\($0)", row.status) } }
        let actual = ErrorCode.allCases.map { ($0.rawValue, $0.httpStatus) }
        #expect(Dictionary(uniqueKeysWithValues: actual) == Dictionary(uniqueKeysWithValues: expected))
    }

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
