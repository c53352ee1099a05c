import Foundation
import PrivateServers
import Testing

extension Program {
    static let repository = URL(filePath: #filePath).appending(path: "../../..").standardized

    /// Runs a script of `Tests/Python` in the environment that `scripts/python-tools` makes. It has to end well, and
    /// prints JSON.
    static func python(_ script: String, _ arguments: [String]) async throws -> Program {
        let interpreter = repository.appending(path: ".build/python/bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: interpreter.path), "scripts/python-tools has not been run")
        let path = repository.appending(path: "Tests/Python/\(script)").path
        let run = try await run(at: interpreter.path, [path] + arguments, environment: [:])
        try #require(run.status == .exited(0), "\(run.output)")
        return run
    }

    /// A page of the documentation.
    static func documentation(_ page: String) throws -> String {
        try String(contentsOf: repository.appending(path: "docs/\(page)"), encoding: .utf8)
    }
}
