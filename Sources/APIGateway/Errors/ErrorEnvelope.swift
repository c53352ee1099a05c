package import Hummingbird
import HTTPTypes
import Jobs
import Logging
import NIOCore
import NIOHTTP1
package import PaymentLinks
import Storage

/// Turns every error into the one shape that callers know: `{"error":{"code","message","details"}}`.
///
/// This is the only place that writes it. What is not a word of ours becomes a plain 500, and only the log, under
/// the request's id, says what it was.
package struct ErrorEnvelope: RouterMiddleware {
    package typealias Context = GatewayContext

    /// What `Retry-After` says of faults that pass by themselves, in seconds.
    private static let pauseBeforeRetry = 1
    /// What is counted, and sent to no one, for a request whose caller disconnected.
    private static let clientClosedRequest = HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")

    package init() {}

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Response(Self.answer(to: error, logger: context.logger))
        }
    }

    /// The answer to an error; errors of ours are logged as well.
    static func answer(to error: any Error, logger: Logger) -> Answer {
        switch error {
        case let refusal as Refusal: return answer(to: refusal)
        case let invalid as InvalidRequest: return answer(to: invalid)
        case let method as MethodNotAllowed: return answer(to: method)
        case let error as JobError: return answer(to: error)
        case let error as StorageError: return answer(to: error, logger: logger)
        case is IOError, is ChannelError, is CancellationError:
            logger.debug("the caller is gone", metadata: ["error": "\(error)"])
            return Answer(status: clientClosedRequest, json: [])
        case is NIOTooManyBytesError: return answer(to: Refusal.payloadTooLarge)
        case is HTTPParserError:
            let message = "Send the whole body, in well-formed chunks if it is chunked."
            return answer(to: InvalidRequest(field: "body", code: "MALFORMED", message: message))
        case let error as any HTTPResponseError where error.status == .notFound: return answer(to: .noSuchRoute)
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            return answer(to: Refusal.internalError)
        }
    }

    package static func answer(to refusal: Refusal) -> Answer {
        var answer = self.answer(refusal.code, refusal.message) { writer in
            if let fields = refusal.fields { return writer.details(of: fields) }
            guard let details = refusal.details else { return }
            writer.field(
                "details",
                object: { writer in
                    for (name, value) in details.sorted(by: { $0.key < $1.key }) { writer.field(named: name, value) }
                    for name in refusal.hiddenDetails { writer.field(named: name, json: "null") }
                })
        }
        if refusal.code.isPassing { answer.headers[.retryAfter] = String(pauseBeforeRetry) }
        if refusal.code.httpStatus == 401 { answer.headers[.wwwAuthenticate] = "Bearer" }
        return answer
    }

    static func answer(to invalid: InvalidRequest) -> Answer {
        answer(invalid.code, invalid.message) { $0.details(of: invalid.fields) }
    }

    private static func answer(to error: MethodNotAllowed) -> Answer {
        let sentences = ["This address takes \(error.allowed) only.", error.hint]
        let message = sentences.compactMap(\.self).joined(separator: " ")
        var answer = self.answer(to: Refusal(code: .methodNotAllowed, message: message))
        answer.headers[.allow] = error.allowed
        return answer
    }

    static func answer(to error: JobError) -> Answer {
        switch error {
        case .queueUnavailable: answer(to: Refusal.queueUnavailable)
        case .overloaded: answer(to: Refusal.overloaded)
        }
    }

    private static func answer(to error: StorageError, logger: Logger) -> Answer {
        if error.isLockTimeout {
            logger.warning("another session holds rows that a request needs", metadata: ["error": "\(error)"])
            return answer(to: Refusal.rowsLocked)
        }
        guard error.isTransient else {
            logger.error("request failed in storage", metadata: ["error": "\(error)"])
            return answer(to: Refusal.internalError)
        }
        logger.warning("database is not available", metadata: ["error": "\(error)"])
        return answer(to: Refusal.databaseUnavailable)
    }

    private static func answer(
        _ code: ErrorCode, _ message: String, details: (inout JSONWriter) -> Void
    ) -> Answer {
        let body = JSONWriter.object { writer in
            writer.field(
                "error",
                object: { writer in
                    writer.field("code", code.rawValue)
                    writer.field("message", message)
                    details(&writer)
                })
        }
        var answer = Answer(status: .init(code: code.httpStatus), json: body)
        answer.errorCode = code
        return answer
    }
}

extension JSONWriter {
    /// Everything that is wrong with a request, by its fields.
    fileprivate mutating func details(of problems: [FieldError]) {
        field("details", object: { $0.field("fields", problems) })
    }
}

extension Refusal {
    /// The balances that the answer shows as null, because its reader may not know them.
    fileprivate var hiddenDetails: [String] {
        guard code == .insufficientFunds else { return [] }
        return Self.balanceDetails.filter { details?[$0] == nil }
    }
}

extension ErrorCode {
    /// Whether the same request may well succeed in a moment, so that the answer says when to try again.
    fileprivate var isPassing: Bool {
        switch self {
        case .queueUnavailable, .databaseUnavailable, .overloaded, .rateLimitExceeded: true
        case .idempotencyInProgress, .linkNotReady: true
        default: false
        }
    }
}
