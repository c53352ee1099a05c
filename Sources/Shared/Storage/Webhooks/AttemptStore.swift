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

    package let deliveryId: DeliveryID
    package let webhookId: WebhookID
    /// Where it went: the endpoint may have moved since then.
    package let url: String
    /// How many attempts had failed before; a row that tells otherwise has been worked on by another.
    package let attemptsBefore: Int
    package let attemptedAt: Timestamp
    package let statusCode: Int?
    /// Why there is no usable answer, in words that the endpoint's owner may read.
    package let error: String?
    package let duration: Duration
    package let responseExcerpt: String?
    package let verdict: Verdict
    /// The endpoint is gone for good. (410)
    package let isGone: Bool
    package let isTest: Bool

    package init(
        deliveryId: DeliveryID, webhookId: WebhookID, url: String, attemptsBefore: Int, attemptedAt: Timestamp,
        statusCode: Int?, error: String?, duration: Duration, responseExcerpt: String?, verdict: Verdict,
        isGone: Bool, isTest: Bool
    ) {
        self.deliveryId = deliveryId
        self.webhookId = webhookId
        self.url = url
        self.attemptsBefore = attemptsBefore
        self.attemptedAt = attemptedAt
        self.statusCode = statusCode
        self.error = error
        self.duration = duration
        self.responseExcerpt = responseExcerpt
        self.verdict = verdict
        self.isGone = isGone
        self.isTest = isTest
    }
}

/// Keeps what attempts brought, and disables endpoints that fail for too long.
package struct AttemptStore: Sendable {
    /// How long an endpoint may do nothing but fail.
    package static let patience = Duration.seconds(5 * 24 * 3600)

    private let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Records the attempts in one transaction, and returns the endpoints that it disabled, each with its event in the
    /// outbox. However much still waits for one of them, this takes no longer: the pruner ends it.
    package func record(_ attempts: [AttemptRecord]) async throws(StorageError) -> [WebhookID] {
        guard !attempts.isEmpty else { return [] }
        let attempts = attempts.sorted { $0.deliveryId < $1.deliveryId }
        let health = EndpointHealth(attempts)
        return try await StorageError.wrapping {
            guard health.canDisable else {
                _ = try await pool.run(AttemptStatements.write(attempts) + health.queries)
                return []
            }
            return try await recordFailures(attempts, health)
        }
    }

    private func recordFailures(_ attempts: [AttemptRecord], _ health: EndpointHealth) async throws -> [WebhookID] {
        try await pool.withTransaction { transaction in
            let queries = AttemptStatements.write(attempts) + health.queries + [Query(ClockStatement.now)]
            let results = try await transaction.run(queries + [health.disable(patience: Self.patience)])
            guard let rows = results.last?.rows, !rows.isEmpty else {
                _ = try await transaction.commit()
                return []
            }
            let now = try results[queries.count - 1].firstRow().time(0)
            let disabled = try rows.map(DisabledWebhook.init(row:))
            let events = disabled.map { $0.event(at: now) }
            _ = try await transaction.commit(
                OutboxStatements.write(events: events, messages: events.map(OutboxMessage.init), at: now))
            return disabled.map(\.id)
        }
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
            linkId: nil, occurredAt: now
        ) { writer in
            writer.field("webhookId", id)
            writer.field("url", url)
            writer.field("reason", reason)
            writer.field("disabledAt", now)
        }
    }
}
