package import PaymentLinks
import Postgres

/// Where a delivery goes, and what it is signed with: an endpoint as a worker needs it.
package struct DeliveryTarget: Sendable {
    package let webhookId: WebhookID
    package let url: String
    package let sealedSecret: [UInt8]
    /// The secret before the last change, while it still signs.
    package let sealedPreviousSecret: [UInt8]?
    /// Whether nothing shows that it is well: it has never taken a delivery, or the last attempts have failed.
    package let isDoubtful: Bool

    package init(
        webhookId: WebhookID, url: String, sealedSecret: [UInt8], sealedPreviousSecret: [UInt8]?, isDoubtful: Bool
    ) {
        self.webhookId = webhookId
        self.url = url
        self.sealedSecret = sealedSecret
        self.sealedPreviousSecret = sealedPreviousSecret
        self.isDoubtful = isDoubtful
    }

    static let columns = """
        webhooks.id, webhooks.url, webhooks.secret,
        CASE WHEN webhooks.previous_secret_until > statement_timestamp() THEN webhooks.previous_secret END,
        webhooks.failing_since IS NOT NULL OR webhooks.succeeded_at IS NULL
        """

    init(row: Row, from column: Int) throws {
        webhookId = try row.identifier(column)
        url = try row.text(column + 1)
        sealedSecret = try row.bytes(column + 2)
        sealedPreviousSecret = try row.bytesIfPresent(column + 3)
        isDoubtful = try row.bool(column + 4)
    }
}

/// One event on its way to one endpoint, leased to the worker that holds this.
package struct LeasedDelivery: Sendable {
    package let id: DeliveryID
    package let target: DeliveryTarget
    package let eventId: EventID
    /// The exact bytes that are signed and sent.
    package let body: [UInt8]
    /// How many attempts have failed already.
    package let attempts: Int
    /// A test is attempted once, and says nothing of the endpoint's health.
    package let isTest: Bool

    package init(
        id: DeliveryID, target: DeliveryTarget, eventId: EventID, body: [UInt8], attempts: Int, isTest: Bool = false
    ) {
        self.id = id
        self.target = target
        self.eventId = eventId
        self.body = body
        self.attempts = attempts
        self.isTest = isTest
    }
}
