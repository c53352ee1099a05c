import Foundation
import Glibc
import PrivateServers
import TestSupport
import Testing

/// Where the command line takes addresses and keys from, and where it sends them.
@Suite struct CommandSourceTests {
    /// Answers as an API that refuses the key, so that a listener ends with its first request.
    private static let refusal = WebhookReceiver.Reply(
        401, body: #"{"error":{"code":"UNAUTHORIZED","message":"The API key is unknown."}}"#)

    @Test func `a key from the environment does not go to the address of a development system's record`() async throws {
        try await Self.withRecord { scene in
            let run = try await scene.listen(["PAYLINKS_API_KEY": "wg_live_mine"])
            #expect(run.status == .exited(64) && run.output.contains("--base-url"), "\(run.output)")
            #expect(scene.api.received.isEmpty)
        }
    }

    @Test func `an address from the environment or an option does not get the key of a development system's record`()
        async throws
    {
        try await Self.withRecord { scene in
            let runs = [
                try await scene.listen(["PAYLINKS_PUBLIC_URL": scene.address]),
                try await scene.listen([:], "--base-url", scene.address),
            ]
            for run in runs { #expect(run.status == .exited(64) && run.output.contains("--api-key-file")) }
            #expect(scene.api.received.isEmpty)
        }
    }

    @Test func `a record of one's own with mode 0600 is used as a whole`() async throws {
        try await Self.withRecord { scene in
            let run = try await scene.listen()
            #expect(run.status == .exited(77), "\(run.output)")
            #expect(scene.keys == ["Bearer wg_test_recorded"])
        }
    }

    @Test func `a key and an address are used together wherever they come from outside a record`() async throws {
        try await Self.withRecord { scene in
            let key = ["PAYLINKS_API_KEY": "wg_test_mine"]
            _ = try await scene.listen(key, "--base-url", scene.address)
            _ = try await scene.listen(key.merging(["PAYLINKS_PUBLIC_URL": scene.address]) { $1 })
            let option = try await scene.listen(
                ["PAYLINKS_PUBLIC_URL": scene.address, "PAYLINKS_API_KEY": "other"], "--api-key", "wg_test_mine")
            #expect(option.output.contains("--api-key-file"), "the option warns: \(option.output)")
            #expect(!option.output.contains("wg_test_mine"))
            #expect(scene.keys == Array(repeating: "Bearer wg_test_mine", count: 3))
        }
    }

    @Test func `a key comes from a file and from standard input, and neither warns`() async throws {
        try await Self.withRecord { scene in
            let file = scene.folder.appending(path: "key")
            try Data("wg_test_filed\n".utf8).write(to: file)
            let filed = try await scene.listen([:], "--base-url", scene.address, "--api-key-file", file.path)
            let piped = try await Program.run(
                at: "/bin/sh",
                [
                    "-c", #"printf 'wg_test_piped\n' | "$0" webhooks listen --base-url "$1" --api-key-file -"#,
                    try TestServers.variable("PAYLINKS_BIN") + "/paylinks", scene.address,
                ],
                environment: ["PAYLINKS_HOME": "/nonexistent"])
            for run in [filed, piped] {
                #expect(run.status == .exited(77) && !run.output.contains("Warning"), "\(run.output)")
            }
            #expect(scene.keys == ["Bearer wg_test_filed", "Bearer wg_test_piped"])
        }
    }

    @Test(arguments: [
        (["--api-key-file", "/nonexistent"], "cannot be read"), (["--api-key-file", "/dev/null"], "is empty"),
        (["--api-key-file", "-", "--secret-file", "-"], "standard input"),
        (["--api-key", "k", "--api-key-file", "-"], "not both"),
    ])
    func `a secret that is absent or given twice is wrong usage`(options: [String], reason: String) async throws {
        let run = try await Program.run(
            "paylinks", ["webhooks", "listen", "--base-url", "http://127.0.0.1:1"] + options)
        #expect(run.status == .exited(64) && run.output.contains(reason), "\(run.output)")
    }

    @Test(arguments: ["mode", "link", "owner", "shape"])
    func `a record that is not one's own private file is refused, with the reason`(fault: String) async throws {
        try await Self.withRecord { scene in
            let record = scene.folder.appending(path: "dev.json")
            var reason = "mode is 0644"
            switch fault {
            case "mode": #expect(chmod(record.path, 0o644) == 0)
            case "link":
                let target = scene.folder.appending(path: "elsewhere.json")
                #expect(rename(record.path, target.path) == 0 && symlink(target.path, record.path) == 0)
                reason = "symbolic link"
            case "owner":
                // Only root can give a file away.
                guard chown(record.path, 65_534, 65_534) == 0 else { return }
                reason = "another user"
            default:
                try Data("{}".utf8).write(to: record)
                reason = "not the record"
            }
            let runs = [
                try await scene.listen(), try await scene.run("audit"), try await scene.run("dead-letters", "list"),
            ]
            for run in runs {
                #expect(run.status == .exited(64) && run.output.contains(reason), "\(run.output)")
                #expect(run.output.contains("dev.json"))
            }
            #expect(scene.api.received.isEmpty)
        }
    }

    @Test(
        arguments: [
            (["audit"], ["PAYLINKS_AMQP_URL": "amqp://127.0.0.1:1"], "PAYLINKS_DATABASE_URL"),
            (["dead-letters", "list"], ["PAYLINKS_DATABASE_URL": "postgres://127.0.0.1:1/x"], "PAYLINKS_AMQP_URL"),
            (["audit", "--amqp-url", "amqp://127.0.0.1:1"], [:], "--database-url-file"),
            (["dead-letters", "list", "--database-url", "postgres://127.0.0.1:1/x"], [:], "--amqp-url-file"),
        ] as [([String], [String: String], String)])
    func `a command does not combine one system's database with another's broker`(
        arguments: [String], environment: [String: String], remedy: String
    ) async throws {
        try await Self.withRecord { scene in
            let run = try await scene.run(arguments, environment)
            #expect(run.status == .exited(64) && run.output.contains(remedy), "\(run.output)")
        }
    }

    @Test func `an address with a password on the command line warns, and one without does not`() async throws {
        for (password, warns) in [(":hunter2", true), ("", false)] {
            let url = "postgres://me\(password)@127.0.0.1:1/x"
            let run = try await Program.run("paylinks", ["audit", "--database-url", url])
            #expect(run.output.contains("--database-url-file") == warns, "\(run.output)")
            #expect(!run.output.contains("hunter2"))
        }
    }

    @Test func `a redirect takes no key elsewhere`() async throws {
        try await Self.withRecord { scene in
            let redirect = WebhookReceiver.Reply(302, headers: ["location": scene.address + "/v1/events"])
            let first = try await WebhookReceiver.start { _ in redirect }
            let access = ["--base-url", "http://127.0.0.1:\(first.port)"]
            let run = try await scene.run(["webhooks", "listen"] + access, ["PAYLINKS_API_KEY": "wg_test_mine"])
            #expect(run.status == .exited(1) && run.output.contains("302"), "\(run.output)")
            #expect(first.received.count == 1 && scene.api.received.isEmpty)
            await first.stop()
        }
    }

    @Test(
        arguments: [
            (401, "UNAUTHORIZED", 77, "--api-key-file"), (401, "API_KEY_REVOKED", 77, "PAYLINKS_API_KEY"),
            (403, "PERMISSION_DENIED", 77, "has the permission"), (400, "VALIDATION_ERROR", 1, "400"),
            (404, "NOT_FOUND", 1, "404"), (500, "INTERNAL_ERROR", 69, "500"),
        ] as [(Int, String, Int32, String)])
    func `a refusal of the API is its message, its code, and the remedy, without JSON and without usage`(
        status: Int, code: String, exit: Int32, remedy: String
    ) async throws {
        let body = #"{"error":{"code":"\#(code)","message":"A sentence."}}"#
        let run = try await Self.listen(to: .init(status, body: body))
        #expect(run.status == .exited(exit))
        #expect(run.output.contains("Error: A sentence. (\(status) \(code))"), "\(run.output)")
        #expect(run.output.contains(remedy), "\(run.output)")
        #expect(!run.output.contains("{") && !run.output.contains("USAGE") && !run.output.contains("Usage"))
    }

    @Test func `a response that is not the API's is not shown`() async throws {
        let run = try await Self.listen(to: .init(404, body: "<html>secret</html>"))
        #expect(run.status == .exited(1) && run.output.contains("--base-url"), "\(run.output)")
        #expect(!run.output.contains("html") && !run.output.contains("Usage"))
    }

    @Test func `a cursor is sent as one parameter, whatever is in it`() async throws {
        try await Self.withRecord { scene in
            _ = try await scene.listen([:], "--cursor", "c1&limit=1#x y")
            #expect(scene.api.received.map(\.target) == ["/v1/events?limit=100&cursor=c1%26limit%3D1%23x%20y"])
        }
    }

    private static func listen(to reply: WebhookReceiver.Reply) async throws -> Program {
        let api = try await WebhookReceiver.start { _ in reply }
        let run = try await Program.run(
            "paylinks", ["webhooks", "listen", "--base-url", "http://127.0.0.1:\(api.port)"],
            environment: ["PAYLINKS_API_KEY": "k"])
        await api.stop()
        return run
    }

    /// A development system's record, and the API that it names.
    private struct Scene {
        let folder: URL
        let api: WebhookReceiver

        var address: String { "http://127.0.0.1:\(api.port)" }
        var keys: [String?] { api.received.map { $0.header("authorization") } }

        func listen(_ environment: [String: String] = [:], _ options: String...) async throws -> Program {
            try await run(["webhooks", "listen"] + options, environment)
        }

        func run(_ arguments: String...) async throws -> Program { try await run(arguments, [:]) }

        func run(_ arguments: [String], _ environment: [String: String]) async throws -> Program {
            try await Program.run(
                "paylinks", arguments, environment: ["PAYLINKS_HOME": folder.path].merging(environment) { $1 })
        }
    }

    private static func withRecord(_ body: (Scene) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paylinks-record-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let api = try await WebhookReceiver.start { _ in refusal }
        let record = folder.appending(path: "dev.json")
        let text = """
            {"baseURL":"http://127.0.0.1:\(api.port)","apiKey":"wg_test_recorded","liveApiKey":"wg_live_recorded",\
            "organizationId":"o","payeeWalletId":"w","payerWalletId":"w",\
            "databaseURL":"postgres://127.0.0.1:1/recorded","amqpURL":"amqp://127.0.0.1:1","pids":{},"operations":{}}
            """
        try Data(text.utf8).write(to: record)
        #expect(chmod(record.path, 0o600) == 0)
        try await body(Scene(folder: folder, api: api))
        await api.stop()
    }
}
