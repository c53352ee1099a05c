import PaymentLinks
import Sealing
import Storage
import Webhooks

/// What the webhook routes work with.
struct WebhookDesk: Sendable {
    /// The most endpoints that an organization has in one environment.
    static let endpointLimit = 100
    /// How long a replaced secret goes on signing.
    private static let secretOverlap = Duration.seconds(24 * 3600)
    /// An attempt takes up to 15 seconds, and has to be found first.
    private static let testPatience = Duration.seconds(20)
    private static let testPollInterval = Duration.milliseconds(100)

    let webhooks: WebhookStore
    let deliveries: DeliveryStore
    let feed: EventFeed
    let policy: AddressPolicy
    let ring: KeyRing
    let polling: Polling

    /// Makes an endpoint and its secret, which is returned only here.
    ///
    /// - Parameter showsBalances: whether the creating key has wallets:read.
    func create(
        _ body: WebhookBody, owner: WebhookOwner, showsBalances: Bool
    ) async throws -> (WebhookRecord, WebhookSecret) {
        let id = WebhookID.mint(at: .now())
        let secret = WebhookSecret.mint()
        let draft = WebhookDraft(
            id: id, url: body.url.string, description: body.description, events: body.events,
            isEnabled: body.isEnabled, sealedSecret: try seal(secret, id), showsBalances: showsBalances)
        guard let webhook = try await webhooks.create(draft, owner: owner, limit: Self.endpointLimit) else {
            throw InvalidRequest(
                field: "url", code: "TOO_MANY",
                message: "There are \(Self.endpointLimit) webhooks already; delete one that is not needed.")
        }
        return (webhook, secret)
    }

    func rotateSecret(_ id: WebhookID, owner: WebhookOwner) async throws -> (WebhookRecord, WebhookSecret) {
        let secret = WebhookSecret.mint()
        let webhook = try await webhooks.rotateSecret(
            id, owner: owner, sealedSecret: try seal(secret, id), overlap: Self.secretOverlap)
        guard let webhook else { throw Refusal.noSuchWebhook }
        return (webhook, secret)
    }

    /// Has a worker send a test, and waits for what it brought.
    func test(_ webhook: WebhookRecord, for subject: RateLimiter.Subject?) async throws -> DeliveryRecord {
        guard let slot = polling.slots.take(for: subject) else { throw Refusal.overloaded }
        defer { withExtendedLifetime(slot) {} }
        let now = Timestamp.now()
        let (id, eventId) = (DeliveryID.mint(at: now), EventID.mint(at: now))
        try await deliveries.insertTest(
            id, event: eventId, type: TestEvent.type, body: TestEvent.body(eventId, to: webhook, at: now),
            to: webhook.id)
        return try await Polling.value(
            try await delivery(id, of: webhook), by: .now + Self.testPatience, every: Self.testPollInterval,
            until: { $0.lastAttempt != nil }
        ) {
            try await delivery(id, of: webhook)
        }
    }

    private func delivery(_ id: DeliveryID, of webhook: WebhookRecord) async throws -> DeliveryRecord {
        guard let delivery = try await deliveries.find(id, of: webhook.id) else { throw Refusal.noSuchWebhook }
        return delivery
    }

    private func seal(_ secret: WebhookSecret, _ id: WebhookID) throws(SealingError) -> [UInt8] {
        try ring.seal(Array(secret.string.utf8), context: WebhookSecret.sealingContext(id))
    }
}

/// An event that tells nothing but that it arrives.
private enum TestEvent {
    static let type = "webhook.test"

    static func body(_ id: EventID, to webhook: WebhookRecord, at now: Timestamp) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("id", id)
            writer.field("event", type)
            writer.field("timestamp", now)
            writer.field("organizationId", webhook.organizationId)
            writer.field("data", object: { writer in writer.field("webhookId", webhook.id) })
        }
        return writer.text
    }
}
