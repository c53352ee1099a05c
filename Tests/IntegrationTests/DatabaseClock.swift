import PaymentLinks
import Postgres
import TestSupport

/// A clock that stands still until it is moved, in the place of a system's database's own.
///
/// The statements say `clock_timestamp()` and `statement_timestamp()` without a schema, so what they read is decided by
/// the search path: here these functions come first from a schema of ours. Everything else is as it ships. What is
/// connected before the clock is installed goes on with the old one.
struct DatabaseClock {
    private static let statements = [
        "CREATE SCHEMA moved",
        "CREATE TABLE moved.clock (now timestamptz NOT NULL)",
        "INSERT INTO moved.clock SELECT pg_catalog.clock_timestamp()",
        """
        CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS 'SELECT now FROM moved.clock'
        """,
        """
        CREATE FUNCTION moved.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
        AS 'SELECT now FROM moved.clock'
        """,
    ]

    private let system: TestSystem

    /// Puts the clock into the database, and starts the gateway anew so that it reads it too.
    static func install(in system: TestSystem) async throws -> DatabaseClock {
        for statement in statements { _ = try await system.rows(statement) }
        _ = try await system.rows("ALTER DATABASE \(system.databaseName) SET search_path = moved, pg_catalog, public")
        await system.gateway.kill()
        try await system.gateway.start()
        return DatabaseClock(system: system)
    }

    var now: Timestamp {
        get async throws {
            Timestamp(microseconds: try await system.rows("SELECT now FROM moved.clock")[0].timestamp(0))
        }
    }

    func move(to time: Timestamp) async throws {
        _ = try await system.rows("UPDATE moved.clock SET now = $1", [.timestamp(microseconds: time.microseconds)])
    }

    func move(by duration: Duration) async throws {
        try await move(to: try await now.advanced(by: duration))
    }
}
