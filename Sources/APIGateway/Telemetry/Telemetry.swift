package import Hummingbird
import HTTPTypes
import Logging
import PaymentLinks

/// Gives each request its id and its place in a trace, and counts and times its answer.
package struct Telemetry: RouterMiddleware {
    package typealias Context = GatewayContext

    private let metrics = RequestMetrics()

    package init() {}

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        let start = ContinuousClock.now
        let context = Self.identified(context, request)
        var response = try await next(request, context)
        response.headers[.requestId] = context.requestId
        metrics.record(
            route: context.endpointPath, method: request.method, status: response.status.code,
            duration: ContinuousClock.now - start)
        return response
    }

    private static func identified(_ context: GatewayContext, _ request: Request) -> GatewayContext {
        var generator = SystemRandomNumberGenerator()
        let own = request.headers[.xRequestId]
        let trace = TraceContext(parent: request.headers[.traceparent], using: &generator)
        var context = context
        context.requestId = RequestID.make(from: own, using: &generator)
        context.traceparent = trace.traceparent
        context.logger[metadataKey: "request_id"] = .string(context.requestId)
        context.logger[metadataKey: "trace_id"] = .string(trace.traceId)
        return context
    }
}
