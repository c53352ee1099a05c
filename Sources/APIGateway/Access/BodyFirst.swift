package import Hummingbird
import HTTPTypes

/// Has a request's body here before the request counts as one that is worked on, so that a slow sender takes no
/// place from others. Batches are read while they are worked on, and have places of their own.
package struct BodyFirst: RouterMiddleware {
    package typealias Context = GatewayContext

    private let batches: Set<String>

    /// - Parameter batches: the paths whose bodies are left alone.
    package init(besides batches: Set<String>) {
        self.batches = batches
    }

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        // What is announced as too long is refused unread.
        guard request.announcedLength <= Request.longestBody, !batches.contains(request.uri.path) else {
            return try await next(request, context)
        }
        var request = request
        _ = try await request.collectBody(upTo: Request.longestBody)
        return try await next(request, context)
    }
}
