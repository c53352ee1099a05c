import Dispatch
import Glibc
import Synchronization
import Threading

/// A program that we started, that we will outlive, and whose end we learn of.
///
/// A thread of its own starts it and waits for it. The kernel ends a child when the *thread* that started it ends
/// (`PR_SET_PDEATHSIG` counts threads, not processes), so that thread must live exactly as long as the child does.
package final class ChildProcess: Sendable {
    private enum State {
        case running
        case ended(ChildStatus)
    }

    package let pid: Int32
    private let state = Mutex(State.running)
    private let completion = Completion()

    private init(pid: Int32) {
        self.pid = pid
    }

    /// Starts a program.
    package static func start(_ launch: Launch) async throws(PrivateServerError) -> ChildProcess {
        let started = await withCheckedContinuation { continuation in
            _ = DriverThread(name: "child") {
                let spawned = Result { () throws(PrivateServerError) in
                    ChildProcess(pid: try Spawning.spawn(launch))
                }
                continuation.resume(returning: spawned)
                if case .success(let child) = spawned { child.waitAndReap() }
            }
        }
        return try started.get()
    }

    /// How the program ended, or `nil` while it runs.
    package var exitStatus: ChildStatus? {
        state.withLock { state in
            if case .ended(let status) = state { status } else { nil }
        }
    }

    /// Waits until the program has ended. Cancelling the task does not end the wait: end the program instead.
    package func waitForExit() async -> ChildStatus {
        await completion.wait()
        return exitStatus ?? .exited(0)
    }

    /// Sends a signal, unless the program has ended: its number may be another's by then. (`kill(2)`)
    package func signal(_ signal: Int32) {
        state.withLock { state in
            if case .running = state { _ = Glibc.kill(pid, signal) }
        }
    }

    /// Sends a signal that asks the program to end, and kills it if it still runs after `grace`. Does not wait.
    package func terminate(with signal: Int32 = SIGTERM, grace: Duration) {
        self.signal(signal)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(grace / .milliseconds(1)))) {
            self.signal(SIGKILL)
        }
    }

    /// Asks the program to end, waits, and kills it after `grace`.
    @discardableResult
    package func stop(with signal: Int32 = SIGTERM, grace: Duration) async -> ChildStatus {
        terminate(with: signal, grace: grace)
        return await waitForExit()
    }

    /// Ends the program and all its descendants by SIGKILL, and returns when they are gone.
    ///
    /// It is stopped first, so that it cannot start another child while they are counted.
    package func killTree() async {
        signal(SIGSTOP)
        let descendants = exitStatus == nil ? ProcessTable.descendants(of: pid) : []
        signal(SIGKILL)
        for descendant in descendants { descendant.kill() }
        _ = await waitForExit()
        for descendant in descendants { await descendant.waitUntilGone() }
    }

    /// Waits first without reaping, so that the process id stays ours until no signal can be sent to it.
    private func waitAndReap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
        state.withLock { state in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
            let signal = status & 0x7f
            state = .ended(signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal))
        }
        completion.complete()
    }
}
