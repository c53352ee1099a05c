package import Hummingbird
import NIOCore
package import PaymentLinks

/// What is known of one request on its way through the gateway.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who is at the other end of the connection: the caller, or a proxy.
    package let peer: IPAddress?
    /// The id under which the caller and the log speak of this request.
    package var requestId = ""
    /// The W3C trace context that goes on to the workers.
    package var traceparent: String?
    package var caller: Caller = .anonymous
    /// Counts what the caller does; `nil` for one that is not limited.
    package var meter: RateMeter?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    }
}

/// What a middleware calls for the rest of the way; spelt as the framework's own modules mean it.
package typealias NextResponder = @concurrent (Request, GatewayContext) async throws -> Response
