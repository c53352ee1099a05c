import HTTPTypes
import PaymentLinks

/// What is answered to a request that cannot be told apart from noise.
enum MalformedRequest {
    private static let invalid = InvalidRequest(
        field: "request", code: "MALFORMED",
        message: "Send well-formed HTTP/1.1, its target and fields in ASCII; the connection is closed.")

    static var answer: Answer {
        var answer = ErrorEnvelope.answer(to: invalid)
        var generator = PooledRandomNumberGenerator()
        answer.headers[.requestId] = RequestID.make(from: nil, using: &generator)
        return answer
    }
}
