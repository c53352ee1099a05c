import PaymentLinks
import Postgres
import Synchronization
import TestSupport
import Testing
import Webhooks

/// The whole life of a failing endpoint by the database's clock, which is moved: days in a minute.
@Suite(.serialized) struct WebhookScheduleTests {
    /// The pauses as they are published; the worker runs with its defaults.
    private static let pauses: [Duration] = [
        .zero, .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000),
        .seconds(50_400), .seconds(72_000), .seconds(86_400),
    ]
    private static let patience = Duration.seconds(5 * 24 * 3600)
    /// More than two rounds of the worker's search for what is due.
    private static let twoRounds = Duration.milliseconds(600)

    @Test func `the schedule is walked to its end, then the endpoint is disabled, enabled and caught up`() async throws
    {
        try await TestSystem.run([]) { system, _ in
            let scene = try await Scene(system)
            let start = try await scene.clock.now
            try await scene.makeLink()
            for attempts in 1..<Self.pauses.count {
                let next = try await scene.nextAttempt(after: attempts)
                let pause = next.duration(since: try await scene.clock.now)
                #expect(pause >= Self.pauses[attempts] * 0.9 && pause <= Self.pauses[attempts] * 1.1, "\(attempts)")
                try await scene.renewWorker(after: attempts)
                try await scene.clock.move(to: next.advanced(by: .milliseconds(-1)))
                try await Task.sleep(for: Self.twoRounds)
                #expect(scene.receiver.received.count == attempts, "not a millisecond too early")
                try await scene.clock.move(to: next)
                #expect(try await eventually { scene.receiver.received.count == attempts + 1 })
            }
            try await scene.expectUsedUp()
            try await scene.disable(failingSince: start)
            try await scene.catchUp()
            await scene.stop()
        }
    }

    /// A failing endpoint, and a neighbour that is told when it is disabled.
    private final class Scene: Sendable {
        let clock: DatabaseClock
        let receiver: WebhookReceiver
        private let system: TestSystem
        private let neighbour: WebhookReceiver
        private let isWell: Flag
        private let (hook, wallet): (String, WalletID)
        private let worker: RoleProcess
        private let others: [RoleProcess]

        private final class Flag: Sendable {
            let isSet = Atomic<Bool>(false)
        }

        init(_ system: TestSystem) async throws {
            self.system = system
            clock = try await DatabaseClock.install(in: system)
            let flag = Flag()
            isWell = flag
            receiver = try await WebhookReceiver.start { _ in .init(flag.isSet.load(ordering: .relaxed) ? 200 : 500) }
            neighbour = try await WebhookReceiver.start()
            hook = try await system.makeWebhook(receiver.url, #""events":["payment_link.created"]"#).id
            _ = try await system.makeWebhook(neighbour.url, #""events":["webhook.disabled"]"#)
            wallet = try await system.makeWallet()
            worker = try await system.start(.webhookWorker)
            others = [
                try await system.start(.claimWorker),
                try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "1ms"]),
            ]
        }

        func makeLink() async throws {
            _ = try await system.makeLink(to: wallet)
        }

        /// When the first event is due again, once so many attempts have been recorded.
        func nextAttempt(after attempts: Int) async throws -> Timestamp {
            #expect(try await eventually { try await deliveries().last?["attempts"].number == Double(attempts) })
            let rows = try await system.rows(
                "SELECT next_attempt_at FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL")
            return Timestamp(microseconds: try #require(rows.first).timestamp(0))
        }

        /// A circuit breaker counts the failures that its own process saw, and waits in real time: one that has seen
        /// nearly enough gives way to a new one.
        func renewWorker(after attempts: Int) async throws {
            guard attempts >= CircuitBreaker.failureLimit - 1 else { return }
            await worker.kill()
            try await worker.start()
        }

        func expectUsedUp() async throws {
            let isDead = try await eventually {
                try await system.api.get("/v1/webhooks/dlq").json["data"][0]["attempts"].number == Double(pauses.count)
            }
            #expect(isDead)
            #expect(try await shown()["enabled"].boolean == true, "three days of failure are not five")
        }

        /// Another event fails just before five days are over, and again just after.
        func disable(failingSince start: Timestamp) async throws {
            try await clock.move(to: start.advanced(by: patience - .seconds(1)))
            let count = receiver.received.count
            try await makeLink()
            #expect(try await eventually { try await deliveries().first?["attempts"].number == 1 })
            #expect(try await shown()["enabled"].boolean == true)
            try await clock.move(by: .seconds(10))
            let isDisabled = try await eventually { try await shown()["disabledReason"].string == "FAILING" }
            #expect(isDisabled)
            #expect(receiver.received.count == count + 2)
            #expect(try await eventually { try await deliveries().allSatisfy { $0["status"].string == "FAILED" } })
            try await clock.move(by: .seconds(1))
            #expect(try await eventually { neighbour.received.count == 1 })
            #expect(neighbour.received[0].json["event"].string == "webhook.disabled")
            #expect(neighbour.received[0].json["data"]["webhookId"].string == hook)
        }

        /// The owner mends the endpoint, enables it, and has everything sent again.
        func catchUp() async throws {
            let told = Set(receiver.received.map { $0.header("webhook-id") })
            let count = receiver.received.count
            isWell.isSet.store(true, ordering: .relaxed)
            let enabled = try await system.api.patch("/v1/webhooks/\(hook)", #"{"enabled":true}"#)
            #expect(enabled.json["enabled"].boolean == true)
            #expect(enabled.json["disabledReason"] == .null)
            let replay = try await system.api.post(
                "/v1/webhooks/\(hook)/replay", #"{"since":"2020-01-01T00:00:00Z"}"#)
            #expect(replay.json["replayed"].number == 2)
            #expect(try await eventually { receiver.received.count == count + 2 })
            #expect(Set(receiver.received.suffix(2).map { $0.header("webhook-id") }) == told)
            #expect(try await eventually { try await deliveries().allSatisfy { $0["status"].string == "DELIVERED" } })
        }

        func stop() async {
            for process in others + [worker] { await process.kill() }
            await receiver.stop()
            await neighbour.stop()
        }

        private func shown() async throws -> JSONValue { try await system.api.get("/v1/webhooks/\(hook)").json }

        /// The endpoint's deliveries, the newest first.
        private func deliveries() async throws -> [JSONValue] {
            try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"].elements
        }
    }
}
