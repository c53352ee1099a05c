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

    let keys: KeyDirectory
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
        let address = address(of: request, from: context.peer)
        var context = context
        context.caller = try await caller(request.headers[.authorization], from: address)
        context.meter = meter(context.caller, address)
        guard let verdict = context.meter?.admit() else { return try await next(request, context) }
        var response =
            verdict.decision.isAllowed
            ? try await next(request, context) : Response(ErrorEnvelope.answer(to: .rateLimited))
        verdict.describe(in: &response.headers)
        return response
    }

    /// A request that may be looked at: who calls, who is held to a share, and what the rate limit says.
    struct Entry {
        let caller: Caller
        let subject: RateLimiter.Subject?
        let verdict: RateLimiter.Verdict?
    }

    /// Admits a request without waiting; `nil` while its key must be looked up first.
    func enter(authorization: String?, forwardedFor: String?, from peer: IPAddress?) -> Entry? {
        let address = clientAddress.find(peer: peer, forwardedFor: forwardedFor.map { [$0] } ?? [])
        guard let caller = knownCaller(authorization, from: address) else { return nil }
        let meter = meter(caller, address)
        return Entry(caller: caller, subject: meter?.subject, verdict: meter?.admit())
    }

    private func address(of request: Request, from peer: IPAddress?) -> IPAddress? {
        clientAddress.find(peer: peer, forwardedFor: request.headers[values: .forwardedFor])
    }

    private func caller(_ field: String?, from address: IPAddress?) async throws -> Caller {
        guard let field else { return .anonymous }
        guard let text = APISecret.bearer(field) else { return .refused(.missingKey) }
        guard let secret = APISecret(text) else { return .refused(.unknownKey) }
        return Self.caller(try await key(secret, from: address), from: address)
    }

    /// Tells who the caller is by then, for a request that may go on for longer than its key counts.
    func caller(of request: Request, from peer: IPAddress?) -> @Sendable () async throws -> Caller {
        let address = address(of: request, from: peer)
        let authorization = request.headers[.authorization]
        return { try await caller(authorization, from: address) }
    }

    /// Looks no secret up for an address that has tried too many that no key has.
    private func key(_ secret: APISecret, from address: IPAddress?) async throws -> APIKey? {
        if let key = keys.remembered(secret) { return key }
        let subject = address.map { RateLimiter.Subject.unknownSecrets($0.subscriber) }
        if let subject, limiter.isExhausted(subject) { throw Refusal.rateLimited }
        let key = try await keys.key(secret)
        if key == nil, let subject { _ = limiter.admit(subject) }
        return key
    }

    private func knownCaller(_ field: String?, from address: IPAddress?) -> Caller? {
        guard let field else { return .anonymous }
        guard let secret = APISecret.bearer(field).flatMap(APISecret.init), let key = keys.remembered(secret) else {
            return nil
        }
        return Self.caller(key, from: address)
    }

    private static func caller(_ key: APIKey?, from address: IPAddress?) -> Caller {
        guard let key else { return .refused(.unknownKey) }
        return key.refusal(at: .now(), from: address).map(Caller.refused) ?? .key(key)
    }

    /// A valid key stands for its organization and environment. Other callers are known by their address; without one
    /// they are not limited.
    private func meter(_ caller: Caller, _ address: IPAddress?) -> RateMeter? {
        switch caller {
        case .key(let key): RateMeter(limiter, key)
        case .anonymous, .refused: address.map { RateMeter(limiter, $0) }
        }
    }
}

extension RateLimiter.Verdict {
    /// Writes the fields by which callers can pace themselves. (draft-ietf-httpapi-ratelimit-headers)
    func describe(in headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = "\"default\";q=\(rate.burst);w=\(rate.window)"
        headers[.rateLimit] = "\"default\";r=\(decision.remaining);t=\(decision.isAllowed ? 1 : secondsToWait)"
        if !decision.isAllowed { headers[.retryAfter] = String(secondsToWait) }
    }
}
