import Synchronization

/// Who may use which connection for a transaction; who waits longest comes first.
final class LeaseBoard: Sendable {
    private struct State {
        var free: Set<Int>
        var waiters: [LeaseWaiter] = []
        var isClosed = false
    }

    /// The most tasks that may wait for a lease at once.
    private static let waiterLimit = 4096

    private let count: Int
    private let state: Mutex<State>

    init(count: Int) {
        self.count = count
        state = Mutex(State(free: Set(0..<count)))
    }

    var leased: Set<Int> {
        let free = state.withLock { $0.free }
        return free.count == count ? [] : Set(0..<count).subtracting(free)
    }

    /// Takes a free connection, by `choose`, or the next that is released within the limit.
    func acquire(
        within limit: Duration, choose: @Sendable (Set<Int>) -> Int?
    ) async throws(PostgresError) -> Int {
        let waiter = LeaseWaiter()
        if let index = try takeFree(choose, or: waiter) { return index }
        return try await wait(waiter, within: limit).get()
    }

    /// Hands the connection to the next in line.
    func release(_ index: Int) {
        state.withLock { state in
            while !state.waiters.isEmpty {
                if state.waiters.removeFirst().resolve(.success(index)) { return }
            }
            state.free.insert(index)
        }
    }

    /// Refuses everyone who waits, and everyone who comes.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { _ = waiter.resolve(.failure(.closed)) }
    }

    private func takeFree(_ choose: (Set<Int>) -> Int?, or waiter: LeaseWaiter) throws(PostgresError) -> Int? {
        let taken = state.withLock { state -> Result<Int?, PostgresError> in
            if state.isClosed { return .failure(.closed) }
            if let index = choose(state.free), state.free.remove(index) != nil { return .success(index) }
            if state.waiters.count >= Self.waiterLimit { return .failure(.overloaded) }
            state.waiters.append(waiter)
            return .success(nil)
        }
        return try taken.get()
    }

    /// The timer is a child of the group and ends with it; cancelling the task ends its sleep, and so the wait.
    private func wait(_ waiter: LeaseWaiter, within limit: Duration) async -> Result<Int, PostgresError> {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let isOverdue = (try? await Task.sleep(for: limit)) != nil
                self.abandon(waiter, isOverdue ? .unavailable("no connection came free in time") : .cancelled)
            }
            defer { group.cancelAll() }
            return await waiter.value()
        }
    }

    private func abandon(_ waiter: LeaseWaiter, _ error: PostgresError) {
        guard waiter.resolve(.failure(error)) else { return }
        state.withLock { $0.waiters.removeAll { $0 === waiter } }
    }
}

/// One task's place in the line, resolved once, by what comes first.
private final class LeaseWaiter: Sendable {
    private enum Phase {
        case fresh
        case waiting(CheckedContinuation<Result<Int, PostgresError>, Never>)
        case resolved(Result<Int, PostgresError>)
    }

    private let phase = Mutex(Phase.fresh)

    /// Returns false when the wait is over already.
    func resolve(_ result: Result<Int, PostgresError>) -> Bool {
        phase.withLock { phase in
            switch phase {
            case .fresh: break
            case .waiting(let continuation): continuation.resume(returning: result)
            case .resolved: return false
            }
            phase = .resolved(result)
            return true
        }
    }

    func value() async -> Result<Int, PostgresError> {
        await withCheckedContinuation { continuation in
            phase.withLock { phase in
                if case .resolved(let result) = phase {
                    continuation.resume(returning: result)
                } else {
                    phase = .waiting(continuation)
                }
            }
        }
    }
}
