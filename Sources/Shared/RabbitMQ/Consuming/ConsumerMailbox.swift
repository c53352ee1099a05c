internal import DequeModule
internal import Synchronization

/// Where deliveries pile up until a task asks for them.
///
/// It needs no bound of its own: the broker stops sending at the consumer's prefetch.
final class ConsumerMailbox: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<[Delivery]?, Never>
    }

    private struct State {
        var deliveries = Deque<Delivery>()
        var waiters = Deque<Waiter>()
        var cancelled: Set<UInt64> = []
        var nextId: UInt64 = 0
        var isClosed = false
    }

    private struct Handover {
        let continuation: CheckedContinuation<[Delivery]?, Never>
        let batch: [Delivery]?
    }

    private let batchLimit: Int
    private let weigh: @Sendable (Delivery) -> Int
    private let state = Mutex(State())

    init(batchLimit: Int, weigh: @escaping @Sendable (Delivery) -> Int = { _ in 1 }) {
        precondition(batchLimit > 0, "a batch holds at least one delivery")
        self.batchLimit = batchLimit
        self.weigh = weigh
    }

    var count: Int { state.withLock { $0.deliveries.count } }

    /// Waits until there is something, and takes all of it up to the batch's limit; `nil` once closed, or when the
    /// task is cancelled.
    func next() async -> [Delivery]? {
        let id = state.withLock { state in
            state.nextId += 1
            return state.nextId
        }
        let batch = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(Waiter(id: id, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        forget(id)
        return batch
    }

    /// Puts in what has arrived, and hands it to waiting tasks.
    func post(_ deliveries: [Delivery]) {
        hand { state in
            if state.isClosed { return }
            state.deliveries.append(contentsOf: deliveries)
        }
    }

    /// Throws away what no task has taken: its channel is gone, and the broker will deliver it again.
    func discard() {
        state.withLock { $0.deliveries = [] }
    }

    /// Ends every wait, now and later.
    func close() {
        hand { state in
            state.isClosed = true
            state.deliveries = []
        }
    }

    private func wait(_ waiter: Waiter) {
        hand { $0.waiters.append(waiter) }
    }

    private func cancel(_ id: UInt64) {
        hand { $0.cancelled.insert(id) }
    }

    /// A cancellation that came too late to matter leaves nothing behind.
    private func forget(_ id: UInt64) {
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Changes the state, then resumes the tasks that can go on, outside of the lock.
    private func hand(after change: (inout State) -> Void) {
        let handovers = state.withLock { state in
            change(&state)
            return takeHandovers(&state)
        }
        for handover in handovers { handover.continuation.resume(returning: handover.batch) }
    }

    private func takeHandovers(_ state: inout State) -> [Handover] {
        var handovers: [Handover] = []
        for _ in 0..<state.waiters.count {
            let waiter = state.waiters.removeFirst()
            if state.isClosed || state.cancelled.remove(waiter.id) != nil {
                handovers.append(Handover(continuation: waiter.continuation, batch: nil))
            } else if state.deliveries.isEmpty {
                state.waiters.append(waiter)
            } else {
                handovers.append(Handover(continuation: waiter.continuation, batch: takeBatch(&state)))
            }
        }
        return handovers
    }

    /// One delivery at least, and more as long as they stay within the limit together.
    private func takeBatch(_ state: inout State) -> [Delivery] {
        var batch: [Delivery] = []
        var weight = 0
        while let delivery = state.deliveries.first {
            weight += weigh(delivery)
            if weight > batchLimit && !batch.isEmpty { break }
            batch.append(delivery)
            _ = state.deliveries.popFirst()
        }
        return batch
    }
}
