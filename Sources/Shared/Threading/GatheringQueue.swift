import Synchronization

/// Where elements gather until a worker takes them, all at once: what piles up is the next batch.
///
/// There is no timer. An element that finds a worker idle goes at once and alone; while all workers are busy,
/// elements gather. It is bounded, and refuses what is beyond its bound.
package final class GatheringQueue<Element: Sendable>: Sendable {
    private struct Waiting {
        let element: Element
        let takeBy: ContinuousClock.Instant
    }

    private struct State {
        /// In the order of their coming, which is that of their deadlines: all have the same patience.
        var elements: [Waiting] = []
        var idleWorkers: [CheckedContinuation<[Element]?, Never>] = []
        var isClosed = false
    }

    private let capacity: Int
    private let batchLimit: Int
    private let weightLimit: Int
    private let weigh: @Sendable (Element) -> Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: the most elements that may wait.
    ///   - batchLimit: the most elements that are taken at once.
    ///   - weightLimit: the most that they weigh together, unless one alone weighs more.
    package init(
        capacity: Int, batchLimit: Int, weightLimit: Int = .max,
        weigh: @escaping @Sendable (Element) -> Int = { _ in 0 }
    ) {
        self.capacity = capacity
        self.batchLimit = batchLimit
        self.weightLimit = weightLimit
        self.weigh = weigh
    }

    /// Puts all elements in, or none of them when there is no room, or when the queue is closed.
    ///
    /// - Parameter takeBy: when they count as waiting too long; never earlier than that of an earlier offer.
    package func offer(_ elements: [Element], takeBy: ContinuousClock.Instant) -> Bool {
        let (isTaken, handover) = state.withLock { state -> (Bool, Handover?) in
            if state.isClosed || state.elements.count + elements.count > capacity { return (false, nil) }
            for element in elements { state.elements.append(Waiting(element: element, takeBy: takeBy)) }
            return (true, takeHandover(&state))
        }
        resume(handover)
        return isTaken
    }

    /// Waits for at least one element, then takes all that wait, up to the batch's limits; `nil` once closed and empty.
    package func next() async -> [Element]? {
        await withCheckedContinuation { continuation in
            resume(
                state.withLock { state in
                    state.idleWorkers.append(continuation)
                    return takeHandover(&state)
                })
        }
    }

    /// Takes out what no worker has taken in time.
    package func expire(at now: ContinuousClock.Instant) -> [Element] {
        state.withLock { state in
            let late = state.elements.prefix { $0.takeBy <= now }.map(\.element)
            state.elements.removeFirst(late.count)
            return late
        }
    }

    /// Refuses everything from now on. Workers take what is left, and then get `nil`.
    package func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idleWorkers = [] }
            return state.idleWorkers
        }
        for worker in idle { worker.resume(returning: nil) }
    }

    private struct Handover {
        let worker: CheckedContinuation<[Element]?, Never>
        let elements: [Element]?
    }

    /// Resumes workers until none is idle, or nothing waits.
    private func resume(_ first: Handover?) {
        var next = first
        while let handover = next {
            handover.worker.resume(returning: handover.elements)
            next = state.withLock { takeHandover(&$0) }
        }
    }

    /// An idle worker with what waits for it.
    private func takeHandover(_ state: inout State) -> Handover? {
        if state.elements.isEmpty && !state.isClosed { return nil }
        guard let worker = state.idleWorkers.popLast() else { return nil }
        if state.elements.isEmpty { return Handover(worker: worker, elements: nil) }
        return Handover(worker: worker, elements: takeBatch(&state))
    }

    private func takeBatch(_ state: inout State) -> [Element] {
        var (batch, weight) = ([Element](), 0)
        for element in state.elements.prefix(batchLimit).lazy.map(\.element) {
            weight += weigh(element)
            if weight > weightLimit && !batch.isEmpty { break }
            batch.append(element)
        }
        state.elements.removeFirst(batch.count)
        return batch
    }
}
