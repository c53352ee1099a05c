import Foundation
import PrivateServers
import Testing

@Suite struct ChildProcessTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    private func shell(_ script: String) -> Launch {
        Launch("/bin/sh", ["-c", script], environment: environment, output: .file(URL(fileURLWithPath: "/dev/null")))
    }

    @Test(arguments: [("exit 0", ChildStatus.exited(0)), ("exit 3", .exited(3)), ("kill -9 $$", .signalled(9))])
    func `how a program ended is told`(script: String, expected: ChildStatus) async throws {
        #expect(try await ChildProcess.start(shell(script)).waitForExit() == expected)
    }

    @Test func `a program that does not heed the request to end is killed after its grace`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("paylinks-trap-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        let child = try await ChildProcess.start(
            shell("trap '' TERM; touch '\(file.path)'; while :; do sleep 0.05; done"))
        for _ in 0..<1_000 where !FileManager.default.fileExists(atPath: file.path) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let began = ContinuousClock.now
        #expect(await child.stop(grace: .milliseconds(200)) == .signalled(9))
        #expect(ContinuousClock.now - began >= .milliseconds(200))
    }

    @Test func `a whole tree is gone when it was killed`() async throws {
        let child = try await ChildProcess.start(shell("setsid sleep 600 & setsid sleep 600 & wait"))
        var family: [ProcessTable.Entry] = []
        for _ in 0..<200 where family.count < 2 {
            try await Task.sleep(for: .milliseconds(10))
            family = ProcessTable.descendants(of: child.pid)
        }
        #expect(family.count == 2)
        await child.killTree()
        #expect(family.filter(\.isRunning).isEmpty)
    }

    @Test func `children ignore none of our signals and outlive the thread that asked for them`() async throws {
        signal(SIGTERM, SIG_IGN)
        defer { signal(SIGTERM, SIG_DFL) }
        let child = try await ChildProcess.start(shell("sleep 600"))
        // Longer than a thread of the pool stays without work: the child's own thread must be what holds it.
        try await Task.sleep(for: .seconds(6))
        #expect(child.exitStatus == nil)
        #expect(await child.stop(grace: .seconds(10)) == .signalled(15))
    }

    @Test func `a command's failure tells what it said`() async throws {
        let error = await #expect(throws: PrivateServerError.self) {
            try await Command.run("/bin/sh", ["-c", "echo alas >&2; exit 5"], environment: environment)
        }
        let told = "\(try #require(error))"
        #expect(told.contains("exited with status 5:\nalas"))
    }

    @Test func `a cancelled command is killed`() async throws {
        let environment = environment
        let task = Task { try await Command.run("/bin/sleep", ["600"], environment: environment) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: PrivateServerError.self) { try await task.value }
    }
}
