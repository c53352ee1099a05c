package import PaymentLinks
import Postgres

/// A delivery and its last attempt, as the endpoint's owner reads them.
package struct DeliveryRecord: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        /// Waits for its first or next attempt.
        case pending = "PENDING"
        case delivered = "DELIVERED"
        /// The attempts are used up; it stays until it is sent again or discarded.
        case failed = "FAILED"
        case discarded = "DISCARDED"
    }

    package let id: DeliveryID
    package let webhookId: WebhookID
    package let eventId: EventID
    package let eventType: String
    package let status: Status
    package let attempts: Int
    package let nextAttemptAt: Timestamp?
    package let createdAt: Timestamp
    package let finishedAt: Timestamp?
    package let lastAttempt: Attempt?
    /// The endpoint's back-off, as long as this delivery waits for its end.
    package let backoff: WebhookBackoff?

    /// What one attempt brought.
    package struct Attempt: Sendable {
        package let attemptedAt: Timestamp
        package let statusCode: Int?
        package let error: String?
        package let durationInMilliseconds: Int
        package let responseExcerpt: String?
    }

    static let columns = """
        delivery.id, delivery.webhook_id, delivery.event_id, delivery.event_type, delivery.status, delivery.attempts,
        delivery.next_attempt_at, delivery.created_at, delivery.finished_at,
        attempt.attempted_at, attempt.status_code, attempt.error, attempt.duration_ms, attempt.response_excerpt,
        CASE WHEN delivery.status = 'PENDING' THEN \(WebhookBackoff.until) END, webhooks.backoff_reason
        """

    /// The last attempt of `delivery`, as `attempt`; of one that was delivered, the attempt that did it.
    static let joinLastAttempt = """
        LEFT JOIN LATERAL (
            SELECT * FROM webhook_attempts
            WHERE webhook_attempts.delivery_id = delivery.id
            ORDER BY (delivery.status = 'DELIVERED' AND status_code BETWEEN 200 AND 299) IS TRUE DESC,
                attempted_at DESC
            LIMIT 1
        ) AS attempt ON true
        """

    static let columnCount = 16

    init(row: Row) throws {
        id = try row.identifier(0)
        webhookId = try row.identifier(1)
        eventId = try row.identifier(2)
        eventType = try row.text(3)
        status = try row.name(4)
        attempts = Int(try row.int64(5))
        nextAttemptAt = try row.timeIfPresent(6)
        createdAt = try row.time(7)
        finishedAt = try row.timeIfPresent(8)
        lastAttempt = try row.timeIfPresent(9).map { time in
            Attempt(
                attemptedAt: time, statusCode: try row.int64IfPresent(10).map(Int.init),
                error: try row.textIfPresent(11), durationInMilliseconds: Int(try row.int64(12)),
                responseExcerpt: try row.textIfPresent(13))
        }
        backoff = try WebhookBackoff(row: row, from: 14)
    }
}

/// A delivery whose attempts are used up, with what it would have told.
package struct DeadDelivery: Sendable {
    package let delivery: DeliveryRecord
    /// The event's body, as JSON text; `nil` when the event is kept no more.
    package let body: String?
}
