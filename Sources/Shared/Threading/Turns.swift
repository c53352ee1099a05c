import Synchronization

/// Lets tasks go on one after another, by their numbers from 0 on, whatever order they come in.
package final class Turns: Sendable {
    private typealias Waiter = CheckedContinuation<Bool, Never>

    private struct State {
        var next = 0
        var isClosed = false
        var waiters: [Int: Waiter] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Waits until every turn before this one has ended; false when one of them never will.
    package func begin(_ number: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isClosed { return false }
                if state.next == number { return true }
                state.waiters[number] = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Ends the turn that has begun: the next may begin.
    package func end() {
        let waiter = state.withLock { state in
            state.next += 1
            return state.waiters.removeValue(forKey: state.next)
        }
        waiter?.resume(returning: true)
    }

    /// Says that the turn that is due will never end.
    package func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: false) }
    }
}
