import Foundation

/// Why a call did not work.
///
/// If the request may have been done, the error has the idempotency key that the call went out with: send the
/// same again with this key, and it is done once. Without the key it may be done twice.
public enum PaylinksError: Error, Sendable, Hashable {
    /// The API said no, and why.
    case refused(Refusal)
    /// No answer came: whether the request was heard is not known.
    case noAnswer(String, idempotencyKeys: [String] = [])
    /// No answer came in time: not known yet, never failed.
    case timedOut(idempotencyKeys: [String] = [])
    /// The answer is not what this client knows.
    case unreadable(String, idempotencyKeys: [String] = [])
    /// The task was cancelled.
    case cancelled(idempotencyKeys: [String] = [])

    /// What the API said, if it said anything.
    public var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// The key of the call whose outcome is not known: send the same again with this key.
    public var idempotencyKey: String? { idempotencyKeys.first }

    /// The keys of everything whose outcome is not known: of a call at most one; of a batch those of the lines that
    /// were sent and whose result did not come, in their order, the first that of the line behind the last result.
    public var idempotencyKeys: [String] {
        switch self {
        case .refused(let refusal): refusal.idempotencyKeys
        case .noAnswer(_, let keys), .timedOut(let keys), .unreadable(_, let keys), .cancelled(let keys): keys
        }
    }
}

extension PaylinksError {
    /// Whether the request may have been done.
    var leavesUnknown: Bool { refusal?.leavesUnknown ?? true }

    /// The same, with the keys of what has no known outcome.
    func telling(_ keys: [String]) -> PaylinksError {
        if keys.isEmpty { return self }
        switch self {
        case .refused(var refusal):
            refusal.idempotencyKeys = keys
            return .refused(refusal)
        case .noAnswer(let reason, _): return .noAnswer(reason, idempotencyKeys: keys)
        case .timedOut: return .timedOut(idempotencyKeys: keys)
        case .unreadable(let reason, _): return .unreadable(reason, idempotencyKeys: keys)
        case .cancelled: return .cancelled(idempotencyKeys: keys)
        }
    }
}

/// An answer of the API that is an error: a stable code, and a sentence for people.
public struct Refusal: Error, Sendable, Hashable {
    /// What family the code belongs to, by the answer's status.
    public enum Kind: Sendable, Hashable {
        /// 400, 413, 415: what was sent is wrong; `fields` names every wrong field.
        case validation
        /// 401: no key that counts, or no authority over the wallet.
        case authentication
        /// 402: the wallet does not hold enough.
        case insufficientFunds
        /// 403: the key, the payer or the wallet may not do this.
        case permission
        /// 404
        case notFound
        /// 409, 410: something else came first.
        case conflict
        /// 422: it is right in itself, and cannot be done.
        case unprocessable
        /// 429
        case rateLimit
        /// 5xx: a fault on the other side.
        case server
        case other
    }

    public struct FieldProblem: Sendable, Hashable, Codable {
        /// The path in the body, such as `destination.routingNumber`.
        public let field: String
        public let code: String
        public let message: String
    }

    public let status: Int
    /// As in `LINK_ALREADY_CLAIMED`.
    public let code: String
    public let message: String
    /// Facts for programs, as far as they are texts.
    public let details: [String: String]
    /// Every field that is wrong, of a validation.
    public let fields: [FieldProblem]
    /// The id under which the other side's log speaks of the request.
    public let requestId: String?
    /// How long to wait before the next try.
    public let retryAfter: Duration?
    /// The keys of requests that may have been done, as of the error that it is thrown in.
    public internal(set) var idempotencyKeys: [String] = []

    package init(
        status: Int, code: String, message: String, details: [String: String], fields: [FieldProblem],
        requestId: String?, retryAfter: Duration?
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.fields = fields
        self.requestId = requestId
        self.retryAfter = retryAfter
    }

    public var kind: Kind {
        switch status {
        case 400, 413, 415: .validation
        case 401: .authentication
        case 402: .insufficientFunds
        case 403: .permission
        case 404: .notFound
        case 409, 410: .conflict
        case 422: .unprocessable
        case 429: .rateLimit
        case 500...599: .server
        default: .other
        }
    }
}

extension Refusal {
    /// Whether the request may have been done: a fault does not say.
    var leavesUnknown: Bool {
        !RetryPolicy.refusedAtTheDoor.contains(code) && (status >= 500 || code == "IDEMPOTENCY_IN_PROGRESS")
    }

    /// Reads an answer that is an error; one that is none of the API's own has no code.
    init(_ answer: Answer) {
        self.init(
            status: answer.status, try? JSON.decoder.decode(Envelope.self, from: answer.body),
            requestId: answer.header("request-id"),
            retryAfter: answer.header("retry-after").flatMap { RetryAfter.pause($0, from: Date()) })
    }

    init(status: Int, _ envelope: Envelope?, requestId: String?, retryAfter: Duration?) {
        let error = envelope?.error
        self.init(
            status: status, code: error?.code ?? "", message: error?.message ?? "The answer was \(status).",
            details: error?.details?.facts ?? [:], fields: error?.details?.fields ?? [], requestId: requestId,
            retryAfter: retryAfter)
    }

    struct Envelope: Decodable {
        let error: Body

        struct Body: Decodable {
            let code: String
            let message: String
            let details: Details?
        }
    }

    struct Details: Decodable {
        let fields: [FieldProblem]
        let facts: [String: String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            fields = (try? container.decode([FieldProblem].self, forKey: Name("fields"))) ?? []
            let facts = container.allKeys.compactMap { key in
                (try? container.decode(String.self, forKey: key)).map { (key.stringValue, $0) }
            }
            self.facts = Dictionary(facts) { $1 }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
