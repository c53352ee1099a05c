import PaymentLinks
import Postgres
import Storage
import Testing

/// An endpoint's back-off stands in its row, so that every worker and its owner know of it.
@Suite("Back-off of endpoints", .serialized)
struct WebhookBackoffTests {
    /// An endpoint that is left alone for a minute, with two deliveries.
    private static func run(_ body: (WebhookScene, [DeliveryID]) async throws -> Void) async throws {
        try await WebhookScene.run { scene in
            try await scene.makeEvent()
            try await scene.makeEvent()
            let ids = try await scene.deliveryIds()
            _ = try await scene.attempts.record([scene.attempt(ids[0], .failed, backoff: .seconds(60))])
            try await body(scene, ids)
        }
    }

    private static func backoff(_ scene: WebhookScene) async throws -> WebhookBackoff? {
        try await scene.webhooks.find(scene.webhook, organization: scene.fixture.organization)?.backoff
    }

    @Test("The endpoint and its pending deliveries show its end and the last failure")
    func shown() async throws {
        try await Self.run { scene, ids in
            let backoff = try #require(try await Self.backoff(scene))
            #expect(backoff.reason == "HTTP 500")
            #expect((50...60).contains(backoff.until.duration(since: .now()) / .seconds(1)))
            #expect(try await scene.deliveries.find(ids[1], of: scene.webhook)?.backoff == backoff)
            #expect(try await scene.deliveries.find(ids[0], of: scene.webhook)?.backoff == nil, "it is not pending")
        }
    }

    @Test("No worker takes anything for the endpoint until the back-off ends")
    func kept() async throws {
        try await Self.run { scene, _ in
            let store = DueDeliveryStore(pool: scene.database.pool)
            let wants = [DueDeliveryStore.Want(webhookId: scene.webhook, limit: 10)]
            #expect(try await store.visit(after: nil, limit: 10).due.isEmpty)
            #expect(try await store.take(wants, lease: .seconds(30)).isEmpty)
            try await scene.database.execute("UPDATE webhooks SET backoff_until = clock_timestamp()")
            #expect(try await Self.backoff(scene) == nil)
            #expect(try await store.visit(after: nil, limit: 10).due.map(\.id) == [scene.webhook])
            #expect(try await store.take(wants, lease: .seconds(30)).count == 1)
        }
    }

    @Test("A test that arrives ends it, and every worker learns of the recovery; the count of failing days goes on")
    func endedByATest() async throws {
        try await Self.run { scene, _ in
            let (id, event) = (DeliveryID.mint(at: .now()), EventID.mint(at: .now()))
            try await scene.deliveries.insertTest(id, event: event, type: "webhook.test", body: "{}", to: scene.webhook)
            let store = DueDeliveryStore(pool: scene.database.pool)
            let test = try #require(try await store.takeTests(limit: 1, lease: .seconds(30)).first)
            #expect(test.target.isBackedOff && test.target.recoveries == 0)
            _ = try await scene.attempts.record([scene.attempt(id, .delivered, lease: test.lease, isTest: true)])
            #expect(try await Self.backoff(scene) == nil)
            #expect(try await store.visit(after: nil, limit: 10).due.map(\.recoveries) == [1])
            #expect(
                try await scene.database.number("SELECT count(*) FROM webhooks WHERE failing_since IS NOT NULL") == 1)
        }
    }

    @Test("A test that fails neither begins nor lengthens it")
    func failedTest() async throws {
        try await Self.run { scene, ids in
            let before = try await Self.backoff(scene)
            let failure = scene.attempt(ids[1], .failed, isTest: true, backoff: .seconds(600))
            _ = try await scene.attempts.record([failure])
            #expect(try await Self.backoff(scene) == before)
        }
    }

    @Test("Enabling or moving the endpoint ends it", arguments: [true, false])
    func endedByItsOwner(isMoved: Bool) async throws {
        try await Self.run { scene, _ in
            let changes = isMoved ? WebhookChanges(url: "https://example.org/") : WebhookChanges(isEnabled: true)
            let changed = try await scene.webhooks.update(scene.webhook, owner: scene.owner, changes)
            #expect(changed?.backoff == nil)
            let store = DueDeliveryStore(pool: scene.database.pool)
            #expect(try await store.visit(after: nil, limit: 10).due.map(\.recoveries) == [1])
        }
    }
}
