import Foundation
import PrivateServers
import TestSupport
import Testing

/// What `docs/webhooks.md` tells receivers to do, done to the letter with real deliveries.
@Suite(.serialized) struct WebhookDocumentationTests {
    /// A delivery as it came, and with one bit of its body changed on the way.
    private static func deliveries(_ body: (VerifierCase, VerifierCase) async throws -> Void) async throws {
        try await TestSystem.run([.webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let test = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/test")
            #expect(test.json["delivered"].boolean == true)
            let genuine = VerifierCase("genuine", try #require(receiver.received.first), secret: hook.secret)
            try await body(genuine, genuine.changed("forged") { $0.body[$0.body.count / 2] ^= 1 })
            await receiver.stop()
        }
    }

    @Test func `the five lines of the shell tell a genuine delivery from a forged one`() async throws {
        let lines = try Self.example("### In a shell", "sh")
        #expect(lines.split(separator: "\n").count == 5)
        try await Self.deliveries { genuine, forged in
            let accepted = try await Self.runShell(lines, on: genuine)
            #expect(accepted.status == .exited(0) && accepted.output == "genuine\n", "\(accepted.output)")
            let refused = try await Self.runShell(lines, on: forged)
            #expect(refused.status == .exited(1) && refused.output == "forged\n", "\(refused.output)")
        }
    }

    @Test func `the Python gives the event of a genuine delivery, and nothing for a forged one`() async throws {
        let example = try Self.example("### In Python", "python")
        try await Self.deliveries { genuine, forged in
            for (delivery, isTaken) in [(genuine, "true\n"), (forged, "false\n")] {
                try await Self.inFolder { folder in
                    let (code, file) = try Self.write(example, "example.py", delivery, folder)
                    let run = try await Program.python("run_example.py", [code.path, file.path])
                    #expect(run.output == isTaken, "\(delivery.name)")
                }
            }
        }
    }

    @Test func `the JavaScript tells a genuine delivery from a forged one`() async throws {
        let example = try Self.example("### In JavaScript", "js")
        try await Self.deliveries { genuine, forged in
            for (delivery, isTaken) in [(genuine, "true\n"), (forged, "false\n")] {
                try await Self.inFolder { folder in
                    let (code, file) = try Self.write(example, "example.mjs", delivery, folder)
                    let script = """
                        import { isGenuine } from "\(code.path)";
                        import { readFileSync } from "node:fs";
                        const { body, headers, secret } = JSON.parse(readFileSync("\(file.path)"));
                        console.log(isGenuine(Buffer.from(body, "base64"), headers, secret));
                        """
                    let run = try await Program.run(
                        at: "/usr/bin/env", ["node", "--input-type=module", "--eval", script], environment: [:])
                    #expect(run.status == .exited(0) && run.output == isTaken, "\(delivery.name): \(run.output)")
                }
            }
        }
    }

    /// The first example in a language under a heading.
    private static func example(_ heading: String, _ language: String) throws -> String {
        let page = try Program.documentation("webhooks.md")
        let section = try #require(page.range(of: "\n\(heading)\n")).upperBound
        let start = try #require(page[section...].range(of: "```\(language)\n")).upperBound
        let end = try #require(page[start...].range(of: "```")).lowerBound
        return String(page[start..<end])
    }

    private static func runShell(_ lines: String, on delivery: VerifierCase) async throws -> Program {
        try await inFolder { folder in
            try delivery.body.write(to: folder.appending(path: "body"))
            let environment = [
                "secret": delivery.secret, "signature": delivery.headers["wallgent-signature"] ?? "",
            ]
            return try await Program.run(
                at: "/bin/bash", ["-c", "cd '\(folder.path)' && \(lines)"], environment: environment)
        }
    }

    private static func write(
        _ example: String, _ name: String, _ delivery: VerifierCase, _ folder: URL
    ) throws -> (code: URL, delivery: URL) {
        let (code, file) = (folder.appending(path: name), folder.appending(path: "delivery.json"))
        try example.write(to: code, atomically: true, encoding: .utf8)
        try JSONEncoder().encode(delivery).write(to: file)
        return (code, file)
    }

    private static func inFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paylinks-example-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
