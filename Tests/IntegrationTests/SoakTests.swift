import Foundation
import PaymentLinks
import ServiceHost
import Testing
import TestSupport

/// The gateway under everything that callers send, for long: `make soak` runs it at full size, the suite at a small one.
@Suite(.serialized) struct SoakTests {
    private static let isFull = ProcessInfo.processInfo.environment["PAYLINKS_SOAK"] == "full"
    private static let warmUp = isFull ? 20_000 : 2_000
    private static let requests = isFull ? 200_000 : 4_000
    private static let idleConnections = isFull ? 10_000 : 500
    private static let workers = 32

    @Test func `the gateway's memory stays within 20 percent, whatever it is sent`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_LOG_LEVEL": "warning"]) { system, _ in
            let scene = try await SoakScene(system)
            try await Self.send(Self.warmUp, from: 0, scene)
            let before = try await Self.residentBytes(of: system.gateway)
            let start = ContinuousClock.now
            try await Self.send(Self.requests, from: Self.warmUp, scene)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let after = try await Self.residentBytes(of: system.gateway)
            #expect(Double(after) <= 1.2 * Double(before), "\(before >> 20) MiB became \(after >> 20) MiB")
            let statuses = scene.statuses
            #expect(statuses.filter { $0.key >= 500 }.isEmpty, "no answer is our fault: \(statuses)")
            #expect(Set(statuses.keys).isSuperset(of: [200, 201, 202, 400, 401, 404, 413, 415]), "\(statuses)")
            #expect(try await system.breaches() == [])
            print(
                "\(Self.requests) requests in \(Int(seconds)) s: \(before >> 20) MiB before, \(after >> 20) MiB after")
        }
    }

    @Test func `silent and slow connections do not stop service to others`() async throws {
        try #require(DescriptorLimit.raise() > Self.idleConnections + 1_000, "this test needs so many descriptors")
        let settings = ["PAYLINKS_LOG_LEVEL": "warning", "PAYLINKS_MAX_CONNECTIONS_PER_ADDRESS": "16384"]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let scene = try await SoakScene(system)
            try await Self.send(500, from: 0, scene)
            let before = try await Self.residentBytes(of: system.gateway)
            let sockets = try await Self.openSilently(Self.idleConnections, system)
            let start = ContinuousClock.now
            try await Self.send(2_000, from: 500, scene)
            let pause = (ContinuousClock.now - start) / .milliseconds(2_000)
            let after = try await Self.residentBytes(of: system.gateway)
            #expect(scene.statuses.filter { $0.key >= 500 }.isEmpty, "\(scene.statuses)")
            var open = 0
            for socket in sockets where socket.isOpen { open += 1 }
            #expect(open == sockets.count, "they were there all the time")
            let rest = String(format: "%.2f", pause)
            print(
                "\(open) silent connections: \(rest) ms a request, \(before >> 20) MiB without, \(after >> 20) MiB with"
            )
            for socket in sockets { await socket.close() }
        }
    }

    /// Half of them say nothing, half begin a request and never end it.
    private static func openSilently(_ count: Int, _ system: TestSystem) async throws -> [RawSocket] {
        let groups = try await RaceTests.all(workers) { worker in
            var sockets: [RawSocket] = []
            for number in stride(from: worker, to: count, by: workers) {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                if number.isMultiple(of: 2) { try await socket.write("POST /v1/wallets HTTP/1.1\r\nx-slow: a") }
                sockets.append(socket)
            }
            return sockets
        }
        return groups.flatMap { $0 }
    }

    private static func send(_ count: Int, from first: Int, _ scene: SoakScene) async throws {
        _ = try await RaceTests.all(workers) { worker in
            for number in stride(from: first + worker, to: first + count, by: workers) { try await scene.send(number) }
        }
    }

    private static func residentBytes(of process: RoleProcess) async throws -> Int {
        let pid = try #require(await process.pid)
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let kilobytes = try #require(status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/)?.1)
        return try #require(Int(kilobytes)) * 1_024
    }
}
