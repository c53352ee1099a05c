import PrivateServers
import Testing
import TestSupport

/// A process that cannot listen names the address, the port, and the setting to change.
@Suite struct ListeningTests {
    @Test(arguments: TestRole.allCases)
    func `a second process on a port names the address and the setting`(role: TestRole) async throws {
        try await TestSystem.run([]) { system, _ in
            let port = try #require(system.gateway.operations.baseURL.split(separator: ":").last)
            let settings = ["PAYLINKS_OPERATIONS_PORT": "\(port)", "PAYLINKS_PORT": "0"]
            let log = try await Self.failure(of: role, settings, in: system)
            #expect(log.contains("127.0.0.1:\(port)") && log.contains("PAYLINKS_OPERATIONS_PORT"), "\(log)")
            #expect(log.contains("in use"), "\(log)")
        }
    }

    @Test func `a second gateway on a port names the API's setting`() async throws {
        try await TestSystem.run([]) { system, _ in
            let port = try #require(system.api.baseURL.split(separator: ":").last)
            let log = try await Self.failure(of: .gateway, [:], in: system)
            #expect(log.contains("127.0.0.1:\(port)") && log.contains("set PAYLINKS_PORT to a free port"), "\(log)")
        }
    }

    @Test(arguments: [
        (["PAYLINKS_HOST": "192.0.2.1"], "PAYLINKS_HOST"),
        (["PAYLINKS_OPERATIONS_HOST": "192.0.2.1"], "PAYLINKS_OPERATIONS_HOST"),
    ])
    func `a host that this machine does not have is named by its setting`(
        settings: [String: String], name: String
    ) async throws {
        try await TestSystem.run([]) { system, _ in
            let log = try await Self.failure(of: .gateway, settings.merging(["PAYLINKS_PORT": "0"]) { $1 }, in: system)
            #expect(log.contains("\"\(name)\"") && log.contains("set \(name) to"), "\(log)")
        }
    }

    /// The line in which a process says that it cannot listen; it has ended by then.
    private static func failure(of role: TestRole, _ settings: [String: String], in system: TestSystem) async throws
        -> String
    {
        let process = try system.make(role)
        try await process.start(settings, untilReady: false)
        #expect(try await process.waitForExit() == .exited(1))
        let lines = await process.logText.split(separator: "\n").filter { $0.contains("cannot listen") }
        #expect(lines.count == 1)
        return String(lines.first ?? "")
    }
}
