import Foundation
import Logging
import ServiceHost
import ServiceLifecycle
import Testing

/// A role for tests: it reads nothing but what every role does.
private let probe = Role(name: "probe", summary: "Exists for a test.", operationsPort: 0, settings: [])

/// Ends a test's process that would outlive its test, with a signal, so that the test fails instead of hanging.
private func limitLifetime() {
    alarm(30)
}

/// Asks its own process to stop, then takes `work` to finish what is in hand.
private struct Worker: Service {
    let work: Duration
    let context: HostContext

    func run() async throws {
        _ = kill(getpid(), SIGTERM)
        try await gracefulShutdown()
        try await Task.sleep(for: work)
        let status = await context.readiness.report().status
        context.logger.info("work finished", metadata: ["readiness": "\(status)"])
    }
}

/// Returns neither when it is asked to nor when it is cancelled.
private struct StubbornWorker: Service {
    var stopsProcess = true

    func run() async throws {
        if stopsProcess { _ = kill(getpid(), SIGTERM) }
        await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in }
    }
}

private struct Failure: Error, CustomStringConvertible {
    let description: String
}

private struct FailingService: Service {
    let error: any Error
    func run() async throws { throw error }
}

/// Each test runs the host in a process of its own, for it ends the process.
@Suite("The service host")
struct ServiceHostTests {
    /// The lines that a process wrote as JSON, each with its fields as text.
    private func lines(_ output: [UInt8]) throws -> [[String: String]] {
        try String(decoding: output, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("{") }.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return object.mapValues { "\($0)" }
        }
    }

    /// What was said of the stop, in order. The start may be announced later than that: the stop is asked for at once.
    private func stopMessages(_ output: [UInt8]) throws -> [String] {
        let all: Set = [
            "service stopping", "work finished", "service stopped", "service stopped with work in hand",
            "service did not stop in time", "service failed",
        ]
        return try lines(output).compactMap { $0["message"] }.filter(all.contains)
    }

    @Test("SIGTERM lets the work in hand finish, and the process ends with status 0")
    func drain() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: [:])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { context in
                [Worker(work: .milliseconds(200), context: context)]
            }
        }
        let messages = try stopMessages(result.standardOutputContent)
        #expect(messages == ["service stopping", "work finished", "service stopped"])
        let finished = try lines(result.standardOutputContent).first { $0["message"] == "work finished" }
        #expect(finished?["readiness"] == "draining")
    }

    @Test("Work that outlives the drain deadline is cancelled, and the process ends with status 1")
    func deadline() async throws {
        let result = try await #require(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: ["PAYLINKS_DRAIN_TIMEOUT": "100ms"])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { context in
                [Worker(work: .seconds(600), context: context)]
            }
        }
        let messages = try stopMessages(result.standardOutputContent)
        #expect(messages == ["service stopping", "service stopped with work in hand"])
    }

    @Test("Work that does not heed its cancellation does not keep the process")
    func stubborn() async throws {
        let result = try await #require(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: ["PAYLINKS_DRAIN_TIMEOUT": "100ms"])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { _ in [StubbornWorker()] }
        }
        let messages = try stopMessages(result.standardOutputContent)
        #expect(messages == ["service stopping", "service did not stop in time"])
    }

    @Test("A service that fails does not leave the process hanging on another that does not stop")
    func failureBesideStubbornWork() async throws {
        let result = try await #require(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: ["PAYLINKS_DRAIN_TIMEOUT": "0s"])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { _ in
                [StubbornWorker(stopsProcess: false), FailingService(error: Failure(description: "out of luck"))]
            }
        }
        let messages = try stopMessages(result.standardOutputContent)
        #expect(messages == ["service did not stop in time"])
    }

    @Test("The start is announced once every port is open, with the ports in use")
    func announcement() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: [:])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { context in
                let bound = context.announcement.expectPort("port")
                return [LateServer(bound: bound, context: context)]
            }
        }
        let lines = try lines(result.standardOutputContent)
        let started = try #require(lines.first { $0["message"] == "service started" })
        #expect(started["role"] == "probe")
        #expect(started["port"] == "4711")
        #expect(started["version"] == Release.version)
        #expect(try #require(started["operations_port"].flatMap { Int($0) }) > 0)
        #expect(lines.count { $0["message"] == "service started" } == 1)
    }

    @Test("Lines stay whole, however many tasks write them and however long they are")
    func wholeLines() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: [:])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { context in
                [Chatter(context: context)]
            }
        }
        let lines = try lines(result.standardOutputContent).filter { $0["message"] == "chatter" }
        #expect(lines.count == Chatter.tasks * Chatter.linesPerTask)
        #expect(lines.allSatisfy { $0["text"] == Chatter.text })
    }

    @Test("A wrong setting stops the start with status 78, before any service is made")
    func configuration() async throws {
        let result = try await #require(processExitsWith: .exitCode(78), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: ["PAYLINKS_PORT": "x", "PAYLINKS_LOG_FORMAT": "xml"])
            await ServiceHost.run(role: .claimWorker, arguments: [], settings: settings) { context in
                context.logger.info("made")
                return []
            }
        }
        let lines = try lines(result.standardOutputContent)
        let variables = ["PAYLINKS_DATABASE_URL", "PAYLINKS_AMQP_URL", "PAYLINKS_LOG_FORMAT"]
        #expect(lines.map { $0["variable"] } == variables)
        #expect(lines.allSatisfy { $0["message"] == "configuration is wrong" && $0["level"] == "error" })
    }

    @Test("A misspelt setting is told and does not stop the start")
    func misspelt() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: ["PAYLINKS_LOG_LEVLE": "debug"])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { context in
                [Worker(work: .zero, context: context)]
            }
        }
        let first = try #require(try lines(result.standardOutputContent).first)
        #expect(first["message"] == "unknown settings are ignored")
        #expect(first["variables"]?.contains("PAYLINKS_LOG_LEVLE") == true)
    }

    @Test("A service that throws is logged, and the process ends with status 1")
    func failure() async throws {
        let result = try await #require(processExitsWith: .exitCode(1), observing: [\.standardOutputContent]) {
            limitLifetime()
            let settings = Settings(environment: [:])
            await ServiceHost.run(role: probe, arguments: [], settings: settings) { _ in
                [FailingService(error: Failure(description: "out of luck"))]
            }
        }
        let failed = try #require(try lines(result.standardOutputContent).first { $0["message"] == "service failed" })
        #expect(failed["error"] == "out of luck")
        #expect(failed["level"] == "error")
    }

    @Test("--help tells what the role is and prints its settings")
    func help() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            await ServiceHost.run(role: .expiryWorker, arguments: ["--help"]) { _ in [] }
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains(Role.expiryWorker.help))
    }

    @Test("--version prints the version")
    func version() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            limitLifetime()
            await ServiceHost.run(role: .expiryWorker, arguments: ["--version"]) { _ in [] }
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("expiry-worker \(Release.version)\n"))
    }

    @Test("An unknown argument ends the process with status 64 and names it")
    func unknownArgument() async throws {
        let result = try await #require(processExitsWith: .exitCode(64), observing: [\.standardErrorContent]) {
            limitLifetime()
            await ServiceHost.run(role: .expiryWorker, arguments: ["--port=1"]) { _ in [] }
        }
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("\"--port=1\""))
    }

    @Test(
        "Arguments are understood or named",
        arguments: [
            ([], Invocation.serve), (["--help"], .help), (["-h"], .help), (["--version"], .version),
            (["serve"], .unknown("serve")), (["--help", "x"], .unknown("x")), ([""], .unknown("")),
        ] as [([String], Invocation)])
    func arguments(arguments: [String], invocation: Invocation) {
        #expect(Invocation(arguments: arguments) == invocation)
    }
}

/// Opens its port a little after the operators' server has, then asks its own process to stop.
private struct LateServer: Service {
    let bound: @Sendable (Int) -> Void
    let context: HostContext

    func run() async throws {
        try await Task.sleep(for: .milliseconds(300))
        bound(4711)
        try await Worker(work: .zero, context: context).run()
    }
}

/// Writes long lines from many tasks at once, then asks its own process to stop.
private struct Chatter: Service {
    static let tasks = 8
    static let linesPerTask = 40
    static let text = String(repeating: "0123456789", count: 2_000)

    let context: HostContext

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.tasks {
                group.addTask {
                    for _ in 0..<Self.linesPerTask {
                        context.logger.info("chatter", metadata: ["text": "\(Self.text)"])
                    }
                }
            }
        }
        try await Worker(work: .zero, context: context).run()
    }
}
