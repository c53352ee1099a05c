import HTTPServing
import HTTPTypes
import Hummingbird
import PaymentLinks

extension Response {
    /// An answer in JSON.
    init(status: HTTPResponse.Status, json: [UInt8], headers: HTTPFields = [:]) {
        self.init(Answer(status: status, json: json, headers: headers))
    }
}

extension HTTPField.Name {
    static let requestId = HTTPField.Name(known: "Request-Id")
    static let xRequestId = HTTPField.Name(known: "X-Request-Id")
    static let traceparent = HTTPField.Name(known: "traceparent")
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")
    static let idempotentReplayed = HTTPField.Name(known: "Idempotent-Replayed")
    static let prefer = HTTPField.Name(known: "Prefer")
    static let preferenceApplied = HTTPField.Name(known: "Preference-Applied")
    static let forwardedFor = HTTPField.Name(known: "X-Forwarded-For")
    static let accelBuffering = HTTPField.Name(known: "X-Accel-Buffering")
    static let internalVersion = HTTPField.Name(known: ConnectionRules.versionField)
    static let rateLimit = HTTPField.Name(known: "RateLimit")
    static let rateLimitPolicy = HTTPField.Name(known: "RateLimit-Policy")

    /// Traps when the name is not a token: it is a constant of this program.
    private init(known name: String) {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header field") }
        self = name
    }
}
