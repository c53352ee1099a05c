package import Hummingbird
import HTTPTypes
import Logging
import PaymentLinks

/// Gives each request its id and its place in a trace, and counts and times its answer.
///
/// As the outermost of all, it also takes the body from every answer to HEAD, an error's too.
package struct Telemetry: RouterMiddleware {
    package typealias Context = GatewayContext

    private let metrics: RequestMetrics

    init(metrics: RequestMetrics) {
        self.metrics = metrics
    }

    package init() {
        self.init(metrics: RequestMetrics())
    }

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        let start = ContinuousClock.now
        let context = Self.identified(context, request)
        var response = try await next(request, context)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestId] = context.requestId
        metrics.record(
            route: context.endpointPath, method: request.method, status: response.status.code,
            duration: ContinuousClock.now - start)
        return response
    }

    private static func identified(_ context: GatewayContext, _ request: Request) -> GatewayContext {
        let identity = RequestIdentity(
            requestId: request.headers[.xRequestId], traceparent: request.headers[.traceparent])
        var context = context
        context.requestId = identity.requestId
        context.traceparent = identity.trace.traceparent
        identity.mark(&context.logger)
        return context
    }
}

/// What a request is known by: to its caller, to the log, and to the next service that works on it.
struct RequestIdentity: Sendable {
    let requestId: String
    let trace: TraceContext

    /// - Parameters:
    ///   - requestId: the caller's own id.
    ///   - traceparent: the caller's trace.
    init(requestId: String?, traceparent: String?) {
        var generator = PooledRandomNumberGenerator()
        trace = TraceContext(parent: traceparent, using: &generator)
        self.requestId = RequestID.make(from: requestId, using: &generator)
    }

    func mark(_ logger: inout Logger) {
        logger[metadataKey: "request_id"] = .string(requestId)
        logger[metadataKey: "trace_id"] = .string(trace.traceId)
    }
}
