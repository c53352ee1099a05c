import ArgumentParser
import PaymentLinks
import Storage

/// An endpoint as `paylinks webhooks` prints it.
struct WebhookDescription: Encodable {
    let id: WebhookID
    let url: String
    let enabled: Bool
    let disabledReason: String?
    let backoffUntil: String?
    let backoffReason: String?
    let events: [String]
    let createdAt: String

    init(_ webhook: WebhookRecord) {
        id = webhook.id
        url = webhook.url
        enabled = webhook.isEnabled
        disabledReason = webhook.disabledReason
        backoffUntil = webhook.backoff?.until.iso8601
        backoffReason = webhook.backoff?.reason
        events = webhook.events
        createdAt = webhook.createdAt.iso8601
    }

    var line: String {
        let state = enabled ? "enabled" : disabledReason.map { "disabled (\($0))" } ?? "disabled"
        let backoff = backoffLine(until: backoffUntil, reason: backoffReason)
        return "\(id)  \(state)\(backoff)  \(events.joined(separator: ","))  \(url)"
    }
}

/// A delivery as `paylinks webhooks` prints it.
struct DeliveryDescription: Encodable {
    let id: DeliveryID
    let eventId: EventID
    let eventType: String
    let status: String
    let attempts: Int
    let statusCode: Int?
    let error: String?
    let durationMs: Int?
    let responseBody: String?
    let nextRetryAt: String?
    let backoffUntil: String?
    let backoffReason: String?
    let createdAt: String

    init(_ delivery: DeliveryRecord) {
        id = delivery.id
        eventId = delivery.eventId
        eventType = delivery.eventType
        status = delivery.status.rawValue
        attempts = delivery.attempts
        statusCode = delivery.lastAttempt?.statusCode
        error = delivery.lastAttempt?.error
        durationMs = delivery.lastAttempt?.durationInMilliseconds
        responseBody = delivery.lastAttempt?.responseExcerpt
        nextRetryAt = delivery.nextAttemptAt?.iso8601
        backoffUntil = delivery.backoff?.until.iso8601
        backoffReason = delivery.backoff?.reason
        createdAt = delivery.createdAt.iso8601
    }

    var line: String {
        let outcome = statusCode.map(String.init) ?? error ?? "not attempted"
        let backoff = backoffLine(until: backoffUntil, reason: backoffReason)
        return "\(id)  \(createdAt)  \(status)  attempts=\(attempts)  \(outcome)\(backoff)  \(eventType)  \(eventId)"
    }
}

/// The part of a line that shows an endpoint's back-off; empty without one.
private func backoffLine(until: String?, reason: String?) -> String {
    until.map { "  backing off until \($0) (\(reason ?? "unknown"))" } ?? ""
}

/// What a replay sends, as `paylinks webhooks` prints it.
struct ReplayDescription: Encodable {
    let replayed: Int
    let nextSince: EventID?

    var lines: [String] {
        ["\(replayed) events are on their way again"]
            + (nextSince.map { ["there are more: go on with --since \($0)"] } ?? [])
    }
}

extension DeliveryRecord.Status {
    /// Reads a status in any case.
    static func parse(_ text: String) throws -> DeliveryRecord.Status {
        guard let status = DeliveryRecord.Status(rawValue: text.uppercased()) else {
            throw ValidationError("A status is PENDING, DELIVERED, FAILED or DISCARDED.")
        }
        return status
    }
}

extension DeliveryStore.ReplayStart {
    /// Reads a time or an event's id from the command line, or says what they look like.
    static func parse(_ text: String) throws -> DeliveryStore.ReplayStart {
        if let id = EventID(text) { return .event(id) }
        guard let time = Timestamp(iso8601: text) else {
            throw ValidationError("--since takes a time, such as 2026-04-01T00:00:00Z, or an event's id.")
        }
        return .time(time)
    }
}
