import Synchronization

/// One thing that must be well for a process to be sent work.
package struct HealthCheck: Sendable {
    package let name: String
    let isHealthy: @Sendable () async -> Bool

    /// - Parameter isHealthy: answers from what is known already, or quickly; when it takes longer than two seconds
    ///   it is cancelled and counts as unhealthy.
    package init(_ name: String, _ isHealthy: @escaping @Sendable () async -> Bool) {
        self.name = name
        self.isHealthy = isHealthy
    }
}

/// Whether the process should be sent work: every check holds, and it is not on its way out.
package final class Readiness: Sendable {
    package enum Status: String, Sendable {
        case ready
        case unready
        /// Asked to stop: work in hand is finished, new work belongs elsewhere.
        case draining
    }

    package struct Report: Sendable, Equatable {
        package let status: Status
        package let checks: [String: Bool]
    }

    private struct State {
        var checks: [HealthCheck] = []
        var isDraining = false
    }

    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: the longest that one check is waited for.
    package init(patience: Duration = .seconds(2)) {
        self.patience = patience
    }

    package func register(_ check: HealthCheck) {
        state.withLock { $0.checks.append(check) }
    }

    package func beginDraining() {
        state.withLock { $0.isDraining = true }
    }

    package var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Runs all checks, side by side.
    package func report() async -> Report {
        let checks = state.withLock { $0.checks }
        let results = await withTaskGroup(of: (String, Bool).self) { group in
            for check in checks {
                group.addTask { (check.name, await self.result(of: check)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let isHealthy = results.values.allSatisfy { $0 }
        return Report(status: isDraining ? .draining : isHealthy ? .ready : .unready, checks: results)
    }

    private func result(of check: HealthCheck) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await check.isHealthy() }
            group.addTask { [patience] in
                // Cancelled as soon as the check has answered; the answer is in by then.
                try? await Task.sleep(for: patience)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

extension Readiness.Report {
    /// `{"status":"unready","checks":{"postgres":true,"rabbitmq":false}}`
    package var json: String {
        var text = "{\"status\":\"\(status.rawValue)\",\"checks\":{"
        for (index, (name, isHealthy)) in checks.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { text.append(",") }
            JSONText.append(key: name, to: &text)
            text.append(isHealthy ? "true" : "false")
        }
        return text + "}}\n"
    }
}
