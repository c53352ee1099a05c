package import PaymentLinks
import Postgres

/// What is known of an endpoint's health.
package enum EndpointStanding: String, Sendable, Hashable, CaseIterable {
    case well = "WELL"
    /// It has yet to take its first delivery, and nothing speaks against it.
    case untried = "UNTRIED"
    /// The last attempts have failed.
    case failing = "FAILING"

    /// Of an endpoint's row; of none, nothing is known.
    static let column = """
        CASE WHEN webhooks.failing_since IS NOT NULL THEN 'FAILING'
            WHEN webhooks.succeeded_at IS NULL THEN 'UNTRIED'
            ELSE 'WELL' END
        """
}

/// Where a delivery goes, and what it is signed with: an endpoint as a worker needs it.
package struct DeliveryTarget: Sendable {
    package let webhookId: WebhookID
    package let url: String
    package let sealedSecret: [UInt8]
    /// The secret before the last change, while it still signs.
    package let sealedPreviousSecret: [UInt8]?
    /// Whether the keys that set up the endpoint had wallets:read; otherwise balances are null in its deliveries.
    package let showsBalances: Bool
    /// When it was leased, or as a worker has found since.
    package var standing: EndpointStanding
    /// How often the endpoint has become well again.
    package let recoveries: Int64
    /// Whether deliveries keep away from the endpoint for now.
    package let isBackedOff: Bool

    package init(
        webhookId: WebhookID, url: String, sealedSecret: [UInt8], sealedPreviousSecret: [UInt8]?,
        standing: EndpointStanding, recoveries: Int64 = 0, isBackedOff: Bool = false,
        showsBalances: Bool = true
    ) {
        self.webhookId = webhookId
        self.url = url
        self.sealedSecret = sealedSecret
        self.sealedPreviousSecret = sealedPreviousSecret
        self.showsBalances = showsBalances
        self.standing = standing
        self.recoveries = recoveries
        self.isBackedOff = isBackedOff
    }

    static let columns = """
        webhooks.id, webhooks.url, webhooks.secret,
        CASE WHEN webhooks.previous_secret_until > statement_timestamp() THEN webhooks.previous_secret END,
        \(EndpointStanding.column), webhooks.recoveries, \(isBackedOff),
        webhooks.shows_balances
        """

    /// Of an endpoint's row; of none, false.
    static let isBackedOff = "coalesce(webhooks.backoff_until > statement_timestamp(), false)"

    init(row: Row, from column: Int) throws {
        webhookId = try row.identifier(column)
        url = try row.text(column + 1)
        sealedSecret = try row.bytes(column + 2)
        sealedPreviousSecret = try row.bytesIfPresent(column + 3)
        standing = try row.name(column + 4)
        recoveries = try row.int64(column + 5)
        isBackedOff = try row.bool(column + 6)
        showsBalances = try row.bool(column + 7)
    }
}

/// One event on its way to one endpoint, leased to the worker that holds this.
package struct LeasedDelivery: Sendable {
    package let id: DeliveryID
    package var target: DeliveryTarget
    package let eventId: EventID
    /// The exact bytes that are signed and sent; the event's own, but for balances that the endpoint may not be shown.
    package let body: [UInt8]
    /// How many attempts have failed already.
    package let attempts: Int
    /// The lease's number on the delivery's row; a later lease has a higher one.
    package let lease: Int64
    /// A test is attempted once, and says nothing of the endpoint's health.
    package let isTest: Bool
    /// Leased as it was made of its event, so its first attempt shows how soon endpoints receive events.
    package let isNew: Bool

    package init(
        id: DeliveryID, target: DeliveryTarget, eventId: EventID, body: [UInt8], attempts: Int, lease: Int64 = 1,
        isTest: Bool = false, isNew: Bool = false
    ) {
        self.id = id
        self.target = target
        self.eventId = eventId
        self.body =
            target.showsBalances ? body : Array(EventBody.withoutBalances(String(decoding: body, as: UTF8.self)).utf8)
        self.attempts = attempts
        self.lease = lease
        self.isTest = isTest
        self.isNew = isNew
    }
}

/// A delivery and the number of the lease under which a worker holds it.
package struct DeliveryLease: Sendable, Hashable {
    package let deliveryId: DeliveryID
    package let number: Int64

    package init(deliveryId: DeliveryID, number: Int64) {
        self.deliveryId = deliveryId
        self.number = number
    }
}

extension LeasedDelivery {
    package var holding: DeliveryLease { DeliveryLease(deliveryId: id, number: lease) }
}
