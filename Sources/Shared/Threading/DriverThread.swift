import Foundation
import Synchronization

/// A thread of its own for one blocking, synchronous function: the only place where a C client's connection lives.
///
/// Cooperative threads must never block; a driver thread may. Tasks reach it through an `Inbox` and are answered
/// through continuations.
package final class DriverThread: Sendable {
    private let completion: Completion

    /// Starts `body` at once. `name` shows in debuggers and in `/proc/<pid>/task` (its first 15 bytes).
    package init(name: String, _ body: @escaping @Sendable () -> Void) {
        let completion = Completion()
        self.completion = completion
        let thread = Thread {
            body()
            completion.complete()
        }
        thread.name = name
        thread.start()
    }

    /// Waits, without blocking a thread, until `body` has returned.
    package func join() async {
        await completion.wait()
    }
}

/// A latch that opens once and stays open.
package final class Completion: Sendable {
    private struct State {
        var isComplete = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Opens the latch; later calls do nothing.
    package func complete() {
        let waiters = state.withLock { state in
            state.isComplete = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the latch is open. It does not return early when its task is cancelled.
    package func wait() async {
        await withCheckedContinuation { continuation in
            let isComplete = state.withLock { state in
                if !state.isComplete { state.waiters.append(continuation) }
                return state.isComplete
            }
            if isComplete { continuation.resume() }
        }
    }
}
