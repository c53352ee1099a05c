internal import DequeModule

/// Tells which answer belongs to what was sent, for a connection in pipeline mode.
///
/// The server answers in the order of sending. libpq hands out a result and then a NULL for each statement, and one
/// sync for each unit; after an error, the unit's remaining statements come as aborted. (libpq, "Pipeline Mode")
package struct PipelineStateMachine: Sendable {
    /// One message that went out and will be answered.
    package enum Step: Sendable, Hashable {
        case prepare(Statement)
        case execute
        /// The end of a unit.
        case sync
    }

    /// One thing that libpq handed out.
    package enum Event: Sendable, Hashable {
        /// Rows, or the completion of a statement that has none.
        case success
        case failure
        /// The statement was skipped, for one before it in the unit failed.
        case aborted
        case null
        case sync
        /// Anything that a pipeline has no place for, such as a COPY.
        case other
    }

    /// What the driver has to do about it.
    package enum Action: Sendable, Hashable {
        case nothing
        /// The result is the next answer of the first unit.
        case collect
        /// The statement can be used from now on.
        case remember(Statement)
        /// The first unit fails with this error; the statement, if any, was not prepared.
        case fail(forgetting: Statement?)
        /// The statement that follows the failed one was skipped; the statement, if any, was not prepared.
        case skip(forgetting: Statement?)
        /// The first unit's answer is complete.
        case finishUnit
        /// Sent and received do not fit together: the connection cannot be trusted any more.
        case giveUp
    }

    private var steps = Deque<Step>()
    /// The first step has its result, and its NULL is still to come.
    private var isAwaitingNull = false
    private var hasGivenUp = false

    package init() {}

    /// Whether nothing is left to be answered.
    package var isIdle: Bool { steps.isEmpty }

    /// Notes that a message went out behind those before it.
    package mutating func sent(_ step: Step) {
        steps.append(step)
    }

    /// Takes the next thing that libpq handed out.
    package mutating func received(_ event: Event) -> Action {
        guard !hasGivenUp, let step = steps.first else { return giveUp() }
        if isAwaitingNull { return event == .null ? endStep() : giveUp() }
        switch step {
        case .sync: return event == .sync ? endUnit() : giveUp()
        case .execute: return answer(event, preparing: nil)
        case .prepare(let statement): return answer(event, preparing: statement)
        }
    }

    private mutating func answer(_ event: Event, preparing statement: Statement?) -> Action {
        isAwaitingNull = true
        switch event {
        case .success: return statement.map(Action.remember) ?? .collect
        case .failure: return .fail(forgetting: statement)
        case .aborted: return .skip(forgetting: statement)
        case .null, .sync, .other: return giveUp()
        }
    }

    private mutating func endStep() -> Action {
        isAwaitingNull = false
        _ = steps.popFirst()
        return .nothing
    }

    private mutating func endUnit() -> Action {
        _ = steps.popFirst()
        return .finishUnit
    }

    private mutating func giveUp() -> Action {
        hasGivenUp = true
        return .giveUp
    }
}
