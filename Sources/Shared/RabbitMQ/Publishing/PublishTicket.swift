internal import Synchronization

/// The one continuation of a batch of publishes, resumed when the last of them is resolved.
///
/// Every message is resolved exactly once, by what comes first: the driver with the broker's answer or a deadline, or
/// the caller's cancellation, which only reaches messages that have not been sent.
final class PublishTicket: Sendable {
    typealias Outcome = Result<Void, RabbitMQError>

    private enum Stage {
        case queued, sent
        case resolved(Outcome)

        var outcome: Outcome {
            if case .resolved(let outcome) = self { outcome } else { .failure(.outcomeUnknown) }
        }
    }

    private struct State {
        var stages: [Stage]
        var unresolved: Int
        var isCancelled = false
        var continuation: CheckedContinuation<[Outcome], Never>?

        /// Resolves one message; gives the continuation if it was the last.
        mutating func resolve(_ index: Int, _ outcome: Outcome) -> Answer? {
            if case .resolved = stages[index] { return nil }
            stages[index] = .resolved(outcome)
            unresolved -= 1
            return answer()
        }

        /// The continuation with all results, once everything is resolved; only the first time.
        mutating func answer() -> Answer? {
            guard unresolved == 0, let continuation else { return nil }
            self.continuation = nil
            return Answer(continuation: continuation, outcomes: stages.map(\.outcome))
        }
    }

    private struct Answer {
        let continuation: CheckedContinuation<[Outcome], Never>
        let outcomes: [Outcome]
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(stages: Array(repeating: .queued, count: count), unresolved: count))
    }

    /// Takes the continuation to resume. False if the caller was cancelled already: there is nothing to send then.
    func install(_ continuation: CheckedContinuation<[Outcome], Never>) -> Bool {
        let (isLive, answer) = state.withLock { state in
            state.continuation = continuation
            return (!state.isCancelled, state.answer())
        }
        deliver(answer)
        return isLive
    }

    /// Marks a message as being sent. False if it has been resolved already, and must not be sent.
    func beginSending(_ index: Int) -> Bool {
        state.withLock { state in
            guard case .queued = state.stages[index] else { return false }
            state.stages[index] = .sent
            return true
        }
    }

    /// Resolves one message; later calls for it do nothing.
    func resolve(_ index: Int, _ outcome: Outcome) {
        deliver(state.withLock { $0.resolve(index, outcome) })
    }

    /// Resolves every message that is not resolved.
    func resolveAll(_ outcome: Outcome) {
        for index in state.withLock({ $0.stages.indices }) { resolve(index, outcome) }
    }

    /// Gives up what has not been sent.
    func cancelUnsent() {
        let answer = state.withLock { state in
            state.isCancelled = true
            for index in state.stages.indices {
                guard case .queued = state.stages[index] else { continue }
                state.stages[index] = .resolved(.failure(.cancelled))
                state.unresolved -= 1
            }
            return state.answer()
        }
        deliver(answer)
    }

    private func deliver(_ answer: Answer?) {
        guard let answer else { return }
        answer.continuation.resume(returning: answer.outcomes)
    }
}
