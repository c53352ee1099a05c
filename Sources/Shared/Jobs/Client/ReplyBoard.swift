import PaymentLinks
import Synchronization

/// Where jobs that were sent wait for their answers, each until its deadline.
///
/// An answer may come before anyone waits for it, after everyone stopped, or never; each wait ends exactly once.
final class ReplyBoard: Sendable {
    typealias Answer = ReplyMessage.Answer

    private enum Slot {
        /// Sent; nobody waits yet.
        case expected
        case answered(Answer)
        case awaited(CheckedContinuation<Answer?, Never>, until: ContinuousClock.Instant)
    }

    private let slots = Mutex<[UInt128: Slot]>([:])

    var count: Int { slots.withLock { $0.count } }

    /// Makes room for an answer; to be followed by `answer(to:until:)` or `forget`.
    func expect(_ jobId: UInt128) {
        slots.withLock { $0[jobId] = .expected }
    }

    func forget(_ jobId: UInt128) {
        slots.withLock { $0[jobId] = nil }
    }

    /// Hands an answer to whoever waits for it; others are of no interest any more.
    func post(_ answer: Answer, for jobId: UInt128) {
        let continuation = slots.withLock { slots -> CheckedContinuation<Answer?, Never>? in
            switch slots[jobId] {
            case .awaited(let continuation, _):
                slots[jobId] = nil
                return continuation
            case .expected:
                slots[jobId] = .answered(answer)
                return nil
            case .answered, nil:
                return nil
            }
        }
        continuation?.resume(returning: answer)
    }

    /// Waits for an expected answer; `nil` once the deadline has passed or the board has closed.
    func answer(to jobId: UInt128, until deadline: ContinuousClock.Instant) async -> Answer? {
        await withCheckedContinuation { continuation in
            let known = slots.withLock { slots -> Answer?? in
                switch slots[jobId] {
                case .answered(let answer):
                    slots[jobId] = nil
                    return .some(answer)
                case .expected:
                    slots[jobId] = .awaited(continuation, until: deadline)
                    return nil
                case .awaited, nil:
                    return .some(nil)
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Ends the waits whose deadline has passed.
    func sweep(at now: ContinuousClock.Instant) {
        end { $0 <= now }
    }

    /// Ends every wait: no answer can come any more.
    func endAll() {
        end { _ in true }
    }

    private func end(_ isOver: (ContinuousClock.Instant) -> Bool) {
        let ended = slots.withLock { slots in
            var ended: [CheckedContinuation<Answer?, Never>] = []
            for (jobId, slot) in slots {
                guard case .awaited(let continuation, let deadline) = slot, isOver(deadline) else { continue }
                ended.append(continuation)
                slots[jobId] = nil
            }
            return ended
        }
        for continuation in ended { continuation.resume(returning: nil) }
    }
}
