package import PaymentLinks
import Synchronization

/// Where jobs wait for what becomes of them: the broker's confirm, the worker's answer, or a deadline.
///
/// Whatever comes first and says enough ends the wait; each wait ends exactly once. An answer says everything, even
/// before the confirm. A deadline ends only the wait of a confirmed job, for an unconfirmed one is no promise yet: it
/// is confirmed, or fails, by a time of its own.
package final class ReplyBoard: Sendable {
    package typealias Answer = ReplyMessage.Answer

    /// What became of a job, as far as its sender needs to know.
    package enum Verdict: Sendable {
        case answered(Answer)
        /// The broker has the job; there is no answer yet, or no caller asked for one.
        case accepted
        case failed(JobError)
    }

    /// Called once, outside of every lock, on whatever thread brings the verdict; it must not block.
    package typealias Completion = @Sendable (Verdict) -> Void

    private struct Slot {
        let completion: Completion
        /// `nil`: the confirm is all that is waited for.
        let deadline: ContinuousClock.Instant?
        let confirmBy: ContinuousClock.Instant
        var isConfirmed = false

        /// What ends the wait by that time, if anything does.
        func verdict(at now: ContinuousClock.Instant) -> Verdict? {
            if isConfirmed { return deadline.map { $0 <= now } ?? false ? .accepted : nil }
            return confirmBy <= now ? .failed(.queueUnavailable) : nil
        }
    }

    private struct State {
        var slots: [ULID: Slot] = [:]
        /// The sweep has ended, so no caller may begin to wait.
        var isClosed = false
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.slots.count } }

    /// Begins a job's wait; to be called before the job is sent. The completion is called with the verdict.
    ///
    /// False when the job must not be sent: it is waited for already, or the board is closed. The completion has been
    /// told so then.
    ///
    /// - Parameters:
    ///   - deadline: until when an answer is waited for; `nil`: not at all.
    ///   - confirmBy: when a job that is not confirmed counts as failed, wherever it is.
    package func expect(
        _ jobId: ULID, until deadline: ContinuousClock.Instant?, confirmBy: ContinuousClock.Instant,
        _ completion: @escaping Completion
    ) -> Bool {
        let isOpen = state.withLock { state in
            guard !state.isClosed, state.slots[jobId] == nil else { return false }
            state.slots[jobId] = Slot(completion: completion, deadline: deadline, confirmBy: confirmBy)
            return true
        }
        if !isOpen { completion(.failed(.queueUnavailable)) }
        return isOpen
    }

    /// Hands answers to the callers that wait for them, and drops the others.
    package func post(_ answers: [(jobId: ULID, answer: Answer)]) {
        let ended = state.withLock { state in
            answers.compactMap { jobId, answer in
                state.slots.removeValue(forKey: jobId).map { ($0.completion, Verdict.answered(answer)) }
            }
        }
        for (completion, verdict) in ended { completion(verdict) }
    }

    /// Notes that the broker has the jobs, which ends the waits that ask for no more.
    package func confirm(_ jobIds: [ULID]) {
        let ended = state.withLock { state in
            jobIds.compactMap { jobId -> Completion? in
                guard let slot = state.slots[jobId] else { return nil }
                if slot.deadline != nil {
                    state.slots[jobId]?.isConfirmed = true
                    return nil
                }
                state.slots[jobId] = nil
                return slot.completion
            }
        }
        for completion in ended { completion(.accepted) }
    }

    /// Ends the jobs' waits: nothing was promised.
    package func fail(_ jobIds: [ULID], _ error: JobError) {
        let ended = state.withLock { state in
            jobIds.compactMap { state.slots.removeValue(forKey: $0)?.completion }
        }
        for completion in ended { completion(.failed(error)) }
    }

    /// Ends the waits of confirmed jobs whose deadline has passed, and those of jobs that were not confirmed in time.
    package func sweep(at now: ContinuousClock.Instant) {
        end { $0.verdict(at: now) }
    }

    /// Ends every wait, and refuses those that would begin from now on: no answer can come any more.
    package func endAll() {
        state.withLock { $0.isClosed = true }
        end { $0.isConfirmed ? .accepted : .failed(.queueUnavailable) }
    }

    /// Ends every wait that has a verdict, in one walk over all.
    private func end(_ verdict: (Slot) -> Verdict?) {
        let ended = state.withLock { state in
            let over = state.slots.compactMapValues { slot in verdict(slot).map { (slot.completion, $0) } }
            for jobId in over.keys { state.slots[jobId] = nil }
            return over.values
        }
        for (completion, verdict) in ended { completion(verdict) }
    }
}
