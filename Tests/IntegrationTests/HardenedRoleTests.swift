import Foundation
import PrivateServers
import Testing
import TestSupport

/// The restrictions of `compose.yaml`, applied to our programs without a container engine: no capabilities, no new
/// privileges, and a file system that cannot be written.
@Suite(.timeLimit(.minutes(3))) struct HardenedRoleTests {
    @Test(arguments: TestRole.allCases)
    func `a role runs without rights on a read-only file system`(role: TestRole) async throws {
        try await TestSystem.run([]) { system, _ in
            if role == .gateway { await system.gateway.stop() }
            let process = role == .gateway ? system.gateway : try system.make(role)
            try await process.start(isHardened: true)
            let status = try String(contentsOfFile: "/proc/\(try #require(await process.pid))/status", encoding: .utf8)
            #expect(status.contains("NoNewPrivs:\t1"))
            #expect(status.contains("CapEff:\t0000000000000000") && status.contains("CapBnd:\t0000000000000000"))
            #expect(try await process.operations.get("/health/ready").status == 200)
        }
    }
}
