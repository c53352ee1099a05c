import Foundation
import Glibc
import PrivateServers
import TestSupport
import Testing

/// What `paylinks dev` keeps of processes that end by themselves.
@Suite struct DevelopmentRestartTests {
    @Test func `a process that ends by itself is started again, counted in a private record, and logged`() async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "paylinks-restart-\(UUID())")
        // Servers that run as another user must be able to pass through.
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(at: folder) }
        let (home, output) = (folder.appending(path: "home"), folder.appending(path: "dev.log"))
        let system = try await ChildProcess.start(
            Launch(
                try TestServers.variable("PAYLINKS_BIN") + "/paylinks", ["dev"],
                environment: ["PATH": "/usr/bin:/bin", "PAYLINKS_HOME": home.path], output: .file(output)))
        let record = home.appending(path: "dev.json")
        let isReady = try await eventually(within: .seconds(120)) { Self.facts(record)["pids"] != .null }
        #expect(isReady, "\(Self.text(output))")
        #expect(Self.mode(of: record) == 0o600)
        for count in 1...2 {
            let pid = try #require(Self.facts(record)["pids"]["claim-worker"].number)
            #expect(kill(Int32(pid), SIGKILL) == 0)
            let isCounted = try await eventually(within: .seconds(30)) {
                let facts = Self.facts(record)
                return facts["restarts"]["claim-worker"].number == Double(count)
                    && facts["pids"]["claim-worker"].number != pid
            }
            #expect(isCounted, "\(Self.text(record))")
        }
        #expect(await system.stop(grace: .seconds(60)) == .exited(0), "\(Self.text(output))")
        let log = Self.text(home.appending(path: "logs/restarts.log")).split(separator: "\n")
        #expect(
            log.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
                "claim-worker was ended by signal 9; restart 1", "claim-worker was ended by signal 9; restart 2",
            ])
        #expect(log.allSatisfy { $0.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil })
        let told = Self.text(output)
        #expect(told.contains("(restart 2)") && told.contains("restarts in this run: claim-worker 2"), "\(told)")
    }

    private static func facts(_ record: URL) -> JSONValue {
        (try? JSONValue(Array(Data(contentsOf: record)))) ?? .null
    }

    private static func mode(of file: URL) -> mode_t? {
        var facts = stat()
        return stat(file.path, &facts) == 0 ? facts.st_mode & 0o7777 : nil
    }

    private static func text(_ file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
}
