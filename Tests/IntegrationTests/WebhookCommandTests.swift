import Foundation
import PaymentLinks
import PrivateServers
import Storage
import TestSupport
import Testing
import Webhooks

/// `paylinks webhooks`, as operators and developers use it.
@Suite(.serialized) struct WebhookCommandTests {
    private static let roles: [TestRole] = [.claimWorker, .webhookWorker]

    @Test func `endpoints and deliveries are listed, and sent again`() async throws {
        let settings = ["PAYLINKS_WEBHOOK_SCHEDULE": "0s"]
        try await TestSystem.run(Self.roles, settings: settings) { system, _ in
            let receiver = try await WebhookReceiver.start { number in .init(number == 0 ? 500 : 200) }
            let hook = try await system.makeWebhook(receiver.url, #""events":["payment_link.created"]"#)
            let own = "\(system.organization)"
            let listed = try await system.paylinks("webhooks", "list", own, "--json")
            #expect(listed.json[0]["id"].string == hook.id && listed.json[0]["enabled"].boolean == true)
            #expect(!listed.output.contains(hook.secret))
            let lines = try await system.paylinks("webhooks", "list", own)
            #expect(lines.output == "\(hook.id)  enabled  payment_link.created  \(receiver.url)\n")
            let production = try await system.paylinks("webhooks", "list", own, "--production")
            #expect(production.output == "\(own) has no endpoints in PRODUCTION.\n")

            _ = try await system.makeLink(to: try await system.makeWallet())
            let isDead = try await eventually {
                try await system.paylinks("webhooks", "deliveries", hook.id, "--status", "failed").output.contains(
                    "500")
            }
            #expect(isDead)
            let deliveries = try await system.paylinks("webhooks", "deliveries", hook.id, "--json")
            let id = try #require(deliveries.json[0]["id"].string)
            #expect(deliveries.json[0]["attempts"].number == 1 && deliveries.json[0]["statusCode"].number == 500)
            let again = try await system.paylinks("webhooks", "redeliver", hook.id, id)
            #expect(again.output == "\(id) is on its way again\n")
            #expect(try await eventually { receiver.received.count == 2 })
            let replay = try await system.paylinks("webhooks", "replay", hook.id, "--since", "2020-01-01T00:00:00Z")
            #expect(replay.output == "1 events are on their way again\n")
            #expect(try await eventually { receiver.received.count == 3 })
            #expect(Set(receiver.received.map { $0.header("webhook-id") }).count == 1)
            await receiver.stop()
        }
    }

    @Test(
        arguments: [
            (["list"], "organization"), (["list", "hook_1"], "org_"), (["deliveries", "org_1"], "hook_"),
            (["deliveries", "hook_01J00000000000000000000000", "--status", "LOST"], "DISCARDED"),
            (["deliveries", "hook_01J00000000000000000000000", "--limit", "0"], "--limit"),
            (["redeliver", "hook_01J00000000000000000000000", "evt_1"], "dlv_"),
            (["replay", "hook_01J00000000000000000000000", "--since", "yesterday"], "2026-04-01T00:00:00Z"),
            (["listen", "--secret", "hunter2"], "whsec_"), (["listen", "--as-endpoint", "--cursor", "1"], "--cursor"),
            (["listen"], "--base-url"), (["listen", "--base-url", "http://127.0.0.1:1"], "--api-key"),
            (["listen", "--base-url", "nonsense", "--api-key", "k"], "http://127.0.0.1:8080"),
            (
                ["listen", "--base-url", "http://127.0.0.1:1", "--api-key", "k", "--forward-to", "there"],
                "--forward-to"
            ),
        ] as [([String], String)])
    func `wrong usage ends with 64 and names what is wrong`(arguments: [String], subject: String) async throws {
        let run = try await Program.run("paylinks", ["webhooks"] + arguments)
        #expect(run.status == .exited(64), "\(run.output)")
        #expect(run.output.contains(subject), "\(run.output)")
    }

    @Test(arguments: [
        ("list", "Lists an organization's endpoints."), ("deliveries", "newest first"),
        ("redeliver", "Starts one delivery over."), ("replay", "every event again that was made since a time"),
        ("listen", "verifies each signature"),
    ])
    func `the help says what each is for`(command: String, purpose: String) async throws {
        let help = try await Program.run("paylinks", ["webhooks", command, "--help"])
        #expect(help.status == .exited(0))
        #expect(help.output.split(separator: /\s+/).joined(separator: " ").contains(purpose), "\(help.output)")
    }

    @Test func `what happens is printed, and handed on signed, until it is taken`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let program = try await WebhookReceiver.start { number in .init(number == 0 ? 503 : 200) }
            let secret = WebhookSecret.mint()
            let listener = try await Listener.start(system, ["--forward-to", program.url, "--secret", secret.string])
            let wallet = try await system.makeWallet()
            // It follows what happens from its start on, and nobody outside sees when that was: events are made until
            // one is seen.
            let isSeen = try await eventually {
                _ = try await system.makeLink(to: wallet)
                return !listener.events.isEmpty
            }
            #expect(isSeen)
            #expect(try await eventually { program.received.count >= 2 })
            let (first, again) = (program.received[0], program.received[1])
            #expect(first.json["event"].string == "payment_link.created")
            #expect(first.body == again.body, "it was not taken, so it comes again before any other")
            let signature = WebhookSignature(current: secret)
            for request in [first, again] {
                #expect(request.header("webhook-id") == request.json["id"].string)
                #expect(signature.verifies(request.body, header: request.header, now: .now()))
            }
            #expect(await listener.stop() == .exited(0))
            #expect(listener.text.contains("to go on from here: --cursor "), "\(listener.text)")
            await program.stop()
        }
    }

    @Test func `a key that reaches one wallet listens to the events of that wallet alone`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (own, other) = (try await system.makeWallet(), try await system.makeWallet())
            let key = try await TestSystem.makeKey(
                .sandbox, of: system.organization, in: system.pool,
                grant: KeyGrant(permissions: [.webhooksRead], walletScope: [own]))
            let listener = try await Listener.start(system, [], key: key)
            let isSeen = try await eventually {
                _ = try await system.makeLink(to: other)
                _ = try await system.makeLink(to: own)
                return !listener.events.isEmpty
            }
            #expect(isSeen)
            #expect(await listener.stop() == .exited(0))
            #expect(listener.events.allSatisfy { $0["data"]["walletId"].string == "\(own)" })
        }
    }

    @Test func `an API that nobody answers at ends a listener with 69`() async throws {
        let access = ["--base-url", "http://127.0.0.1:1", "--api-key", "k", "--cursor", "c7"]
        let run = try await Program.run("paylinks", ["webhooks", "listen"] + access)
        #expect(run.status == .exited(69))
        #expect(run.output.contains("The API at http://127.0.0.1:1 cannot be reached"), "\(run.output)")
        #expect(run.output.contains("to go on from here: --cursor c7"), "\(run.output)")
    }

    @Test func `a listener waits while the API puts it off, and tells its cursor when it has to end`() async throws {
        let replies: [WebhookReceiver.Reply] = [
            .init(503), .init(200, body: #"{"data":[],"cursor":"c1","hasMore":false}"#), .init(429),
            .init(200, body: #"{"data":[{"id":"evt_1"}],"cursor":"c2","hasMore":false}"#),
        ]
        let revoked = WebhookReceiver.Reply(
            401, body: #"{"error":{"code":"API_KEY_REVOKED","message":"It is revoked."}}"#)
        let api = try await WebhookReceiver.start { $0 < replies.count ? replies[$0] : revoked }
        let access = ["--base-url", "http://127.0.0.1:\(api.port)", "--api-key", "k"]
        let run = try await Program.run("paylinks", ["webhooks", "listen"] + access)
        #expect(run.status == .exited(77))
        #expect(run.output.contains(#"{"id":"evt_1"}"#) && run.output.contains("revoked"), "\(run.output)")
        #expect(run.output.contains("to go on from here: --cursor c2"), "\(run.output)")
        #expect(api.received.map { $0.target.contains("cursor=c1") } == [false, false, true, true, false])
        #expect(api.received.last?.target.contains("cursor=c2") == true)
        await api.stop()
    }

    @Test func `an endpoint of its own prints and hands on what is genuine, refuses the rest, and goes at the end`()
        async throws
    {
        try await TestSystem.run(Self.roles) { system, _ in
            let program = try await WebhookReceiver.start()
            let listener = try await Listener.start(system, ["--as-endpoint", "--forward-to", program.url])
            #expect(try await eventually { listener.text.contains("listening as hook_") })
            let hook = try await system.api.get("/v1/webhooks").json["data"][0]
            let (id, url) = (try #require(hook["id"].string), try #require(hook["url"].string))
            let link = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { program.received.count == 1 })
            #expect(listener.events.map { $0["data"]["linkId"].string } == [link.id])
            let request = program.received[0]
            #expect(request.header("webhook-id") == request.json["id"].string)
            #expect(request.header("wallgent-signature")?.hasPrefix("sha256=") == true)
            // The delivery once more, by somebody who has seen it but does not know the secret.
            var forged = request.headers.filter { $0.key.hasPrefix("webhook-") }
            forged["webhook-timestamp"] = request.header("webhook-timestamp").flatMap { Int($0) }.map { "\($0 + 1)" }
            let answer = try await API(baseURL: url).send("POST", "", body: request.body, headers: forged)
            #expect(answer.status == 400)
            #expect(listener.text.contains("signature is wrong"))
            #expect(program.received.count == 1 && listener.events.count == 1)
            #expect(await listener.stop() == .exited(0))
            #expect(try await system.api.get("/v1/webhooks/\(id)").status == 404)
            await program.stop()
        }
    }

    /// `paylinks webhooks listen` as it runs.
    private struct Listener {
        private let process: ChildProcess
        private let file: URL

        static func start(_ system: TestSystem, _ arguments: [String], key: String? = nil) async throws -> Listener {
            let file = system.folder.appending(path: "listener-\(UUID()).log")
            let access = ["--base-url", system.api.baseURL, "--api-key", try #require(key ?? system.api.key)]
            let launch = Launch(
                try TestServers.variable("PAYLINKS_BIN") + "/paylinks", ["webhooks", "listen"] + access + arguments,
                environment: ["PATH": "/usr/bin:/bin", "PAYLINKS_HOME": "/nonexistent"], output: .file(file))
            return Listener(process: try await ChildProcess.start(launch), file: file)
        }

        /// All that it has written, notes included.
        var text: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

        var events: [JSONValue] {
            text.split(separator: "\n").filter { $0.hasPrefix("{") }.compactMap { try? JSONValue(Array($0.utf8)) }
        }

        @discardableResult
        func stop() async -> ChildStatus { await process.stop(grace: .seconds(10)) }
    }
}
