import PaymentLinks
import TestSupport
import Testing

/// Endpoints that do their worst against the worker as it ships: the schedule is kept, and so is every bound.
@Suite(.serialized) struct WebhookHostilityTests {
    private static let settings = [
        "PAYLINKS_WEBHOOK_SCHEDULE": "0s,300ms,500ms", "PAYLINKS_WEBHOOK_TIMEOUT": "1s",
    ]
    private static let tenMegabytes = 10 << 20

    /// What an endpoint does to every delivery, and what its owner reads of it.
    private struct Behaviour: Sendable {
        let name: String
        let script: [HostileReceiver.Step]
        var status: Int?
        var error: String?
        var excerpt: String?
    }

    private static let head = "HTTP/1.1 200 OK\r\n"
    private static let noAnswer = "connection closed without an answer"

    private static let failing = [
        Behaviour(
            name: "answers 500", script: [.send("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops")], status: 500,
            excerpt: "oops"),
        Behaviour(name: "hangs", script: [], error: "timed out"),
        Behaviour(name: "hangs after half a head", script: [.send(head + "Content-Le")], error: "timed out"),
        Behaviour(name: "closes after half a head", script: [.send(head + "Content-Le"), .close], error: noAnswer),
        Behaviour(name: "closes at once", script: [.close], error: noAnswer),
        Behaviour(
            name: "lets its head drip", script: [.send(head + "X-Slow: "), .drip("a", every: .milliseconds(50))],
            error: "timed out"),
        Behaviour(
            name: "sends an endless head", script: [.send(head + "X-Long: "), .flood(tenMegabytes)], error: noAnswer),
        Behaviour(
            name: "says 100 for ever", script: [.drip("HTTP/1.1 100 Continue\r\n\r\n", every: .milliseconds(1))],
            error: "timed out"),
        Behaviour(name: "speaks no HTTP", script: [.send("SSH-2.0-OpenSSH_9.2\r\n")], error: noAnswer),
        Behaviour(
            name: "sends a length below zero", script: [.send(head + "Content-Length: -1\r\n\r\n")], error: noAnswer),
        Behaviour(
            name: "fails with ten megabytes",
            script: [.send("HTTP/1.1 502 Bad\r\nContent-Length: \(tenMegabytes)\r\n\r\n"), .flood(tenMegabytes)],
            status: 502, excerpt: String(repeating: "x", count: 1024)),
    ]

    /// A status that has been said counts, whatever becomes of the body.
    private static let taking = [
        Behaviour(
            name: "hangs after half a body", script: [.send(head + "Content-Length: 9\r\n\r\nhalf")], status: 200,
            excerpt: "half"),
        Behaviour(
            name: "closes after half a body", script: [.send(head + "Content-Length: 9\r\n\r\nhalf"), .close],
            status: 200,
            excerpt: "half"),
        Behaviour(
            name: "sends what is no text",
            script: [.send(Array("\(head)Content-Length: 5\r\n\r\n".utf8) + [0x61, 0x00, 0xFF, 0xC3, 0x62])],
            status: 200,
            excerpt: "a\u{FFFD}\u{FFFD}b"),
    ]

    @Test func `whatever an endpoint does, the schedule is kept, and its owner reads what came of it`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: Self.settings) { system, _ in
            var hooks: [(Behaviour, HostileReceiver, String)] = []
            for behaviour in Self.failing + Self.taking {
                let receiver = try await HostileReceiver.start(behaviour.script)
                hooks.append((behaviour, receiver, try await system.makeWebhook(receiver.url).id))
            }
            let live = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(live.url)
            _ = try await system.makeLink(to: try await system.makeWallet())
            for (index, (behaviour, receiver, id)) in hooks.enumerated() {
                let isTaken = index >= Self.failing.count
                let delivery = try await Self.ended(id, system)
                #expect(delivery["status"].string == (isTaken ? "DELIVERED" : "FAILED"), "\(behaviour.name)")
                #expect(delivery["attempts"].number == (isTaken ? 1 : 3), "\(behaviour.name)")
                #expect(receiver.connections == (isTaken ? 1 : 3), "\(behaviour.name)")
                #expect(delivery["statusCode"].number == behaviour.status.map(Double.init), "\(behaviour.name)")
                #expect(delivery["error"].string == behaviour.error, "\(behaviour.name)")
                #expect(delivery["responseBody"].string == behaviour.excerpt, "\(behaviour.name)")
                await receiver.stop()
            }
            #expect(live.received.count == 1)
            await live.stop()
        }
    }

    @Test func `a redirect is a failure, and nothing connects to where it leads`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: Self.settings) { system, _ in
            let inside = try await HostileReceiver.start()
            var hooks: [(HostileReceiver, String)] = []
            for status in [301, 302, 303, 307, 308] {
                let receiver = try await HostileReceiver.start([
                    .send("HTTP/1.1 \(status) Moved\r\nLocation: \(inside.url)\r\nContent-Length: 0\r\n\r\n")
                ])
                hooks.append((receiver, try await system.makeWebhook(receiver.url).id))
            }
            _ = try await system.makeLink(to: try await system.makeWallet())
            for (receiver, hook) in hooks {
                let delivery = try await Self.ended(hook, system)
                #expect(delivery["status"].string == "FAILED")
                #expect(delivery["attempts"].number == 3 && receiver.connections == 3)
                await receiver.stop()
            }
            #expect(inside.connections == 0)
            await inside.stop()
        }
    }

    @Test func `an endpoint that was registered where loopback is allowed is not connected to where it is not`()
        async throws
    {
        try await TestSystem.run([.claimWorker], settings: Self.settings) { system, _ in
            let inside = try await HostileReceiver.start()
            let hosts = ["127.0.0.1", "127.1.2.3", "localhost", "a.localhost", "[::1]", "[::ffff:127.0.0.1]"]
            var hooks: [String] = []
            for scheme in ["http", "https"] {
                for host in hosts {
                    hooks.append(try await system.makeWebhook("\(scheme)://\(host):\(inside.port)/").id)
                }
            }
            let strict = try await system.start(.webhookWorker, ["PAYLINKS_WEBHOOK_ALLOW_LOOPBACK": "false"])
            _ = try await system.makeLink(to: try await system.makeWallet())
            for hook in hooks {
                #expect(try await Self.ended(hook, system)["error"].string == "address not allowed")
            }
            #expect(inside.connections == 0)
            await strict.kill()
        }
    }

    @Test func `ten megabytes for an answer, again and again, cost the worker neither memory nor descriptors`()
        async throws
    {
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: Self.settings) { system, processes in
            let size = Self.tenMegabytes
            let receiver = try await HostileReceiver.start([
                .send("\(Self.head)Content-Length: \(size)\r\n\r\n"), .flood(size),
            ])
            let hook = try await system.makeWebhook(receiver.url).id
            let wallet = try await system.makeWallet()
            func deliver(_ total: Int) async throws {
                while receiver.connections < total { _ = try await system.makeLink(to: wallet) }
                let areDelivered = try await eventually {
                    try await system.number("SELECT count(*) FROM webhook_deliveries WHERE status = 'PENDING'") == 0
                }
                #expect(areDelivered)
            }
            try await deliver(5)
            let before = try await Self.process(processes[1])
            try await deliver(60)
            let after = try await Self.process(processes[1])
            #expect(after.memory - before.memory < 64 << 20, "550 MB were offered meanwhile")
            #expect(after.descriptors <= before.descriptors + 4)
            // Links were made until enough had arrived, so some deliveries may still be on their way.
            let page = try await system.api.get("/v1/webhooks/\(hook)/deliveries?limit=100&status=DELIVERED")
            #expect(page.json["data"].elements.count >= 60)
            #expect(page.json["data"].elements.allSatisfy { $0["responseBody"].string?.count == 1024 })
            await receiver.stop()
        }
    }

    /// The endpoint's only delivery, once nothing more will come of it.
    private static func ended(_ hook: String, _ system: TestSystem) async throws -> JSONValue {
        var delivery = JSONValue.null
        let hasEnded = try await eventually {
            delivery = try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"][0]
            return delivery["finishedAt"].string != nil
        }
        #expect(hasEnded)
        return delivery
    }

    private static func process(_ process: RoleProcess) async throws -> (memory: Int, descriptors: Int) {
        let text = try await process.operations.get("/metrics").text
        func value(_ name: String) throws -> Int {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            return Int(try #require(Double(line.dropFirst(name.count + 1))))
        }
        return (try value("process_resident_memory_bytes"), try value("process_open_fds"))
    }
}
