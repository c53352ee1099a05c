import APIGateway
import PaymentLinks
import Testing

@Suite("The HTTP status of every error code")
struct ErrorStatusTests {
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
}
