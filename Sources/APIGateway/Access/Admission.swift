package import Hummingbird
import HTTPTypes
import PaymentLinks
import Sealing
import Storage

/// Finds out who calls, and holds callers to their rate, before any route sees the request.
///
/// It does not insist on a key: routes do, each on the permission that it needs.
package struct Admission: RouterMiddleware {
    package typealias Context = GatewayContext

    private let keys: KeyDirectory
    private let limiter: RateLimiter
    private let clientAddress: ClientAddress

    package init(keys: KeyDirectory, limiter: RateLimiter, clientAddress: ClientAddress) {
        self.keys = keys
        self.limiter = limiter
        self.clientAddress = clientAddress
    }

    package func handle(
        _ request: Request, context: GatewayContext, next: NextResponder
    ) async throws -> Response {
        let address = clientAddress.find(peer: context.peer, forwardedFor: request.headers[values: .forwardedFor])
        var context = context
        context.caller = try await caller(of: request, from: address)
        context.meter = meter(context.caller, address)
        guard let verdict = context.meter?.admit() else { return try await next(request, context) }
        var response = verdict.decision.isAllowed
            ? try await next(request, context) : ErrorEnvelope.response(to: .rateLimited)
        verdict.describe(in: &response)
        return response
    }

    private func caller(of request: Request, from address: IPAddress?) async throws(StorageError) -> Caller {
        guard let field = request.headers[.authorization] else { return .anonymous }
        guard let text = APISecret.bearer(field) else { return .refused(.missingKey) }
        guard let secret = APISecret(text), let key = try await keys.key(secret) else { return .refused(.unknownKey) }
        return key.refusal(at: .now(), from: address).map(Caller.refused) ?? .key(key)
    }

    /// A caller without a key that counts is known by its address; without either it is not limited.
    private func meter(_ caller: Caller, _ address: IPAddress?) -> RateMeter? {
        switch caller {
        case .key(let key): RateMeter(limiter, .key(key.id), ownRate: key.grant.rateLimit)
        case .anonymous, .refused: address.map { RateMeter(limiter, .address($0), ownRate: nil) }
        }
    }
}

extension RateLimiter.Verdict {
    /// Writes the fields by which callers can pace themselves. (draft-ietf-httpapi-ratelimit-headers)
    fileprivate func describe(in response: inout Response) {
        response.headers[.rateLimitPolicy] = "\"default\";q=\(rate);w=1"
        response.headers[.rateLimit] = "\"default\";r=\(decision.remaining);t=\(decision.isAllowed ? 1 : secondsToWait)"
        if !decision.isAllowed { response.headers[.retryAfter] = String(secondsToWait) }
    }
}
