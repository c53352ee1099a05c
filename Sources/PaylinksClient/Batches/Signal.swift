import Synchronization

/// Lets one task wait until another says that something has changed.
final class Signal: Sendable {
    private enum State {
        case quiet
        case told
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    func tell() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .awaited(let continuation) = state {
                state = .quiet
                return continuation
            }
            state = .told
            return nil
        }
        waiter?.resume()
    }

    /// Returns once it was told since the last wait, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTold = state.withLock { state in
                    if case .told = state {
                        state = .quiet
                        return true
                    }
                    state = .awaited(continuation)
                    return false
                }
                if isTold { continuation.resume() }
            }
        } onCancel: {
            tell()
        }
    }
}
