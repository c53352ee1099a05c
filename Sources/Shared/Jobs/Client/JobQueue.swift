import Synchronization

/// Where jobs of one kind gather until a sender takes them, all at once: what piles up is the next message.
///
/// There is no timer. A job that finds a sender idle goes out at once and alone; while all senders await the broker's
/// confirm, jobs gather. It is bounded, and refuses what is beyond its bound.
package final class JobQueue: Sendable {
    private struct Waiting {
        let job: OutgoingJob
        let sendBy: ContinuousClock.Instant
    }

    private struct State {
        /// In the order of their coming, which is that of their deadlines: all have the same patience.
        var jobs: [Waiting] = []
        var idleSenders: [CheckedContinuation<[OutgoingJob]?, Never>] = []
        var isClosed = false
    }

    private let capacity: Int
    private let messageLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: the most jobs that may wait.
    ///   - messageLimit: the most jobs that are taken at once.
    package init(capacity: Int, messageLimit: Int) {
        self.capacity = capacity
        self.messageLimit = messageLimit
    }

    /// Puts all jobs in, or none of them when there is no room, or when the queue is closed.
    package func offer(_ jobs: [OutgoingJob], sendBy: ContinuousClock.Instant) -> Bool {
        let (isTaken, handovers) = state.withLock { state -> (Bool, [Handover]) in
            if state.isClosed || state.jobs.count + jobs.count > capacity { return (false, []) }
            for job in jobs { state.jobs.append(Waiting(job: job, sendBy: sendBy)) }
            return (true, takeHandovers(&state))
        }
        for handover in handovers { handover.resume() }
        return isTaken
    }

    /// Waits for at least one job, then takes all that wait, up to a message's limit; `nil` once closed and empty.
    package func next() async -> [OutgoingJob]? {
        await withCheckedContinuation { continuation in
            let handovers = state.withLock { state in
                state.idleSenders.append(continuation)
                return takeHandovers(&state)
            }
            for handover in handovers { handover.resume() }
        }
    }

    /// Takes out the jobs that no sender has taken in time, as while the broker is away.
    package func expire(at now: ContinuousClock.Instant) -> [OutgoingJob] {
        state.withLock { state in
            let late = state.jobs.prefix { $0.sendBy <= now }.map(\.job)
            state.jobs.removeFirst(late.count)
            return late
        }
    }

    /// Refuses every later job. Senders take what is left, and then are told that it is over.
    package func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idleSenders = [] }
            return state.idleSenders
        }
        for sender in idle { sender.resume(returning: nil) }
    }

    private struct Handover {
        let sender: CheckedContinuation<[OutgoingJob]?, Never>
        let jobs: [OutgoingJob]?

        func resume() { sender.resume(returning: jobs) }
    }

    /// Idle senders with the jobs that wait: afterwards there are never both.
    private func takeHandovers(_ state: inout State) -> [Handover] {
        var handovers: [Handover] = []
        while !state.jobs.isEmpty, let sender = state.idleSenders.popLast() {
            let jobs = state.jobs.prefix(messageLimit).map(\.job)
            state.jobs.removeFirst(jobs.count)
            handovers.append(Handover(sender: sender, jobs: jobs))
        }
        if state.isClosed {
            handovers += state.idleSenders.map { Handover(sender: $0, jobs: nil) }
            state.idleSenders = []
        }
        return handovers
    }
}
