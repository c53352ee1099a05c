import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PaymentLinks
import Storage

/// Answers the few hot routes on the event loop that has read them, without a task.
///
/// It does what the router's middlewares and routes do, by the same parts: telemetry, shedding, admission, bodies,
/// desks, errors. Only the waiting differs: a completion is called where the router's way resumes a task.
///
/// There is one, and every request on its way refers to it.
final class ExpressLane: Sendable {
    let gateway: Gateway
    let shedding: LoadShedding
    let admission: Admission
    let details: DetailsReader
    let metrics: RequestMetrics
    let logger: Logger

    init(
        gateway: Gateway, shedding: LoadShedding, admission: Admission, details: DetailsReader,
        metrics: RequestMetrics, logger: Logger
    ) {
        self.gateway = gateway
        self.shedding = shedding
        self.admission = admission
        self.details = details
        self.metrics = metrics
        self.logger = logger
    }

    /// Begins to answer; false when the request has to go the common way, because its key must be looked up first.
    ///
    /// The completion is called once, on any thread.
    func answer(
        _ route: ExpressRoute, _ head: HTTPRequest, _ body: ByteBuffer, from peer: IPAddress?,
        _ completion: @escaping @Sendable (Answer) -> Void
    ) -> Bool {
        guard shedding.enter() else {
            Ride(self, route, head, nil, completion).finish(.failure(Refusal.overloaded))
            return true
        }
        guard let (caller, verdict) = admission.enter(head.headerFields, from: peer) else {
            shedding.leave()
            return false
        }
        let ride = Ride(self, route, head, verdict, completion)
        guard verdict?.decision.isAllowed ?? true else {
            ride.finish(.failure(Refusal.rateLimited))
            return true
        }
        do {
            try begin(route, head.headerFields, body, caller, ride)
        } catch {
            ride.finish(.failure(error))
        }
        return true
    }

    private func begin(
        _ route: ExpressRoute, _ headers: HTTPFields, _ body: ByteBuffer, _ caller: Caller, _ ride: Ride
    ) throws {
        switch route {
        case .create: try create(headers, body, try caller.key(.paymentsWrite), ride)
        case .claim(let slug): try claim(slug, headers, body, try caller.optionalKey(), ride)
        case .details(let slug):
            details.read(slug) { [gateway] result in
                ride.finish(
                    result.flatMap { found in
                        found.map { .success(gateway.answer($0)) } ?? .failure(Refusal.noSuchSlug)
                    })
            }
        }
    }

    private func claim(
        _ slug: Slug, _ headers: HTTPFields, _ body: ByteBuffer, _ key: APIKey?, _ ride: Ride
    ) throws {
        let body = try ClaimBody(
            try Self.object(body, headers), idempotencyHeader: headers[values: .idempotencyKey])
        try JobDesk(gateway).answer(
            to: try gateway.accept(body, on: slug, authority: key?.authority), Preferences(headers[values: .prefer]),
            traceparent: ride.identity.trace.traceparent, ride.finish)
    }

    private func create(_ headers: HTTPFields, _ body: ByteBuffer, _ key: APIKey, _ ride: Ride) throws {
        let body = try LinkBody(
            try Self.object(body, headers), idempotencyHeader: headers[values: .idempotencyKey], at: .now())
        try key.requireScope(body.walletId)
        try JobDesk(gateway).answer(
            to: try gateway.accept(body, by: key), Preferences(headers[values: .prefer]),
            traceparent: ride.identity.trace.traceparent, ride.finish)
    }

    private static func object(_ body: ByteBuffer, _ headers: HTTPFields) throws -> [String: JSONValue] {
        guard body.readableBytes > 0 else { throw Refusal.invalidJSON }
        guard headers.announceJSON else { throw Refusal.unsupportedMediaType }
        return try JSONValue.object(from: Array(body.readableBytesView))
    }
}

extension ExpressLane {
    /// One request on its way through the lane.
    struct Ride: Sendable {
        private let lane: ExpressLane
        private let route: ExpressRoute
        private let method: HTTPRequest.Method
        private let verdict: RateLimiter.Verdict?
        private let completion: @Sendable (Answer) -> Void
        private let start = ContinuousClock.now
        let identity: RequestIdentity

        fileprivate init(
            _ lane: ExpressLane, _ route: ExpressRoute, _ head: HTTPRequest, _ verdict: RateLimiter.Verdict?,
            _ completion: @escaping @Sendable (Answer) -> Void
        ) {
            self.lane = lane
            self.route = route
            method = head.method
            self.verdict = verdict
            self.completion = completion
            identity = RequestIdentity(head.headerFields)
        }

        /// To be called once.
        @Sendable fileprivate func finish(_ result: Result<Answer, any Error>) {
            lane.shedding.leave()
            var answer = answer(to: result)
            verdict?.describe(in: &answer.headers)
            answer.headers[.requestId] = identity.requestId
            lane.metrics.record(
                route: route.pattern, method: method, status: answer.status.code,
                duration: ContinuousClock.now - start)
            completion(answer)
        }

        private func answer(to result: Result<Answer, any Error>) -> Answer {
            switch result {
            case .success(let answer): return answer
            case .failure(let error):
                var logger = lane.logger
                identity.mark(&logger)
                return ErrorEnvelope.answer(to: error, logger: logger)
            }
        }
    }
}
