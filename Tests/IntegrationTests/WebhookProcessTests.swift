import Foundation
import Jobs
import RabbitMQ
import TestSupport
import Testing

/// The worker as it ships: whom it trusts, and what it asks the system for.
@Suite(.serialized) struct WebhookProcessTests {
    private static let settings = ["PAYLINKS_WEBHOOK_SCHEDULE": "0s,200ms"]

    @Test func `an endpoint whose certificate is of an authority of ours is trusted by a worker that is told to alone`()
        async throws
    {
        try await TestSystem.run([.claimWorker], settings: Self.settings) { system, _ in
            let endpoint = try await SecureEndpoint.start()
            let hook = try await system.makeWebhook("https://localhost:\(endpoint.port)/hook").id
            let wallet = try await system.makeWallet()
            let file = system.folder.appendingPathComponent("authorities.pem")
            try Data(TestCertificates.authority.utf8).write(to: file)
            let trusting = try await system.start(.webhookWorker, ["PAYLINKS_WEBHOOK_CA_FILE": file.path])
            _ = try await system.makeLink(to: wallet)
            let delivered = try await Self.ended(hook, system)
            #expect(delivered["status"].string == "DELIVERED" && delivered["attempts"].number == 1)
            #expect(endpoint.requests == 1)
            await trusting.stop()
            let strict = try await system.start(.webhookWorker)
            _ = try await system.makeLink(to: wallet)
            let failed = try await Self.ended(hook, system)
            #expect(failed["status"].string == "FAILED" && failed["attempts"].number == 2)
            #expect(failed["error"].string == "TLS handshake failed")
            #expect(endpoint.requests == 1, "nothing is sent to whoever cannot be trusted")
            await strict.kill()
            await endpoint.stop()
        }
    }

    @Test func `an endpoint's certificate has to be for the name that it was registered under`() async throws {
        try await TestSystem.run([.claimWorker], settings: Self.settings) { system, _ in
            let endpoint = try await SecureEndpoint.start()
            let hook = try await system.makeWebhook("https://127.0.0.1:\(endpoint.port)/hook").id
            let file = system.folder.appendingPathComponent("authorities.pem")
            try Data(TestCertificates.authority.utf8).write(to: file)
            let worker = try await system.start(.webhookWorker, ["PAYLINKS_WEBHOOK_CA_FILE": file.path])
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await Self.ended(hook, system)["error"].string == "TLS handshake failed")
            #expect(endpoint.requests == 0)
            await worker.kill()
            await endpoint.stop()
        }
    }

    @Test func `a worker asks for as many connections as the system lets it have`() async throws {
        try await TestSystem.run([]) { system, _ in
            let worker = try system.make(.webhookWorker)
            try await worker.start(descriptors: 200)
            let pid = try #require(await worker.pid)
            let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] > 200, "\(line)")
            await worker.kill()
        }
    }

    @Test func `a message of events that cannot be read becomes a dead letter, is counted, and names its request`()
        async throws
    {
        try await TestSystem.run([.webhookWorker]) { system, processes in
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            var message = OutgoingMessage(
                exchange: system.topology.eventsExchange, routingKey: "payment_link.created", body: Array("{".utf8),
                messageId: "poison")
            message.headers["traceparent"] = .string(trace)
            try await system.publish([message])
            let isCounted = try await eventually {
                try await processes[0].operations.get("/metrics").text.contains(
                    "\npaylinks_webhook_events_dead_total 1\n")
            }
            #expect(isCounted)
            let dead = system.topology.deadQueue(of: system.topology.webhookQueue)
            #expect(try await eventually { try await system.depth(of: dead) == 1 })
            #expect(await processes[0].logText.contains(trace))
        }
    }

    /// The endpoint's newest delivery, once nothing more will come of it.
    private static func ended(_ hook: String, _ system: TestSystem) async throws -> JSONValue {
        let pending = "SELECT count(*) FROM webhook_deliveries WHERE status = 'PENDING'"
        let isOver = try await eventually {
            let events = try await system.number("SELECT count(*) FROM events")
            let deliveries = try await system.number("SELECT count(*) FROM webhook_deliveries")
            let waiting = try await system.number(pending)
            return events == deliveries && waiting == 0
        }
        #expect(isOver)
        return try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"][0]
    }
}
