import Synchronization

/// What a unit is to the transaction that it belongs to.
struct TransactionRole: Sendable {
    enum End: Sendable {
        case commit, rollback

        var statement: Statement {
            switch self {
            case .commit: .commit
            case .rollback: .rollback
            }
        }
    }

    let mark: TransactionMark
    let begins: Bool
    let end: End?
}

/// One transaction's identity, shared by the task that works in it and the driver thread that keeps others out.
final class TransactionMark: Sendable {
    private enum Phase { case unbegun, begun, lost, ended }

    private let phase = Mutex(Phase.unbegun)

    /// Takes the right to send a unit: true if it is the first, which carries the `BEGIN`.
    func enter() throws(PostgresError) -> Bool {
        let entered = phase.withLock { phase in
            defer { if phase == .unbegun { phase = .begun } }
            return phase
        }
        switch entered {
        case .unbegun: return true
        case .begun: return false
        case .lost: throw .connectionLost
        case .ended: throw .closed
        }
    }

    /// Whether the server may still hold the transaction open.
    var isOpen: Bool { phase.withLock { $0 == .begun } }

    /// The connection is gone, or the first unit was never sent.
    func lose() {
        phase.withLock { if $0 != .ended { $0 = .lost } }
    }

    /// The transaction was committed or rolled back, or its body returned.
    func end() {
        phase.withLock { $0 = .ended }
    }
}
