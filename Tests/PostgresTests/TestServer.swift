import Foundation
import Logging
import Postgres

/// The real server that these tests need. A missing one is a failure, never a skip.
struct TestServer {
    struct Missing: Error, CustomStringConvertible {
        let description = "PAYLINKS_TEST_DATABASE_URL must name a Postgres database that tests may write to"
    }

    let url: String
    /// What this server's connections are called in `pg_stat_activity`.
    var applicationName = "postgres-tests"

    init() throws {
        guard let url = ProcessInfo.processInfo.environment["PAYLINKS_TEST_DATABASE_URL"], !url.isEmpty else {
            throw Missing()
        }
        self.url = url
    }

    init(url: String) {
        self.url = url
    }

    var configuration: PostgresConfiguration {
        PostgresConfiguration(connectionString: url, applicationName: applicationName)
    }

    static let quietLogger = Logger(label: "postgres-tests") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with a connection of its own, and shuts that down whatever happens.
    func withConnection<Value>(
        _ adjust: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        adjust(&configuration)
        let connection = PostgresConnection.start(configuration, logger: Self.quietLogger)
        do {
            let value = try await body(connection)
            await connection.shutdown()
            return value
        } catch {
            await connection.shutdown(deadline: .now)
            throw error
        }
    }

    /// Runs `body` with a pool of its own, and shuts that down whatever happens.
    func withPool<Value>(
        connections: Int, _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(configuration: configuration, connections: connections, logger: Self.quietLogger)
        do {
            let value = try await body(pool)
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown(deadline: .now)
            throw error
        }
    }

    /// Runs `body` against a schema of its own, which every connection by the new server value sees first.
    func withSchema<Value>(_ body: (TestServer) async throws -> Value) async throws -> Value {
        let schema = "test_\(UInt64.random(in: 0 ... .max))"
        try await execute("CREATE SCHEMA \(schema)")
        let separator = url.contains("?") ? "&" : "?"
        var inside = TestServer(url: url + separator + "options=-c%20search_path%3D\(schema)")
        inside.applicationName = schema
        do {
            let value = try await body(inside)
            try await execute("DROP SCHEMA \(schema) CASCADE")
            return value
        } catch {
            try await execute("DROP SCHEMA \(schema) CASCADE")
            throw error
        }
    }

    /// Runs one statement without parameters on a connection of its own.
    @discardableResult
    func execute(_ sql: String) async throws -> ResultSet {
        try await withConnection { try await $0.run([Query(Statement(sql, sql))])[0] }
    }
}

extension Query {
    /// A query whose text is its name too.
    init(_ sql: String, _ parameters: [PostgresValue] = []) {
        self.init(Statement(sql, sql), parameters)
    }
}

/// The error of a `PostgresError`-throwing call, or nil if it succeeds.
func failure(of body: () async throws -> Void) async -> PostgresError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// Looks again and again, for up to thirty seconds, until the condition holds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
