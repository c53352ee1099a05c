import Synchronization

/// Where jobs that were sent wait for their answers, each until its deadline.
///
/// An answer may come before anyone waits for it, after everyone stopped, or never; each wait ends exactly once.
package final class ReplyBoard: Sendable {
    package typealias Answer = ReplyMessage.Answer

    private enum Slot {
        /// Sent; nobody waits yet.
        case expected
        case answered(Answer)
        case awaited(CheckedContinuation<Answer?, Never>, until: ContinuousClock.Instant)
    }

    private struct State {
        var slots: [UInt128: Slot] = [:]
        /// Nobody sweeps any more, so nobody may begin to wait.
        var isClosed = false
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.slots.count } }

    /// Makes room for an answer; to be followed by `answer(to:until:)` or `forget`.
    package func expect(_ jobId: UInt128) {
        state.withLock { $0.slots[jobId] = .expected }
    }

    package func forget(_ jobId: UInt128) {
        state.withLock { $0.slots[jobId] = nil }
    }

    /// Hands an answer to whoever waits for it; others are of no interest any more.
    package func post(_ answer: Answer, for jobId: UInt128) {
        let continuation = state.withLock { state -> CheckedContinuation<Answer?, Never>? in
            switch state.slots[jobId] {
            case .awaited(let continuation, _):
                state.slots[jobId] = nil
                return continuation
            case .expected:
                state.slots[jobId] = .answered(answer)
                return nil
            case .answered, nil:
                return nil
            }
        }
        continuation?.resume(returning: answer)
    }

    /// Waits for an expected answer; `nil` once the deadline has passed or the board has closed.
    package func answer(to jobId: UInt128, until deadline: ContinuousClock.Instant) async -> Answer? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Answer?? in
                switch state.slots[jobId] {
                case .answered(let answer):
                    state.slots[jobId] = nil
                    return .some(answer)
                case .expected where state.isClosed:
                    state.slots[jobId] = nil
                    return .some(nil)
                case .expected:
                    state.slots[jobId] = .awaited(continuation, until: deadline)
                    return nil
                case .awaited, nil:
                    return .some(nil)
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Ends the waits whose deadline has passed.
    package func sweep(at now: ContinuousClock.Instant) {
        end { $0 <= now }
    }

    /// Ends every wait, also those that would begin from now on: no answer can come any more.
    package func endAll() {
        state.withLock { $0.isClosed = true }
        end { _ in true }
    }

    private func end(_ isOver: (ContinuousClock.Instant) -> Bool) {
        let ended = state.withLock { state in
            var ended: [CheckedContinuation<Answer?, Never>] = []
            for (jobId, slot) in state.slots {
                guard case .awaited(let continuation, let deadline) = slot, isOver(deadline) else { continue }
                ended.append(continuation)
                state.slots[jobId] = nil
            }
            return ended
        }
        for continuation in ended { continuation.resume(returning: nil) }
    }
}
