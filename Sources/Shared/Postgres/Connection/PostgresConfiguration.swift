/// How one connection reaches its server, and how long it may take about it.
package struct PostgresConfiguration: Sendable {
    /// A libpq connection string or URL, several hosts included. It may hold a password and is never logged.
    package var connectionString: String
    /// The name that the server's operators see in `pg_stat_activity`; the connection string's own takes precedence.
    package var applicationName: String
    /// The most units that may be unanswered on one connection, waiting ones included; one more is `.overloaded`.
    package var inboxCapacity: Int
    /// The most time that one attempt to connect may take before the next host's turn comes.
    package var connectTimeout: Duration
    /// The most time that a unit may wait to be sent and, once sent, to be answered.
    ///
    /// A unit not sent by then fails as `.unavailable`. One not answered by then costs the connection, for an answer
    /// that comes later could not be told from another's, and fails as `.outcomeUnknown`.
    package var requestTimeout: Duration
    /// The most time that a statement waits for a lock that another transaction holds; `nil`: without end. A statement
    /// that waited longer fails with SQLSTATE 55P03. (PostgreSQL: `lock_timeout`)
    package var lockTimeout: Duration?
    /// The pause before the first new attempt to connect; each further pause doubles.
    package var shortestReconnectPause: Duration
    /// The longest pause between two attempts to connect.
    package var longestReconnectPause: Duration

    /// How the server plans this connection's statements.
    package var planning: Planning

    package enum Planning: Sendable {
        /// By the server's own settings: for reports over whole tables.
        case byCost
        /// Once for each prepared statement, and always by index: for statements that look up or change few rows of
        /// large tables. A plan that was made while a table was small does not become slow as it grows.
        case byIndex
    }

    package init(
        connectionString: String,
        applicationName: String,
        planning: Planning = .byCost,
        inboxCapacity: Int = 4096,
        connectTimeout: Duration = .seconds(5),
        requestTimeout: Duration = .seconds(30),
        lockTimeout: Duration? = nil,
        shortestReconnectPause: Duration = .milliseconds(50),
        longestReconnectPause: Duration = .seconds(2)
    ) {
        self.connectionString = connectionString
        self.applicationName = applicationName
        self.planning = planning
        self.inboxCapacity = inboxCapacity
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.lockTimeout = lockTimeout
        self.shortestReconnectPause = shortestReconnectPause
        self.longestReconnectPause = longestReconnectPause
    }
}

/// A text that is no connection string. It does not say where it is wrong, for that may be the password.
package struct MalformedConnectionString: Error {
    package let reason = "it is no connection string; special characters in a password are written as %XX"
}

extension PostgresConfiguration {
    /// Returns the connection string if it can be read at all. (`PQconninfoParse`)
    package static func checked(_ connectionString: String) throws(MalformedConnectionString) -> String {
        guard ConnectionParameters.canRead(connectionString) else { throw MalformedConnectionString() }
        return connectionString
    }
}
