import Hummingbird
import HTTPTypes
import PaymentLinks

extension Response {
    /// An answer in JSON.
    init(status: HTTPResponse.Status, json: [UInt8], headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }

    /// The answer as it is for a request that came before.
    func replayed(_ isReplayed: Bool) -> Response {
        guard isReplayed else { return self }
        var response = self
        response.headers[.idempotentReplayed] = "true"
        return response
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
    static let rateLimit = HTTPField.Name(known: "RateLimit")
    static let rateLimitPolicy = HTTPField.Name(known: "RateLimit-Policy")

    /// Traps when the name is not a token: it is a constant of this program.
    private init(known name: String) {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header field") }
        self = name
    }
}

extension Response {
    /// A promise: the request is on disk as a job, and its outcome will be at `location`.
    static func accepted(_ json: [UInt8], at location: String) -> Response {
        Answer.accepted(json, at: location).response
    }

    /// Says which of the caller's preferences were heeded. (RFC 7240, section 3)
    func applying(_ preferences: Preferences) -> Response {
        guard let applied = preferences.applied else { return self }
        var response = self
        response.headers[.preferenceApplied] = applied
        return response
    }
}
