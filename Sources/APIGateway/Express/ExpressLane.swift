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
    let shares: InFlightShares
    let metrics: RequestMetrics
    let logger: Logger

    init(
        gateway: Gateway, shedding: LoadShedding, admission: Admission, shares: InFlightShares,
        metrics: RequestMetrics, logger: Logger
    ) {
        self.gateway = gateway
        self.shedding = shedding
        self.admission = admission
        self.shares = shares
        self.metrics = metrics
        self.logger = logger
    }

    /// Begins to answer; false when the request has to go the common way, because its key must be looked up first.
    ///
    /// The completion is called once, on any thread.
    func answer(
        _ request: ExpressRequest, from peer: IPAddress?, _ completion: @escaping @Sendable (Answer) -> Void
    ) -> Bool {
        guard shedding.enter() else {
            Ride(self, request, nil, isCounted: false, completion).finish(.failure(Refusal.overloaded))
            return true
        }
        guard
            let entry = admission.enter(
                authorization: request.authorization, forwardedFor: request.forwardedFor, from: peer)
        else {
            shedding.leave()
            return false
        }
        guard entry.verdict?.decision.isAllowed ?? true else {
            Ride(self, request, entry, completion).finish(.failure(Refusal.rateLimited))
            return true
        }
        guard shares.enter(entry.subject) else {
            Ride(self, request, entry, completion).finish(.failure(Refusal.overloaded))
            return true
        }
        let ride = Ride(self, request, entry, hasShare: true, completion)
        do {
            try begin(request, entry, ride)
        } catch {
            ride.finish(.failure(error))
        }
        return true
    }

    /// Whether the next request is one too many.
    var isFull: Bool { shedding.isFull }

    /// Counts a request that is refused before it is looked at.
    func refuse(_ route: ExpressRoute) {
        shedding.refuse()
        metrics.record(route: route.pattern, method: route.method, status: 503, duration: .zero)
    }

    private func begin(_ request: ExpressRequest, _ entry: Admission.Entry, _ ride: Ride) throws {
        switch request.route {
        case .create: try create(request, try entry.caller.key(.paymentsWrite), ride)
        case .claim(let slug):
            let key = try entry.caller.optionalKey()
            let intake = ClaimIntake(gateway: gateway, authority: key?.authority, subject: entry.subject)
            try claim(slug, request, intake, ride)
        case .details(let slug):
            gateway.details.read(slug) { [gateway] result in
                ride.finish(result.flatMap { found in Result { try gateway.answer(found, of: slug) } })
            }
        }
    }

    private func claim(_ slug: Slug, _ request: ExpressRequest, _ intake: ClaimIntake, _ ride: Ride) throws {
        let body = try ClaimBody(try request.object, idempotencyHeader: request.idempotencyHeader)
        try intake.answer(
            to: try intake.accept(body, on: slug), request.preferences,
            traceparent: ride.identity.trace.traceparent, ride.finish)
    }

    private func create(_ request: ExpressRequest, _ key: APIKey, _ ride: Ride) throws {
        let body = try LinkBody(try request.object, idempotencyHeader: request.idempotencyHeader, at: .now())
        try key.requireScope(body.walletId)
        try JobDesk(gateway).answer(
            to: try gateway.accept(body, by: key), request.preferences,
            traceparent: ride.identity.trace.traceparent, ride.finish)
    }
}

extension ExpressRequest {
    /// The body as one JSON object.
    fileprivate var object: JSONObject {
        get throws {
            guard !body.isEmpty else { throw Refusal.invalidJSON }
            guard announcesJSON else { throw Refusal.unsupportedMediaType }
            return try JSONValue.object(from: body)
        }
    }

    fileprivate var idempotencyHeader: [String] { idempotencyKey.map { [$0] } ?? [] }

    fileprivate var preferences: Preferences { Preferences(prefer.map { [$0] } ?? []) }
}

extension ExpressLane {
    /// One request on its way through the lane.
    struct Ride: Sendable {
        private let lane: ExpressLane
        private let route: ExpressRoute
        private let verdict: RateLimiter.Verdict?
        /// Whether it takes one of the places of those who are worked on.
        private let isCounted: Bool
        /// Whether it takes one of the places of its caller's share.
        private let hasShare: Bool
        private let subject: RateLimiter.Subject?
        private let completion: @Sendable (Answer) -> Void
        private let start = ContinuousClock.now
        let identity: RequestIdentity

        fileprivate init(
            _ lane: ExpressLane, _ request: ExpressRequest, _ entry: Admission.Entry?, isCounted: Bool = true,
            hasShare: Bool = false, _ completion: @escaping @Sendable (Answer) -> Void
        ) {
            self.lane = lane
            route = request.route
            verdict = entry?.verdict
            subject = entry?.subject
            self.isCounted = isCounted
            self.hasShare = hasShare
            self.completion = completion
            identity = RequestIdentity(requestId: request.requestId, traceparent: request.traceparent)
        }

        /// To be called once.
        @Sendable fileprivate func finish(_ result: Result<Answer, any Error>) {
            if hasShare { lane.shares.leave(subject) }
            if isCounted { lane.shedding.leave() }
            var answer = answer(to: result)
            verdict?.describe(in: &answer.headers)
            answer.headers[.requestId] = identity.requestId
            lane.metrics.record(
                route: route.pattern, method: route.method, status: answer.status.code,
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
