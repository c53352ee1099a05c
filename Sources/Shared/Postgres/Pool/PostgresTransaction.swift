/// An open transaction of isolation level READ COMMITTED, for the body of `withTransaction`.
///
/// `BEGIN` travels with the first unit and `COMMIT` with the last, so a body that locks and reads in one `run`,
/// decides, and writes in one `commit` takes two round trips. It belongs to one connection: when that breaks, every
/// later unit fails as `.connectionLost`, for the locks and what was read are gone.
package final class PostgresTransaction: Sendable {
    private let connection: PostgresConnection
    private let mark = TransactionMark()
    private let lockTimeout: Duration?

    init(on connection: PostgresConnection, lockTimeout: Duration? = nil) {
        self.connection = connection
        self.lockTimeout = lockTimeout
    }

    /// Runs the queries inside the transaction, in one round trip. After an error only a rollback is left.
    package func run(_ unit: [Query]) async throws(PostgresError) -> [ResultSet] {
        guard !unit.isEmpty else { return [] }
        return try await send(unit, end: nil)
    }

    /// Runs the queries and commits, in one round trip.
    ///
    /// Throws `.outcomeUnknown` when the connection breaks before the answer; after any other error nothing was done.
    package func commit(_ unit: [Query] = []) async throws(PostgresError) -> [ResultSet] {
        try await send(unit, end: .commit)
    }

    /// Ends the transaction, if it is open, undoing all of it. It waits even in a cancelled task.
    func rollBack() async {
        if mark.isOpen {
            let role = TransactionRole(mark: mark, begins: false, end: .rollback)
            _ = await connection.submit([], role: role)
        }
        mark.end()
    }

    private func send(_ unit: [Query], end: TransactionRole.End?) async throws(PostgresError) -> [ResultSet] {
        let begins = try mark.enter()
        let settings =
            begins ? lockTimeout.map { [Query(Self.setLockTimeout, [.text("\($0.wholeMilliseconds)ms")])] } : nil
        let answer = await connection.submit(
            (settings ?? []) + unit, role: TransactionRole(mark: mark, begins: begins, end: end))
        if begins, case .failure(let error) = answer, !error.cameFromServer { mark.lose() }
        return Array(try answer.get().dropFirst(settings?.count ?? 0))
    }

    private static let setLockTimeout = Statement(
        "transaction_lock_timeout", "SELECT set_config('lock_timeout', $1, true)")
}

extension PostgresError {
    fileprivate var cameFromServer: Bool {
        if case .server = self { true } else { false }
    }
}
