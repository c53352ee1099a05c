import Foundation
import PrivateServers
import Testing

@Suite("The structure of the sources") struct StructureTests {
    /// A breach throws, with the script's output.
    @Test("Targets and folders have no cycles, and every file is named after a type in it")
    func rules() async throws {
        let script = Repository.root.appending(path: "scripts/structure").path
        let output = try await Command.run(
            "/usr/bin/python3", [script, "--check"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(output.isEmpty)
    }
}
