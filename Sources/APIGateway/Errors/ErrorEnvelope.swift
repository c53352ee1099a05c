package import Hummingbird
import HTTPTypes
import Jobs
import Logging
import NIOCore
package import PaymentLinks
import Storage

/// Turns every error into the one shape that callers know: `{"error":{"code","message","details"}}`.
///
/// This is the only place that writes it. What is not a word of ours becomes a plain 500, and only the log, under
/// the request's id, tells what it was.
package struct ErrorEnvelope: RouterMiddleware {
    package typealias Context = GatewayContext

    /// What `Retry-After` says of faults that pass by themselves, in seconds.
    private static let pauseBeforeRetry = 1

    package init() {}

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Self.response(to: error, logger: context.logger)
        }
    }

    /// The answer to an error; errors of ours are logged as well.
    static func response(to error: any Error, logger: Logger) -> Response {
        switch error {
        case let refusal as Refusal: return response(to: refusal)
        case let invalid as InvalidRequest: return response(to: invalid)
        case let method as MethodNotAllowed: return response(to: method)
        case let error as JobError: return response(to: error)
        case let error as StorageError: return response(to: error, logger: logger)
        case is NIOTooManyBytesError: return response(to: Refusal.payloadTooLarge)
        case let error as any HTTPResponseError where error.status == .notFound: return response(to: .noSuchRoute)
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            return response(to: Refusal.internalError)
        }
    }

    package static func response(to refusal: Refusal) -> Response {
        var response = response(refusal.code, refusal.message) { writer in
            guard let details = refusal.details else { return }
            writer.field("details", object: { writer in
                for (name, value) in details.sorted(by: { $0.key < $1.key }) { writer.field(named: name, value) }
            })
        }
        if refusal.code.isPassing { response.headers[.retryAfter] = String(pauseBeforeRetry) }
        if refusal.code.httpStatus == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    private static func response(to invalid: InvalidRequest) -> Response {
        response(invalid.code, invalid.message) { writer in
            writer.field("details", object: { writer in
                writer.field("fields", array: invalid.fields) { writer, field in
                    writer.object { writer in
                        writer.field("field", field.field)
                        writer.field("code", field.code)
                        writer.field("message", field.message)
                    }
                }
            })
        }
    }

    private static func response(to error: MethodNotAllowed) -> Response {
        var response = response(
            to: Refusal(code: .methodNotAllowed, message: "This address takes \(error.allowed) only."))
        response.headers[.allow] = error.allowed
        return response
    }

    private static func response(to error: JobError) -> Response {
        switch error {
        case .queueUnavailable: response(to: Refusal.queueUnavailable)
        case .overloaded: response(to: Refusal.overloaded)
        }
    }

    private static func response(to error: StorageError, logger: Logger) -> Response {
        guard error.isTransient else {
            logger.error("request failed in storage", metadata: ["error": "\(error)"])
            return response(to: Refusal.internalError)
        }
        logger.warning("database is not available", metadata: ["error": "\(error)"])
        return response(to: Refusal.databaseUnavailable)
    }

    private static func response(
        _ code: ErrorCode, _ message: String, details: (inout JSONWriter) -> Void
    ) -> Response {
        let body = JSONWriter.object { writer in
            writer.field("error", object: { writer in
                writer.field("code", code.rawValue)
                writer.field("message", message)
                details(&writer)
            })
        }
        return Response(status: .init(code: code.httpStatus), json: body)
    }
}

extension ErrorCode {
    /// Whether the same request may well succeed in a moment, so that the answer says when to try again.
    fileprivate var isPassing: Bool {
        switch self {
        case .queueUnavailable, .databaseUnavailable, .overloaded, .idempotencyInProgress, .rateLimitExceeded: true
        default: false
        }
    }
}
