import Synchronization

/// Where jobs of one kind gather until a sender takes them, all at once: what piles up is the next message.
///
/// There is no timer. A job that finds a sender idle goes out at once and alone; while all senders await the broker's
/// confirm, jobs gather. It is bounded, and refuses what is beyond its bound.
final class JobQueue: Sendable {
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
    init(capacity: Int, messageLimit: Int) {
        self.capacity = capacity
        self.messageLimit = messageLimit
    }

    /// Puts all jobs in, or none of them when there is no room, or when the queue is closed.
    func offer(_ jobs: [OutgoingJob], sendBy: ContinuousClock.Instant) -> Bool {
        let (isTaken, handover) = state.withLock { state -> (Bool, Handover?) in
            if state.isClosed || state.jobs.count + jobs.count > capacity { return (false, nil) }
            for job in jobs { state.jobs.append(Waiting(job: job, sendBy: sendBy)) }
            return (true, takeHandover(&state))
        }
        handover?.resume()
        return isTaken
    }

    /// Waits for at least one job, then takes all that wait, up to a message's limit; `nil` once closed and empty.
    func next() async -> [OutgoingJob]? {
        await withCheckedContinuation { continuation in
            let handover = state.withLock { state in
                state.idleSenders.append(continuation)
                return takeHandover(&state)
            }
            handover?.resume()
        }
    }

    /// Takes out the jobs that no sender has taken in time, as while the broker is away.
    func expire(at now: ContinuousClock.Instant) -> [OutgoingJob] {
        state.withLock { state in
            let late = state.jobs.prefix { $0.sendBy <= now }.map(\.job)
            state.jobs.removeFirst(late.count)
            return late
        }
    }

    /// Refuses every later job. Senders take what is left, and then are told that it is over.
    func close() {
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

    /// An idle sender with the jobs that wait: there are never both when this returns `nil`.
    private func takeHandover(_ state: inout State) -> Handover? {
        guard !state.idleSenders.isEmpty else { return nil }
        if state.jobs.isEmpty {
            return state.isClosed ? Handover(sender: state.idleSenders.removeLast(), jobs: nil) : nil
        }
        let jobs = state.jobs.prefix(messageLimit).map(\.job)
        state.jobs.removeFirst(jobs.count)
        return Handover(sender: state.idleSenders.removeLast(), jobs: jobs)
    }
}
