package import Hummingbird
import HTTPTypes

/// Lets web pages of any origin pay: what is under a link's public address may be called from a browser. (Fetch, CORS)
///
/// Nothing there goes by cookies, and a page that brings a key has it already, so every origin may. A request with an
/// `Origin` is not plain, so the express lane has none of it.
package struct CrossOrigin: RouterMiddleware {
    package typealias Context = GatewayContext

    private static let publicPath = "/v1/payment-links/claim/"
    private static let methods = "GET, POST"
    private static let headers = "Authorization, Content-Type, Idempotency-Key, Prefer, X-Request-Id, traceparent"
    private static let answers =
        "Request-Id, Location, Retry-After, Idempotent-Replayed, Preference-Applied, RateLimit, RateLimit-Policy"
    /// How many seconds a browser may remember the answer: a day, which is more than any does.
    private static let maxAge = "86400"

    package init() {}

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        guard request.headers[.origin] != nil, request.uri.path.hasPrefix(Self.publicPath) else {
            return try await next(request, context)
        }
        var response =
            request.method == .options && request.headers[.accessControlRequestMethod] != nil
            ? Response(status: .noContent, headers: Self.preflight) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = Self.answers
        return response
    }

    private static let preflight: HTTPFields = [
        .accessControlAllowMethods: methods, .accessControlAllowHeaders: headers, .accessControlMaxAge: maxAge,
    ]
}
