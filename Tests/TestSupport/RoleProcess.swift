import Foundation
package import PrivateServers

/// The executables that make up a system.
package enum TestRole: String, Sendable, CaseIterable {
    case gateway = "APIGateway"
    case claimWorker = "ClaimWorker"
    case expiryWorker = "ExpiryWorker"
    case settlementWorker = "SettlementWorker"
    case webhookWorker = "WebhookWorker"
}

/// One process of a role, which a test may kill and start again.
package actor RoleProcess {
    package nonisolated let role: TestRole
    /// Serves /health and /metrics.
    package nonisolated let operations: API
    private let environment: [String: String]
    private let log: URL
    private var process: ChildProcess?

    init(role: TestRole, environment: [String: String], log: URL) throws {
        self.role = role
        self.log = log
        let port = try LoopbackPort.free()
        operations = API(baseURL: "http://127.0.0.1:\(port)")
        self.environment = environment.merging(["PAYLINKS_OPERATIONS_PORT": "\(port)"]) { _, ours in ours }
    }

    package var pid: Int32? { process?.exitStatus == nil ? process?.pid : nil }

    /// Starts the process, with further settings, and waits until it is ready unless told not to.
    ///
    /// - Parameters:
    ///   - descriptors: how many files and connections it may have open unless it asks for more.
    ///   - isHardened: whether it runs without capabilities, without a way to new ones, and on a read-only file system.
    package func start(
        _ settings: [String: String] = [:], descriptors: Int? = nil, isHardened: Bool = false, untilReady: Bool = true
    ) async throws {
        let program = try TestServers.variable("PAYLINKS_BIN") + "/" + role.rawValue
        let environment = environment.merging(settings) { _, given in given }
        let launch =
            if let descriptors {
                Launch(
                    "/bin/sh", ["-c", "ulimit -Sn \(descriptors) && exec \"$0\"", program], environment: environment,
                    output: .file(log))
            } else if isHardened {
                Launch(
                    "/usr/bin/unshare", Self.hardening + [program], environment: environment, output: .file(log))
            } else {
                Launch(program, [], environment: environment, output: .file(log))
            }
        process = try await ChildProcess.start(launch)
        if untilReady { try await waitUntilReady() }
    }

    /// Stops the process where it stands, as a debugger or an overloaded host does. (SIGSTOP)
    package func freeze() {
        if let pid { _ = Foundation.kill(pid, SIGSTOP) }
    }

    /// Lets a frozen process go on. (SIGCONT)
    package func thaw() {
        if let pid { _ = Foundation.kill(pid, SIGCONT) }
    }

    /// The value of a metric's series, as Prometheus reads it; `nil` if there is no such series.
    ///
    /// - Parameter series: the name, with its labels in braces if it has any.
    package nonisolated func metric(_ series: String) async throws -> Double? {
        let lines = try await operations.get("/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// What compose.yaml asks of a container engine, by `unshare` and `setpriv`.
    private static var hardening: [String] {
        let user = geteuid() == 0 ? [] : ["--user", "--map-root-user"]
        let script =
            "mount -o remount,bind,ro / && exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all \"$0\""
        return user + ["--mount", "--propagation", "private", "/bin/sh", "-c", script]
    }

    /// Ends the process as a crash would.
    package func kill() async {
        await process?.killTree()
    }

    /// Asks the process to finish what it has in hand, and waits for its end.
    @discardableResult
    package func stop(grace: Duration = .seconds(30)) async -> ChildStatus? {
        await process?.stop(grace: grace)
    }

    /// How the process ended by itself; `nil` when it still runs after a while.
    package func waitForExit(within patience: Duration = .seconds(60)) async throws -> ChildStatus? {
        _ = try await eventually(within: patience) { process?.exitStatus != nil }
        return process?.exitStatus
    }

    package func waitUntilReady(within patience: Duration = .seconds(30)) async throws {
        let isReady = try await eventually(within: patience) {
            (try? await operations.get("/health/ready"))?.status == 200
        }
        guard isReady else { throw NotReady(role: role, log: logTail) }
    }

    /// The last lines that the process wrote.
    package var logTail: String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    package var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    struct NotReady: Error, CustomStringConvertible {
        let role: TestRole
        let log: String
        var description: String { "\(role.rawValue) was not ready in time; its log ends with:\n\(log)" }
    }
}

/// Asks until the answer is yes or patience ends, and returns the last answer.
package func eventually(
    within patience: Duration = .seconds(20), every interval: Duration = .milliseconds(20),
    _ isTrue: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if try await isTrue() { return true }
        try await Task.sleep(for: interval)
    }
    return try await isTrue()
}
