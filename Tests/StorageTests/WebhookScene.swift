import PaymentLinks
import Postgres
import Storage

/// An endpoint, and what waits for it.
struct WebhookScene: Sendable {
    let database: TestDatabase
    let fixture: Fixture
    let webhook = WebhookID.mint(at: .now())
    let url = "https://example.com/"

    var owner: WebhookOwner { WebhookOwner(organizationId: fixture.organization, environment: .sandbox) }
    var webhooks: WebhookStore { WebhookStore(pool: database.pool) }
    var deliveries: DeliveryStore { DeliveryStore(pool: database.pool) }
    var attempts: AttemptStore { AttemptStore(pool: database.pool) }
    var pruner: Pruner { Pruner(pool: database.pool) }

    static func run(connections: Int = 1, _ body: (WebhookScene) async throws -> Void) async throws {
        try await TestDatabase.run(connections: connections) { (database) async throws in
            let scene = WebhookScene(database: database, fixture: try await Fixture(database))
            let draft = WebhookDraft(
                id: scene.webhook, url: scene.url, description: nil, events: ["*"], isEnabled: true,
                sealedSecret: [1])
            _ = try await scene.webhooks.create(draft, owner: scene.owner, limit: 1)
            try await body(scene)
        }
    }

    /// Lets so many deliveries of events that are kept no more be due; their ids have no order that means anything.
    func makeDeliveries(_ count: Int, body: String? = nil) async throws {
        try await database.execute(
            """
            INSERT INTO webhook_deliveries
                (id, webhook_id, event_id, event_type, body, status, next_attempt_at, created_at)
            SELECT gen_random_uuid(), $1, gen_random_uuid(), 'payment_link.created', $3, 'PENDING', now(), now()
            FROM generate_series(1, $2::bigint)
            """, [.uuid(webhook.bits), .int64(Int64(count)), .text(body)])
    }

    /// Makes an event, with a delivery that is due.
    func makeEvent() async throws {
        try await database.execute(
            """
            WITH event AS (
                INSERT INTO events (id, organization_id, environment, type, body, created_at)
                SELECT (
                        lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                        || right(replace(gen_random_uuid()::text, '-', ''), 20)
                    )::uuid, $2, 'SANDBOX', 'payment_link.created', '{}', clock_timestamp()
                RETURNING id
            )
            INSERT INTO webhook_deliveries (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at)
            SELECT gen_random_uuid(), $1, id, 'payment_link.created', 'PENDING', clock_timestamp(), clock_timestamp()
            FROM event
            """, [.uuid(webhook.bits), .uuid(fixture.organization.bits)])
    }

    func deliveryIds() async throws -> [DeliveryID] {
        try await database.execute("SELECT id FROM webhook_deliveries ORDER BY id").rows.map {
            DeliveryID(bits: try $0.uuid(0))
        }
    }

    /// An attempt at the scene's address; one that failed, and is to be followed by another at once, unless told.
    func attempt(
        _ delivery: DeliveryID, _ verdict: AttemptRecord.Verdict = .retry(after: .zero), lease: Int64 = 0,
        isGone: Bool = false, isTest: Bool = false, startedAt: ContinuousClock.Instant = .now,
        backoff: Duration? = nil
    ) -> AttemptRecord {
        AttemptRecord(
            lease: DeliveryLease(deliveryId: delivery, number: lease), webhookId: webhook, url: url,
            attemptedAt: .now(), startedAt: startedAt,
            statusCode: isGone ? 410 : verdict == .delivered ? 200 : 500, error: nil, duration: .milliseconds(1),
            responseExcerpt: nil, verdict: verdict, isGone: isGone, isTest: isTest, backoff: backoff)
    }

    func count(_ status: DeliveryRecord.Status) async throws -> Int {
        try await database.number(
            "SELECT count(*) FROM webhook_deliveries WHERE status = $1", [.text(status.rawValue)])
    }

    /// How many deliveries some work changed. The one connection tells its counts first, so that they can be read.
    func changedDeliveries(by work: () async throws -> Void) async throws -> Int {
        let before = try await changes()
        try await work()
        return try await changes() - before
    }

    private func changes() async throws -> Int {
        try await database.execute("SELECT pg_stat_force_next_flush()")
        return try await database.number(
            "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'webhook_deliveries'")
    }
}
