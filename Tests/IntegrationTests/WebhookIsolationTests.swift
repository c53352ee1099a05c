import PaymentLinks
import Sealing
import Storage
import TestSupport
import Testing
import Webhooks

/// A crowd of dead endpoints, and one that lives.
@Suite(.serialized) struct WebhookIsolationTests {
    private static let deadCount = 1_000
    private static let eventCount = 20
    private static let knownDeadCount = 200
    /// Far fewer slots than there are dead endpoints, so that they would fill all of them if they were let.
    private static let settings = ["PAYLINKS_WEBHOOK_CONCURRENCY": "200"]
    /// The half of the slots that the dead may have, and the living endpoint's own, whose delivery may be under way too.
    private static let slotsInUse = 100.0 + 8

    @Test func `a thousand endpoints that never answer do not slow one that does`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: Self.settings) { system, processes in
            let live = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(live.url)
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { live.received.count == 1 })
            let dead = try await HostileReceiver.start()
            for _ in 0..<Self.deadCount { try await Self.register(dead.url, system) }
            // Each event is made when the one before has arrived, so the living wait for whatever holds them up.
            for count in 1...Self.eventCount {
                _ = try await system.makeLink(to: wallet)
                #expect(try await eventually(within: .seconds(60)) { live.received.count == 1 + count })
            }
            // Whoever takes them in turn would have had to wait for these first, fifteen seconds each.
            let owed = Self.deadCount * Self.eventCount
            #expect(try await system.number("SELECT count(*) FROM webhook_deliveries") == owed + 1 + Self.eventCount)
            let attempted = try await system.number(
                "SELECT count(*) FROM webhook_attempts WHERE status_code IS DISTINCT FROM 200")
            #expect(attempted < owed / 4)
            #expect(try await Self.gauge("paylinks_webhook_deliveries_under_way", processes[1]) <= Self.slotsInUse)
            await live.stop()
            await dead.stop()
        }
    }

    @Test func `a new endpoint's first delivery waits for none of the many that are dead already`() async throws {
        let settings = Self.settings.merging([
            "PAYLINKS_WEBHOOK_CONCURRENCY": "60", "PAYLINKS_WEBHOOK_TIMEOUT": "2s",
            "PAYLINKS_WEBHOOK_SCHEDULE": "0s,1h",
        ]) { $1 }
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: settings) { system, _ in
            let hanging = try await HostileReceiver.start()
            let refusing = try await HostileReceiver.start()
            let urls = [refusing.url] + Array(repeating: hanging.url, count: 9)
            await refusing.stop()
            for index in 0..<Self.knownDeadCount {
                try await Self.register(urls[index % urls.count], system)
            }
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            let areKnown = try await eventually(within: .seconds(90), every: .milliseconds(200)) {
                try await system.number("SELECT count(*) FROM webhooks WHERE failing_since IS NULL") == 0
            }
            #expect(areKnown)
            // The dead stand in line with the next event before there is a new endpoint at all.
            _ = try await system.makeLink(to: wallet)
            let areWaiting = try await eventually {
                try await system.number("SELECT count(*) FROM webhook_deliveries") == 2 * Self.knownDeadCount
            }
            #expect(areWaiting)
            let live = try await WebhookReceiver.start()
            try await Self.register(live.url, system)
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually(within: .seconds(60), every: .milliseconds(5)) { live.received.count == 1 })
            // Behind them it would have come when all of those had been attempted, in many rounds of two seconds.
            let attempted = try await system.number(
                """
                SELECT count(*) FROM webhook_deliveries
                WHERE attempts > 0 AND event_id = (SELECT id FROM events ORDER BY id OFFSET 1 LIMIT 1)
                """)
            #expect(attempted < Self.knownDeadCount * 3 / 4, "the dead are still being attempted")
            await live.stop()
            await hanging.stop()
        }
    }

    /// Makes an endpoint past the limit that the API has for them.
    private static func register(_ url: String, _ system: TestSystem) async throws {
        let id = WebhookID.mint(at: .now())
        let secret = Array(WebhookSecret.mint().string.utf8)
        let draft = WebhookDraft(
            id: id, url: url, description: nil, events: ["*"], isEnabled: true,
            sealedSecret: try system.ring.seal(secret, context: WebhookSecret.sealingContext(id)))
        let owner = WebhookOwner(organizationId: system.organization, environment: .sandbox)
        let made = try await WebhookStore(pool: system.pool).create(draft, owner: owner, limit: 2 * deadCount)
        _ = try #require(made)
    }

    private static func gauge(_ name: String, _ process: RoleProcess) async throws -> Double {
        let text = try await process.operations.get("/metrics").text
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
        return try #require(Double(line.dropFirst(name.count + 1)))
    }
}
