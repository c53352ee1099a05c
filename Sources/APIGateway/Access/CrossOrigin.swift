package import Hummingbird
import HTTPTypes

/// Lets web pages of any origin pay: a browser can call every route under a link's public address. (Fetch, CORS)
///
/// These routes use no cookies, and a page that sends a key already has it, so every origin is allowed. Pages can also
/// send fields that the API ignores, such as those of tracing libraries. A request with an `Origin` is not plain, so it
/// never takes the express lane.
package struct CrossOrigin: RouterMiddleware {
    package typealias Context = GatewayContext

    private static let publicPath = "/v1/payment-links/claim/"
    private static let methods = "GET, POST"
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
            ? Response(status: .noContent, headers: Self.preflight(request)) : try await next(request, context)
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = Self.answers
        return response
    }

    private static func preflight(_ request: Request) -> HTTPFields {
        let allowed = AllowedFields.list(asked: request.headers[values: .accessControlRequestHeaders])
        return [
            .accessControlAllowMethods: methods, .accessControlAllowHeaders: allowed, .accessControlMaxAge: maxAge,
            .vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
        ]
    }
}
