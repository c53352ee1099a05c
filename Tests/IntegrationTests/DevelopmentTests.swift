import Foundation
import PrivateServers
import TestSupport
import Testing

/// `paylinks dev`, as developers run it: the executable, with servers of its own.
@Suite struct DevelopmentTests {
    @Test func `a development system serves until Ctrl-C, and ends in good order though its script asks it to as well`()
        async throws
    {
        try await Self.withFolder { folder in
            let home = folder.appending(path: "home")
            let log = folder.appending(path: "dev.log")
            let system = try await ChildProcess.start(
                Launch(
                    try TestServers.variable("PAYLINKS_BIN") + "/paylinks", ["dev", "--quiet"],
                    environment: ["PATH": "/usr/bin:/bin", "PAYLINKS_HOME": home.path, "PAYLINKS_PORT": ""],
                    output: .file(log)))
            let record = home.appending(path: "dev.json")
            let isReady = try await eventually(within: .seconds(120)) {
                FileManager.default.fileExists(atPath: record.path) || system.exitStatus != nil
            }
            #expect(isReady && system.exitStatus == nil, "\(Self.text(log))")
            let facts = (try? JSONValue(Array(Data(contentsOf: record)))) ?? .null
            let api = API(baseURL: facts["baseURL"].string ?? "http://127.0.0.1:1", key: facts["apiKey"].string)
            #expect((try? await api.get("/v1/wallets"))?.json["data"].elements.count == 2)
            system.signal(SIGINT)
            system.signal(SIGTERM)
            // The signal asks nothing of a program that runs: only the kill after it counts.
            #expect(await system.stop(with: SIGCONT, grace: .seconds(60)) == .exited(0), "\(Self.text(log))")
            #expect(ProcessTable.naming(folder.path).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: record.path))
            #expect(Self.text(log) == "", "it ends without a problem")
        }
    }

    @Test(arguments: [("70000", "1 to 65535"), ("http", "1 to 65535")])
    func `a port that cannot be is refused before anything starts`(port: String, wanted: String) async throws {
        try await Self.withFolder { folder in
            let run = try await Program.run(
                "paylinks", ["dev"], environment: ["PAYLINKS_HOME": folder.path, "PAYLINKS_PORT": port])
            #expect(run.status == .exited(1))
            #expect(run.output.contains("PAYLINKS_PORT is \(port)") && run.output.contains(wanted), "\(run.output)")
            #expect(!run.output.contains("starting"))
        }
    }

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paylinks-dev-\(UUID())")
        // Servers that run as another user must be able to pass through.
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
}
