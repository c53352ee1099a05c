package import PaymentLinks
package import Postgres

/// What became of one attempt, and what it means for its delivery.
package struct AttemptRecord: Sendable {
    /// What is to happen to the delivery.
    package enum Verdict: Sendable, Hashable {
        case delivered
        case retry(after: Duration)
        /// The attempts are used up.
        case failed
    }

    package static let excerptLimit = 1024

    /// The lease that the attempt was made under; the row may have a later one by now.
    package let lease: DeliveryLease
    package let webhookId: WebhookID
    /// Where it went: the endpoint may have moved since then.
    package let url: String
    package let attemptedAt: Timestamp
    /// The same moment by a clock that is never set, for its age.
    package let startedAt: ContinuousClock.Instant
    package let statusCode: Int?
    /// Why there is no usable answer, in words that the endpoint's owner may read.
    package let error: String?
    package let duration: Duration
    package let responseExcerpt: String?
    package let verdict: Verdict
    /// The endpoint is gone for good. (410)
    package let isGone: Bool
    package let isTest: Bool
    /// How long deliveries keep away from the endpoint after this failure, if they do.
    package var backoff: Duration?

    package init(
        lease: DeliveryLease, webhookId: WebhookID, url: String, attemptedAt: Timestamp,
        startedAt: ContinuousClock.Instant, statusCode: Int?, error: String?, duration: Duration,
        responseExcerpt: String?, verdict: Verdict, isGone: Bool, isTest: Bool, backoff: Duration? = nil
    ) {
        self.lease = lease
        self.webhookId = webhookId
        self.url = url
        self.attemptedAt = attemptedAt
        self.startedAt = startedAt
        self.statusCode = statusCode
        self.error = error
        self.duration = duration
        self.responseExcerpt = responseExcerpt
        self.verdict = verdict
        self.isGone = isGone
        self.isTest = isTest
        self.backoff = backoff
    }

    /// Why the endpoint did not take it, in words that its owner may read.
    var failure: String { error ?? statusCode.map { "HTTP \($0)" } ?? "no answer" }
}

/// Keeps what attempts brought, and disables endpoints that fail for too long.
package struct AttemptStore: Sendable {
    /// How long an endpoint may do nothing but fail.
    package static let patience = Duration.seconds(5 * 24 * 3600)

    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// What became of a batch of attempts.
    package struct Recorded: Sendable {
        /// The endpoints that the batch disabled, each with its event in the outbox.
        package let disabled: [WebhookID]
        /// Attempts whose delivery or endpoint another session holds. Recording them again later counts them once.
        package let postponed: [AttemptRecord]
    }

    /// Records the attempts in one transaction.
    ///
    /// A failure counts only under its delivery's current lease; a success always counts. The time that this takes does
    /// not depend on how many deliveries wait for an endpoint that it disables: the pruner ends those.
    package func record(_ attempts: [AttemptRecord]) async throws(StorageError) -> Recorded {
        guard !attempts.isEmpty else { return Recorded(disabled: [], postponed: []) }
        let attempts = attempts.sorted { $0.lease.deliveryId < $1.lease.deliveryId }
        return try await StorageError.wrapping {
            guard attempts.allSatisfy({ $0.verdict == .delivered }) else { return try await recordMixed(attempts) }
            let results = try await pool.run([
                AttemptStatements.write(attempts), EndpointHealth(attempts).recovery,
            ])
            let written = try results[0].rows.map(AttemptStatements.Written.init)
            return Recorded(disabled: [], postponed: try Self.postponed(attempts, written, results[1]))
        }
    }

    /// Records a batch with failures. Only failures that count say something about their endpoints.
    private func recordMixed(_ attempts: [AttemptRecord]) async throws -> Recorded {
        try await pool.withTransaction { transaction in
            let rows = try await transaction.run([AttemptStatements.write(attempts)])[0].rows
            let written = try rows.map(AttemptStatements.Written.init)
            let counted = Set(written.filter(\.isCounted).map(\.lease))
            let health = EndpointHealth(attempts.filter { $0.verdict == .delivered || counted.contains($0.lease) })
            let results = try await transaction.run([
                health.recovery, Query(ClockStatement.now), health.failing, health.disable(patience: Self.patience),
            ])
            let disabled = try results[3].rows.map(DisabledWebhook.init(row:))
            _ = try await transaction.commit(Self.tell(of: disabled, at: try results[1].firstRow().time(0)))
            return Recorded(
                disabled: disabled.map(\.id), postponed: try Self.postponed(attempts, written, results[0]))
        }
    }

    /// - Parameter heldEndpoints: whose recovery could not be written.
    private static func postponed(
        _ attempts: [AttemptRecord], _ written: [AttemptStatements.Written], _ heldEndpoints: ResultSet
    ) throws -> [AttemptRecord] {
        let leases = Set(written.filter { !$0.isCounted }.map(\.lease))
        let endpoints = Set(try heldEndpoints.rows.map { row -> WebhookID in try row.identifier(0) })
        guard !leases.isEmpty || !endpoints.isEmpty else { return [] }
        return attempts.filter {
            leases.contains($0.lease) || ($0.verdict == .delivered && endpoints.contains($0.webhookId))
        }
    }

    private static func tell(of disabled: [DisabledWebhook], at now: Timestamp) -> [Query] {
        guard !disabled.isEmpty else { return [] }
        let events = disabled.map { $0.event(at: now) }
        return OutboxStatements.write(events: events, messages: events.map(OutboxMessage.init), at: now)
    }
}

/// An endpoint that was disabled without its owner's doing.
private struct DisabledWebhook: Sendable {
    let id: WebhookID
    let organizationId: OrganizationID
    let environment: Environment
    let url: String
    let reason: String

    init(row: Row) throws {
        id = try row.identifier(0)
        organizationId = try row.identifier(1)
        environment = try row.name(2)
        url = try row.text(3)
        reason = try row.text(4)
    }

    func event(at now: Timestamp) -> DomainEvent {
        DomainEvent(
            id: .mint(at: now), type: .webhookDisabled, organizationId: organizationId, environment: environment,
            walletId: nil, occurredAt: now
        ) { writer in
            writer.field("webhookId", id)
            writer.field("url", url)
            writer.field("reason", reason)
            writer.field("disabledAt", now)
        }
    }
}
