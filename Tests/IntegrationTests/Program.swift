import Foundation
import PrivateServers
import TestSupport

/// One run of an executable of the package, to its end.
struct Program {
    /// Longer than any command should take, and shorter than a person's patience.
    private static let patience = Duration.seconds(60)

    let status: ChildStatus
    /// Everything that it wrote, standard error included.
    let output: String

    var json: JSONValue { (try? JSONValue(Array(output.utf8))) ?? .null }

    /// Runs a program of `PAYLINKS_BIN`; one that does not end in time is killed, and its status says so.
    static func run(_ name: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> Program
    {
        // Nothing of a development system that runs in the folder of the tests may be picked up.
        let base = ["PAYLINKS_HOME": "/nonexistent"]
        return try await run(
            at: try TestServers.variable("PAYLINKS_BIN") + "/" + name, arguments,
            environment: base.merging(environment) { $1 }, patience: patience)
    }

    /// The same with a program anywhere, which may take its own time.
    static func run(
        at path: String, _ arguments: [String], environment: [String: String], patience: Duration = patience
    ) async throws -> Program {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("paylinks-run-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        let base = ["PATH": "/usr/bin:/bin"]
        let child = try await ChildProcess.start(
            Launch(path, arguments, environment: base.merging(environment) { $1 }, output: .file(file)))
        // The signal asks nothing of a program that runs: only the kill after it counts.
        child.terminate(with: SIGCONT, grace: patience)
        let status = await child.waitForExit()
        return Program(status: status, output: (try? String(contentsOf: file, encoding: .utf8)) ?? "")
    }
}

extension TestSystem {
    /// Runs the operators' command line on this system.
    func paylinks(_ arguments: String..., settings: [String: String] = [:]) async throws -> Program {
        try await Program.run("paylinks", arguments, environment: environment.merging(settings) { $1 })
    }
}
