/// Why a unit of queries has no answer.
package enum PostgresError: Error, Sendable, Hashable {
    /// The server refused the unit, and nothing of it was done.
    case server(ServerError)
    /// The unit was sent and the connection broke before its answer: it was done, or it was not. Read back to know.
    case outcomeUnknown
    /// The connection broke while a transaction was open, and the server has rolled it back.
    case connectionLost
    /// The unit was not sent in time, and nothing of it was done.
    case unavailable(String)
    /// Too many units wait already; nothing of this one was done.
    case overloaded
    /// The connection was shut down before the unit was sent, or the transaction is over.
    case closed
    /// The task was cancelled before the unit was sent.
    case cancelled
    /// A value is not what its reader asked for; the text names the column.
    case decoding(String)
}

/// What the server said about a statement that it refused.
///
/// The server's detail, hint and context are not kept: they may hold values of rows.
package struct ServerError: Error, Sendable, Hashable {
    /// The five-character code of the error. (PostgreSQL, appendix A)
    package let sqlState: String
    package let message: String
    package let constraint: String?
    package let table: String?

    package init(sqlState: String, message: String, constraint: String? = nil, table: String? = nil) {
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
        self.table = table
    }
}

extension PostgresError {
    /// Whether the same unit may well succeed when it is tried again, after a pause.
    ///
    /// For `.outcomeUnknown` trying again is only right for a unit that does no harm when it is done twice.
    package var isTransient: Bool {
        switch self {
        case .server(let error): error.isTransient
        case .outcomeUnknown, .connectionLost, .unavailable, .overloaded: true
        case .closed, .cancelled, .decoding: false
        }
    }

    /// The server's code, if it was the server that refused.
    package var sqlState: String? {
        guard case .server(let error) = self else { return nil }
        return error.sqlState
    }

    /// Whether another transaction held a lock for longer than the unit was to wait; nothing was done.
    package var isLockTimeout: Bool { sqlState == ServerError.lockTimeout }

    /// Whether a row of the same key was there already, by the named unique constraint or, for `nil`, by any.
    package func isUniqueViolation(constraint: String? = nil) -> Bool {
        guard case .server(let error) = self, error.sqlState == "23505" else { return false }
        return constraint == nil || error.constraint == constraint
    }
}

extension ServerError {
    fileprivate static let lockTimeout = "55P03"
    /// Serialization failures, deadlocks, locks that others hold for too long, and a server that shuts down or starts.
    private static let transientStates: Set<String> = ["40001", "40P01", lockTimeout, "57P01", "57P02", "57P03"]
    /// Connection exceptions, and resources that are used up for now.
    private static let transientClasses: Set<String> = ["08", "53"]
    /// A demoted server, a cached plan that a migration outdated, and a prepared statement that is gone.
    private static let spoilingStates: Set<String> = ["25006", "0A000", "26000"]

    /// What spoils a connection does not happen on the one that takes its place.
    var isTransient: Bool {
        spoilsConnection || Self.transientStates.contains(sqlState)
            || Self.transientClasses.contains(String(sqlState.prefix(2)))
    }

    /// Whether the connection is of no more use, so that it is replaced as soon as its units are answered.
    var spoilsConnection: Bool { Self.spoilingStates.contains(sqlState) }
}
