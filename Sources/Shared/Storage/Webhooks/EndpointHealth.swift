import PaymentLinks
import Postgres

/// What a batch of attempts says about its endpoints.
///
/// An attempt at an earlier address of an endpoint changes nothing.
struct EndpointHealth {
    /// An endpoint at the address that was attempted.
    private struct Endpoint: Hashable {
        let id: WebhookID
        let url: String

        init(_ attempt: AttemptRecord) {
            id = attempt.webhookId
            url = attempt.url
        }
    }

    /// An endpoint that took a delivery.
    private struct Success {
        let endpoint: Endpoint
        /// Since the start of its latest attempt that was taken.
        let age: Duration
        /// False when the endpoint took tests only.
        let isReal: Bool
    }

    /// An endpoint that took nothing.
    private struct Failure {
        let endpoint: Endpoint
        /// Since the start of its latest attempt.
        let age: Duration
        /// How long deliveries keep away from it now, if they do.
        let backoff: Duration?
        let reason: String
    }

    private let successes: [Success]
    private let failures: [Failure]
    /// Those that are failing or gone, and whether each is gone.
    private let doubtful: [(endpoint: Endpoint, isGone: Bool)]

    /// An endpoint that took one delivery of the batch is well, even if it failed others.
    ///
    /// - Parameter now: the clock that the attempts were started by.
    init(_ attempts: [AttemptRecord], at now: ContinuousClock.Instant = .now) {
        let taken = Dictionary(grouping: attempts.filter { $0.verdict == .delivered }, by: Endpoint.init)
        let real = attempts.filter { !$0.isTest }
        let well = Set(real.filter { $0.verdict == .delivered }.map(Endpoint.init))
        let failed = Dictionary(grouping: real, by: Endpoint.init).filter { !well.contains($0.key) }
        let gone = Set(real.filter(\.isGone).map(Endpoint.init))
        successes = taken.map { endpoint, attempts in
            Success(endpoint: endpoint, age: attempts.age(at: now), isReal: well.contains(endpoint))
        }
        failures = failed.compactMap { endpoint, attempts in
            attempts.max { $0.startedAt < $1.startedAt }.map { last in
                Failure(
                    endpoint: endpoint, age: attempts.age(at: now), backoff: attempts.compactMap(\.backoff).max(),
                    reason: last.failure)
            }
        }
        doubtful = Set(failed.keys).union(gone).map { ($0, gone.contains($0)) }
    }

    /// What the successes change; its rows are the endpoints that another session holds, so that nothing was written.
    var recovery: Query {
        Query(
            HealthStatements.recover,
            [
                successes.uuids(\.endpoint.id), successes.texts(\.endpoint.url),
                successes.int64s(\.age.wholeMicroseconds), .bools(successes.map(\.isReal)),
            ])
    }

    /// What the failures change. An endpoint that another session holds is left to its next failure.
    var failing: Query {
        Query(
            HealthStatements.fail,
            [
                failures.uuids(\.endpoint.id), failures.texts(\.endpoint.url), failures.int64s(\.age.wholeMicroseconds),
                failures.int64s { $0.backoff?.wholeMicroseconds }, failures.texts(\.reason),
            ])
    }

    func disable(patience: Duration) -> Query {
        Query(
            HealthStatements.disable,
            [
                doubtful.uuids { $0.endpoint.id }, doubtful.texts { $0.endpoint.url },
                .bools(doubtful.map { $0.isGone }), .int64(patience.wholeMicroseconds),
            ])
    }
}

extension [AttemptRecord] {
    /// Since the start of the latest of them.
    fileprivate func age(at now: ContinuousClock.Instant) -> Duration {
        map(\.startedAt).max().map { Swift.max(.zero, now - $0) } ?? .zero
    }
}
