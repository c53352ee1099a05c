import Postgres
import Synchronization

/// What each of many inserts was told.
struct Ledger {
    var done: Set<Int64> = []
    var refused: Set<Int64> = []
    var unknown: Set<Int64> = []
    var errors: Set<PostgresError> = []

    var doubtCount: Int { refused.count + unknown.count }

    mutating func note(_ number: Int64, _ error: PostgresError?) {
        switch error {
        case nil: done.insert(number)
        case .outcomeUnknown: unknown.insert(number)
        default: refused.insert(number)
        }
        if let error { errors.insert(error) }
    }

    mutating func add(_ other: Ledger) {
        done.formUnion(other.done)
        refused.formUnion(other.refused)
        unknown.formUnion(other.unknown)
        errors.formUnion(other.errors)
    }
}

/// Gives out numbers until it is stopped.
final class LoadRun: Sendable {
    private let last = Atomic<Int64>(0)
    private let isStopped = Flag()

    func next() -> Int64? {
        isStopped.isRaised ? nil : last.add(1, ordering: .relaxed).newValue
    }

    func stop() {
        isStopped.raise()
    }
}

/// Something that happens once and is seen by all.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isRaised: Bool { value.load(ordering: .relaxed) }

    func raise() {
        value.store(true, ordering: .relaxed)
    }
}
