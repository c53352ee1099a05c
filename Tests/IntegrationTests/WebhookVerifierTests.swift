import Foundation
import PaymentLinks
import TestSupport
import Testing

/// Real deliveries, judged by the verifiers that receivers use.
@Suite(.serialized) struct WebhookVerifierTests {
    /// Standard Webhooks lets a delivery be five minutes old.
    private static let sixMinutes = 360

    @Test func `the verifiers of others accept what is delivered, and refuse what was changed on the way`() async throws
    {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            _ = try await system.makeLink(to: try await system.makeWallet(), #""description":"Ünïcödé 🍵""#)
            #expect(try await eventually { receiver.received.count == 1 })
            let genuine = VerifierCase("genuine", try #require(receiver.received.first), secret: hook.secret)
            let verdicts = try await Self.judge([genuine] + Self.changed(genuine))
            let all = Self.verdict(standard: true, body: true)
            let none = Self.verdict(standard: false, body: false)
            // The body's own signature covers the body alone: neither the id nor the time is in it.
            let bodyOnly = Self.verdict(standard: false, body: true)
            #expect(
                verdicts == [
                    "genuine": all, "other body": none, "longer body": none, "other secret": none,
                    "no signatures": none,
                    "other signatures": none, "other id": bodyOnly, "other time": bodyOnly,
                    "six minutes later": bodyOnly,
                ])
            await receiver.stop()
        }
    }

    @Test func `while a secret is replaced, both secrets verify; afterwards the new one alone`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let rotation = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/rotate-secret")
            let secret = try #require(rotation.json["secret"].string)
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receiver.received.count == 1 })
            _ = try await system.rows(
                "UPDATE webhooks SET previous_secret_until = clock_timestamp() - interval '1 ms' RETURNING id")
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receiver.received.count == 2 })
            let (during, after) = (receiver.received[0], receiver.received[1])
            var oldHeader = VerifierCase("during, old secret, its own header", during, secret: hook.secret)
            oldHeader.signatureHeader = "wallgent-signature-previous"
            let verdicts = try await Self.judge([
                VerifierCase("during, new secret", during, secret: secret),
                VerifierCase("during, old secret", during, secret: hook.secret), oldHeader,
                VerifierCase("after, new secret", after, secret: secret),
                VerifierCase("after, old secret", after, secret: hook.secret),
            ])
            #expect(
                verdicts == [
                    "during, new secret": Self.verdict(standard: true, body: true),
                    "during, old secret": Self.verdict(standard: true, body: false),
                    "during, old secret, its own header": Self.verdict(standard: true, body: true),
                    "after, new secret": Self.verdict(standard: true, body: true),
                    "after, old secret": Self.verdict(standard: false, body: false),
                ])
            #expect(after.header("wallgent-signature-previous") == nil)
            await receiver.stop()
        }
    }

    @Test func `the rotated secret signs on for a day`() async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook")
            _ = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/rotate-secret")
            let count = try await system.number(
                """
                SELECT count(*) FROM webhooks
                WHERE previous_secret_until BETWEEN clock_timestamp() + interval '23 hours 50 minutes'
                    AND clock_timestamp() + interval '24 hours'
                """)
            #expect(count == 1)
        }
    }

    @Test func `the webhooks resource of wallgent works as it is, every method of it`() async throws {
        let settings = ["PAYLINKS_WEBHOOK_SCHEDULE": "0s"]
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: settings) { system, _ in
            let failing = try await WebhookReceiver.start { _ in .init(500) }
            let receiver = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(failing.url)
            let wallet = try await system.makeWallet()
            for _ in 0..<4 { _ = try await system.makeLink(to: wallet) }
            var dead: [String] = []
            let areDead = try await eventually {
                dead = try await system.api.get("/v1/webhooks/dlq").json["data"].elements.compactMap { $0["id"].string }
                return dead.count == 4
            }
            #expect(areDead)
            let run = try await Program.python(
                "webhooks_resource.py", [system.api.baseURL + "/v1", try #require(system.api.key), receiver.url] + dead)
            #expect(run.json.elements.count == 9)
            #expect(receiver.received.count == 2, "a test arrived in each round")
            await failing.stop()
            await receiver.stop()
        }
    }

    /// The delivery after each thing that can happen to it between us and its reader.
    private static func changed(_ genuine: VerifierCase) -> [VerifierCase] {
        let time = genuine.headers["webhook-timestamp"].flatMap { Int($0) } ?? 0
        return [
            genuine.changed("other body") { $0.body[$0.body.count / 2] ^= 1 },
            genuine.changed("longer body") { $0.body += Data(" ".utf8) },
            genuine.changed("other id") { $0.headers["webhook-id"] = "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV" },
            genuine.changed("other time") { $0.headers["webhook-timestamp"] = "\(time + 1)" },
            genuine.changed("other signatures") { $0.reverseSignatures() },
            genuine.changed("no signatures") {
                $0.headers["webhook-signature"] = nil
                $0.headers["wallgent-signature"] = nil
            },
            genuine.changed("six minutes later") { $0.laterBySeconds = sixMinutes },
            genuine.changed("other secret") { $0.secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" },
        ]
    }

    private static func verdict(standard: Bool, body: Bool) -> JSONValue {
        .object([
            "standardwebhooks": .boolean(standard), "svix": .boolean(standard), "wallgent": .boolean(body),
        ])
    }

    private static func judge(_ cases: [VerifierCase]) async throws -> [String: JSONValue] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("paylinks-deliveries-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        try JSONEncoder().encode(cases).write(to: file)
        let json = try await Program.python("verify_deliveries.py", [file.path]).json
        return Dictionary(uniqueKeysWithValues: json.names.map { ($0, json[$0]) })
    }
}
