package import PaymentLinks
package import Storage
package import Webhooks

/// The shapes in which webhook endpoints and deliveries are answered.
package enum WebhookJSON {
    /// - Parameter secret: shown once, when it is made.
    package static func webhook(_ webhook: WebhookRecord, secret: WebhookSecret? = nil) -> [UInt8] {
        JSONWriter.object { fields(of: webhook, secret: secret, in: &$0) }
    }

    package static func fields(
        of webhook: WebhookRecord, secret: WebhookSecret? = nil, in writer: inout JSONWriter
    ) {
        writer.field("id", webhook.id)
        writer.field("organizationId", webhook.organizationId)
        writer.field("environment", webhook.environment.rawValue)
        writer.field("url", webhook.url)
        writer.field("enabled", webhook.isEnabled)
        writer.field("disabledReason", webhook.disabledReason)
        fields(of: webhook.backoff, in: &writer)
        writer.field("events", array: webhook.events) { $0.string($1) }
        if let secret { writer.field("secret", secret.string) }
        writer.field("description", webhook.description)
        writer.field("walletScope", optionalArray: webhook.walletScope?.map(\.description))
        writer.field("createdAt", webhook.createdAt)
        writer.field("updatedAt", webhook.updatedAt)
    }

    package static func fields(of delivery: DeliveryRecord, in writer: inout JSONWriter) {
        writer.field("id", delivery.id)
        writer.field("webhookId", delivery.webhookId)
        writer.field("eventId", delivery.eventId)
        writer.field("eventType", delivery.eventType)
        writer.field("status", delivery.status.rawValue)
        writer.field("attempts", delivery.attempts)
        writer.field("lastAttemptAt", delivery.lastAttempt?.attemptedAt)
        writer.field("nextRetryAt", delivery.nextAttemptAt)
        fields(of: delivery.backoff, in: &writer)
        writer.field("statusCode", delivery.lastAttempt?.statusCode)
        writer.field("error", delivery.lastAttempt?.error)
        writer.field("durationMs", delivery.lastAttempt?.durationInMilliseconds)
        writer.field("responseBody", delivery.lastAttempt?.responseExcerpt)
        writer.field("createdAt", delivery.createdAt)
        writer.field("finishedAt", delivery.finishedAt)
    }

    private static func fields(of backoff: WebhookBackoff?, in writer: inout JSONWriter) {
        writer.field("backoffUntil", backoff?.until)
        writer.field("backoffReason", backoff?.reason)
    }

    package static func delivery(_ delivery: DeliveryRecord) -> [UInt8] {
        JSONWriter.object { fields(of: delivery, in: &$0) }
    }

    /// - Parameter showsBalances: whether the reader's key has wallets:read; else balances in payloads are null.
    package static func dead(_ page: Page<DeadDelivery>, showsBalances: Bool) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("data", array: page.items) { writer, dead in
                writer.object { writer in
                    fields(of: dead.delivery, in: &writer)
                    writer.field("payload", json: showsBalances ? dead.body : dead.body.map(EventBody.withoutBalances))
                }
            }
            writer.field("cursor", page.hasMore ? page.items.last.map { Cursor.text($0.delivery.id.bits) } : nil)
            writer.field("hasMore", page.hasMore)
        }
    }

    /// What a test brought; without an attempt it has not been delivered, as far as is known.
    package static func test(_ delivery: DeliveryRecord) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", delivery.id)
            writer.field("delivered", delivery.status == .delivered)
            writer.field("statusCode", delivery.lastAttempt?.statusCode)
            writer.field("durationMs", delivery.lastAttempt?.durationInMilliseconds)
            writer.field("error", delivery.lastAttempt?.error)
        }
    }

    package static func status(_ id: DeliveryID, _ status: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", id)
            writer.field("status", status)
        }
    }

    package static func replay(_ replay: DeliveryStore.Replay) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("replayed", replay.count)
            writer.field("hasMore", replay.next != nil)
            writer.field("nextSince", replay.next)
        }
    }
}
