import Foundation
import PaymentLinks
import Postgres
import TestSupport
import Testing

/// Events by the hundred a second, while the workers that deliver them are killed at random.
///
/// `make chaos-webhooks` runs it for a minute; in the suite it is shorter.
@Suite(.serialized) struct WebhookChaosTests {
    private static let eventsPerSecond = 500
    /// How often the producer sends a batch.
    private static let tick = Duration.milliseconds(50)
    private static let settings = [
        "PAYLINKS_WEBHOOK_TIMEOUT": "1s", "PAYLINKS_RELAY_AFTER": "500ms", "PAYLINKS_MAX_BATCHES": "1000",
    ]

    private static var killing: Duration {
        .seconds(ProcessInfo.processInfo.environment["PAYLINKS_CHAOS_SECONDS"].flatMap { Int($0) } ?? 12)
    }

    @Test func `with workers killed at random every event arrives at every endpoint, and keeps its id`() async throws {
        let roles: [TestRole] = [.claimWorker, .expiryWorker, .webhookWorker, .webhookWorker]
        try await TestSystem.run(roles, settings: Self.settings) { system, processes in
            let receivers = [try await WebhookReceiver.start(), try await WebhookReceiver.start()]
            for receiver in receivers { _ = try await system.makeWebhook(receiver.url) }
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receivers.allSatisfy { $0.received.count == 1 } })
            let calm = try await Self.create(for: Self.killing / 4, to: wallet, system)
            let healthy = try await Report(system, receivers)
            print("webhooks, healthy: \(calm) links made; \(healthy.summary)")
            let start = Timestamp.now()
            async let kills = Self.kill(Array(processes.suffix(2)), for: Self.killing)
            let made = try await Self.create(for: Self.killing, to: wallet, system)
            let killCount = try await kills
            let report = try await Report(system, receivers, since: start)
            print("webhooks, \(killCount) kills: \(made) links made; \(report.summary)")
            #expect(killCount >= 1)
            #expect(report.eventCount == made, "an event of each link")
            #expect(made > 100, "the load should have come through")
            #expect(report.missing == 0, "every event at every endpoint")
            #expect(report.strangers == 0, "nothing but these events, each under its own id")
            for receiver in receivers { await receiver.stop() }
        }
    }

    /// Sends a batch of creations at every tick, whatever became of those before; returns how many links were promised.
    private static func create(for duration: Duration, to wallet: WalletID, _ system: TestSystem) async throws -> Int {
        let line = #"{"walletId":"\#(wallet)","amount":"10.00","currency":"USD"}"#
        let lines = Array(repeating: line, count: Int(tick / .seconds(1) * Double(eventsPerSecond)))
        return try await withThrowingTaskGroup(of: Int.self) { group in
            let start = ContinuousClock.now
            for number in 0..<Int(duration / tick) {
                try await Task.sleep(until: start + tick * number)
                group.addTask {
                    try await system.api.batch("/v1/payment-links/batch", lines).lines.count {
                        [201, 202].contains($0.status)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Kills one of the workers at a random moment, starts it again, and so on; returns how many were killed.
    private static func kill(_ workers: [RoleProcess], for duration: Duration) async throws -> Int {
        let end = ContinuousClock.now + duration
        var count = 0
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...1500)))
            let worker = workers[Int.random(in: workers.indices)]
            await worker.kill()
            try await worker.start()
            count += 1
        }
        return count
    }
}

/// What became of the events: which arrived where, how often, and how soon after they were committed.
private struct Report {
    let eventCount: Int
    /// Events that did not arrive at an endpoint, counted at each.
    let missing: Int
    /// Deliveries that tell of no event, or of one under another's id.
    let strangers: Int
    private let deliveryCount: Int
    private let latencies: [Duration]
    private let span: Duration

    /// Waits until everything has arrived, or until nothing more can be expected to.
    init(
        _ system: TestSystem, _ receivers: [WebhookReceiver], since start: Timestamp = Timestamp(microseconds: 0)
    ) async throws {
        let events = try await Self.events(system)
        _ = try await eventually(within: .seconds(90), every: .milliseconds(100)) {
            receivers.allSatisfy { $0.eventCount >= events.count }
        }
        let arrivals = receivers.map { Arrivals($0.received) }
        missing = arrivals.map { arrivals in events.keys.count { arrivals.first[$0] == nil } }.reduce(0, +)
        strangers = arrivals.map { $0.strangers(to: Set(events.keys)) }.reduce(0, +)
        let recent = events.filter { $0.value >= start }
        eventCount = recent.count
        latencies = arrivals.flatMap { arrivals in
            recent.compactMap { id, time in arrivals.first[id].map { $0.duration(since: time) } }
        }.sorted()
        deliveryCount = arrivals.map { $0.count(of: Set(recent.keys)) }.reduce(0, +)
        span = (recent.values.max() ?? start).duration(since: recent.values.min() ?? start)
    }

    var summary: String {
        let rate = Int(Double(eventCount) / max(span / .seconds(1), 0.001))
        let repeated = deliveryCount - latencies.count
        return """
            \(eventCount) events at \(rate)/s, \(missing) missing; \(latencies.count) first deliveries, \(repeated) \
            repeated under the same webhook-id; from commit to first delivery p50 \(quantile(0.5)), \
            p99 \(quantile(0.99)), most \(quantile(1))
            """
    }

    private func quantile(_ share: Double) -> String {
        guard !latencies.isEmpty else { return "unknown" }
        let latency = latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        return "\(Int(latency / .milliseconds(1))) ms"
    }

    /// When each event was committed, by the database's clock, which is this machine's.
    private static func events(_ system: TestSystem) async throws -> [String: Timestamp] {
        let rows = try await system.rows("SELECT id, created_at FROM events WHERE type = 'payment_link.created'")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { row in
                (EventID(bits: try row.uuid(0)).description, Timestamp(microseconds: try row.timestamp(1)))
            })
    }
}

/// What one endpoint was sent.
private struct Arrivals {
    /// When each id came first.
    private(set) var first: [String: Timestamp] = [:]
    private var counts: [String: Int] = [:]
    /// Deliveries whose body is of another event than their header.
    private var contradictions = 0
    private var idsByLink: [String: Set<String>] = [:]

    init(_ received: [WebhookReceiver.Received]) {
        let (wall, clock) = (Timestamp.now(), ContinuousClock.now)
        for request in received {
            let (id, json) = (request.header("webhook-id") ?? "", request.json)
            if json["id"].string != id { contradictions += 1 }
            counts[id, default: 0] += 1
            idsByLink[json["data"]["linkId"].string ?? "", default: []].insert(id)
            if first[id] == nil { first[id] = wall.advanced(by: request.receivedAt - clock) }
        }
    }

    func count(of ids: Set<String>) -> Int { ids.map { counts[$0] ?? 0 }.reduce(0, +) }

    /// A link was created once, so all its deliveries have one id.
    func strangers(to ids: Set<String>) -> Int {
        contradictions + counts.keys.count { !ids.contains($0) } + idsByLink.values.count { $0.count != 1 }
    }
}
