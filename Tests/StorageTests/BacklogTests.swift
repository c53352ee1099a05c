import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The age of the oldest work", .serialized)
struct BacklogTests {
    @Test("Nothing waits at first")
    func nothing() async throws {
        try await WebhookScene.run { scene in
            let store = BacklogStore(pool: scene.database.pool)
            let ages = try await store.ages()
            #expect(ages.overdueLink == .zero && ages.dueDelivery == .zero)
            let walk = try await store.walk(after: ClaimID(bits: 0), limit: 10)
            #expect(walk.pending.isEmpty && walk.last == nil)
            #expect(try await store.oldestPending(of: []) == nil)
        }
    }

    @Test("A link counts from its end on")
    func overdueLink() async throws {
        try await WebhookScene.run { scene in
            let link = try await scene.fixture.link(to: try await scene.fixture.wallet())
            try await scene.fixture.makeOverdue(link.linkId)
            let age = try await BacklogStore(pool: scene.database.pool).ages().overdueLink
            #expect((1...60).contains(age / .seconds(1)))
        }
    }

    @Test(
        "A delivery counts from its time on, unless its endpoint fails, is in back-off, or is switched off",
        arguments: [
            ("", 3600), ("failing_since = now()", 0), ("enabled = false", 0), ("deleted_at = now()", 0),
            ("backoff_until = now() + interval '1 minute', backoff_reason = 'HTTP 500'", 0),
            ("backoff_until = now() - interval '1 minute', backoff_reason = 'HTTP 500'", 60),
        ])
    func dueDelivery(change: String, age: Int) async throws {
        try await WebhookScene.run { scene in
            try await scene.makeDeliveries(2)
            try await scene.database.execute(
                "UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 hour'")
            if !change.isEmpty { try await scene.database.execute("UPDATE webhooks SET \(change)") }
            let seconds = try await BacklogStore(pool: scene.database.pool).ages().dueDelivery / .seconds(1)
            #expect((Double(age)...Double(age) + 30).contains(seconds))
        }
    }

    @Test("A walk finds the settlements that are pending, the oldest first, a bounded number of claims at a time")
    func settlements() async throws {
        try await WebhookScene.run(connections: 2) { scene in
            let fixture = scene.fixture
            let links = try await fixture.links(4, to: try await fixture.wallet())
            let claims = links.map { fixture.claim($0.slug) }
            _ = try await fixture.claims.decide(claims, removing: [])
            _ = try await fixture.settlements.apply([fixture.outcome(.settled, of: claims[0].claimId)], removing: [])
            try await scene.database.execute("UPDATE claims SET created_at = created_at - interval '1 hour'")
            let store = BacklogStore(pool: scene.database.pool)
            let ids = claims.map(\.claimId).sorted()
            let first = try await store.walk(after: ClaimID(bits: 0), limit: 2)
            #expect(first.last == ids[1])
            #expect(first.pending == ids.prefix(2).filter { $0 != claims[0].claimId })
            let rest = try await store.walk(after: ids[1], limit: 10)
            #expect(rest.last == ids[3])
            #expect(first.pending + rest.pending == ids.filter { $0 != claims[0].claimId })
            let age = try #require(try await store.oldestPending(of: ids))
            #expect((3600...3660).contains(age / .seconds(1)))
            #expect(try await store.oldestPending(of: [claims[0].claimId]) == nil)
        }
    }
}
