import Consuming
import Postgres
import Storage
import Synchronization

/// A transaction on a set of numbers in memory.
final class FakeTransaction: BatchTransaction {
    private struct State {
        var committed: [Int] = []
        var transactions = 0
        var faults: [StorageError]
    }

    /// Numbers that the database refuses.
    let refused: Set<Int>
    /// Numbers whose rows another session holds.
    let held: Set<Int>
    /// Whether the database can say which rows are held.
    let knowsLocks: Bool
    private let state: Mutex<State>

    /// - Parameter faults: what the first transactions fail with, whatever is in them.
    init(refused: Set<Int> = [], held: Set<Int> = [], knowsLocks: Bool = true, faults: [StorageError] = []) {
        self.refused = refused
        self.held = held
        self.knowsLocks = knowsLocks
        state = Mutex(State(faults: faults))
    }

    var committed: [Int] { state.withLock { $0.committed } }
    var transactions: Int { state.withLock { $0.transactions } }

    func run(_ items: [Int], lockTimeout: Duration?) async throws(StorageError) -> [Int] {
        let fault = state.withLock { state -> StorageError? in
            state.transactions += 1
            if !state.faults.isEmpty { return state.faults.removeFirst() }
            if !held.isDisjoint(with: items) { return .lockTimeout }
            if !refused.isDisjoint(with: items) { return .refused }
            state.committed += items
            return nil
        }
        if let fault { throw fault }
        return items
    }

    func locked(_ items: [Int]) async throws(StorageError) -> Set<Int> {
        knowsLocks ? Set(items.indices.filter { held.contains(items[$0]) }) : []
    }
}

extension StorageError {
    static let lockTimeout = server("55P03")
    static let refused = server("23514")
    static let collision = server("23505")
    static let away = StorageError.database(.connectionLost)

    private static func server(_ state: String) -> StorageError {
        .database(.server(ServerError(sqlState: state, message: "refused")))
    }
}
