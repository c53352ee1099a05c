import Foundation
import PrivateServers

/// Keeps one process of a role running: starts it, and starts it again when it ends by itself.
struct RoleKeeper: Sendable {
    let instance: RoleInstance
    let launch: Launch
    let operationsPort: Int
    let log: URL
    let record: DevelopmentRecordKeeper
    let announcer: Announcer

    private static let drainGrace = Duration.seconds(30)
    private static let steadyLife = Duration.seconds(10)

    /// Runs until cancelled; then the process is asked to end, given time to drain, and awaited.
    func run() async {
        var backoff = RestartBackoff()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let ending = await runOnce()
            if Task.isCancelled { return }
            let delay = backoff.next(afterLiving: ContinuousClock.now - began)
            let count = await record.noteRestart(of: instance.name, after: ending)
            announcer.warn("\(instance.name) \(ending); starting it again (restart \(count))")
            do { try await Pause.interruptible(delay) } catch { return }
        }
    }

    /// Waits until the role says that it is ready.
    func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !(await OperationsProbe.isReady(port: operationsPort)) {
            guard ContinuousClock.now < deadline else {
                throw DevelopmentError.notReady(role: instance.name, log: TextFile.tail(of: log))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Runs the process once and says how it ended.
    private func runOnce() async -> String {
        do {
            let child = try await ChildProcess.start(launch)
            await record.note(pid: child.pid, of: instance.name)
            let status = await withTaskCancellationHandler {
                await child.waitForExit()
            } onCancel: {
                child.terminate(grace: Self.drainGrace)
            }
            return "\(status)"
        } catch {
            return "could not be started (\(error))"
        }
    }

    /// How long to wait before the next start: twice as long each time, unless the process had settled.
    private struct RestartBackoff {
        private var delay = Duration.milliseconds(50)

        mutating func next(afterLiving life: Duration) -> Duration {
            delay = life > RoleKeeper.steadyLife ? .milliseconds(100) : min(delay * 2, .seconds(5))
            return delay
        }
    }
}
