import Synchronization

/// One unit on its way through the driver thread, and the task that waits for its answer.
///
/// Whatever happens, the waiting task is resumed exactly once: the phase is advanced under a lock, and the side that
/// takes the continuation out of it resumes it.
final class Request: Sendable {
    typealias Answer = Result<[ResultSet], PostgresError>

    private enum Phase {
        /// No task waits yet, or ever will.
        case fresh
        case waiting(CheckedContinuation<Answer, Never>)
        /// On its way: it can no longer be cancelled.
        case sent(CheckedContinuation<Answer, Never>?)
        case resolved
    }

    /// What is sent: the unit's own queries and those that begin or end its transaction.
    let queries: [Query]
    /// The part of `queries` whose answers belong to the caller.
    let answered: Range<Int>
    let role: TransactionRole?
    /// The request fails unless it has been sent by then.
    let sendBy: ContinuousClock.Instant
    private let phase = Mutex(Phase.fresh)

    init(_ unit: [Query], role: TransactionRole? = nil, sendBy: ContinuousClock.Instant) {
        let opening = role?.begins == true ? [Query(.begin)] : []
        let closing = role?.end.map { [Query($0.statement)] } ?? []
        queries = opening + unit + closing
        answered = opening.count..<opening.count + unit.count
        self.role = role
        self.sendBy = sendBy
    }

    /// Takes the continuation of the waiting task; false when the task was cancelled already, and is resumed.
    func wait(_ continuation: CheckedContinuation<Answer, Never>) -> Bool {
        let isWaiting = phase.withLock { phase in
            guard case .fresh = phase else { return false }
            phase = .waiting(continuation)
            return true
        }
        if !isWaiting { continuation.resume(returning: .failure(.cancelled)) }
        return isWaiting
    }

    /// Takes the request from cancellation's reach, to be sent; false when it was cancelled.
    func startSending() -> Bool {
        phase.withLock { phase in
            switch phase {
            case .fresh: phase = .sent(nil)
            case .waiting(let continuation): phase = .sent(continuation)
            case .sent, .resolved: return false
            }
            return true
        }
    }

    /// Whether the waiting task has been resumed.
    var isResolved: Bool {
        phase.withLock { phase in
            if case .resolved = phase { true } else { false }
        }
    }

    /// Resumes the waiting task unless the request is on its way already, and returns whether it did.
    ///
    /// A rollback is never cancelled.
    func cancel() -> Bool {
        if role?.end == .rollback { return false }
        let continuation = phase.withLock { phase -> CheckedContinuation<Answer, Never>? in
            switch phase {
            case .sent, .resolved: return nil
            case .fresh: phase = .resolved; return nil
            case .waiting(let continuation): phase = .resolved; return continuation
            }
        }
        continuation?.resume(returning: .failure(.cancelled))
        return continuation != nil
    }

    /// Resumes the waiting task, if it still waits.
    func resolve(_ answer: Answer) {
        let continuation = phase.withLock { phase -> CheckedContinuation<Answer, Never>? in
            defer { phase = .resolved }
            switch phase {
            case .fresh, .resolved: return nil
            case .waiting(let continuation): return continuation
            case .sent(let continuation): return continuation
            }
        }
        continuation?.resume(returning: answer)
    }
}
