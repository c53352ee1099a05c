import Foundation
import Logging
import PaymentLinks
import Postgres
import Storage

/// A database of a test's own, on the real server that the tests need. A missing server is a failure, never a skip.
struct TestDatabase: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description = "PAYLINKS_TEST_DATABASE_URL must name a Postgres server where tests may create databases"
    }

    let name: String
    let pool: PostgresPool

    private static let logger = Logger(label: "storage-tests") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` in a new database, and removes that whatever happens.
    static func run<Value>(
        template: String = "template0", isMigrated: Bool = true, connections: Int = 2,
        _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        let name = "storage_\(UInt64.random(in: 0 ... .max))"
        try await administer("CREATE DATABASE \(name) TEMPLATE \(template)")
        do {
            let value = try await connect(to: name, connections: connections) { database in
                if isMigrated && template == "template0" { try await Migrator(pool: database.pool).migrate() }
                return try await body(database)
            }
            try await administer("DROP DATABASE \(name) WITH (FORCE)")
            return value
        } catch {
            try? await administer("DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    /// Makes a database of this name, and runs `afterwards` once `body` is done and nobody is connected to it any more,
    /// so that others can be copied from it.
    static func run(
        named name: String, _ body: (TestDatabase) async throws -> Void, afterwards: () async throws -> Void
    ) async throws {
        try await administer("CREATE DATABASE \(name) TEMPLATE template0")
        do {
            try await connect(to: name, connections: 2) { database in
                try await Migrator(pool: database.pool).migrate()
                try await body(database)
            }
            try await afterwards()
            try await administer("DROP DATABASE \(name) WITH (FORCE)")
        } catch {
            try? await administer("DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    /// Runs `body` with one more pool of connections to the database, as another process would have.
    ///
    /// - Parameter role: the role that the connections work as; `nil` for the superuser.
    func withPool<Value>(
        connections: Int = 1, planning: PostgresConfiguration.Planning = .byCost, role: String? = nil,
        _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        try await Self.connect(to: name, connections: connections, planning: planning, role: role) {
            try await body($0.pool)
        }
    }

    private static func connect<Value>(
        to name: String, connections: Int, planning: PostgresConfiguration.Planning = .byCost, role: String? = nil,
        _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        let pool = PostgresPool(
            configuration: PostgresConfiguration(
                connectionString: try url(name, role: role), applicationName: "storage-tests", planning: planning),
            connections: connections, logger: logger)
        do {
            let value = try await body(TestDatabase(name: name, pool: pool))
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown(deadline: .now)
            throw error
        }
    }

    private static func url(_ name: String?, role: String? = nil) throws -> String {
        guard let text = ProcessInfo.processInfo.environment["PAYLINKS_TEST_DATABASE_URL"],
            var url = URLComponents(string: text)
        else { throw Missing() }
        if let name { url.path = "/" + name }
        if let role {
            let option = URLQueryItem(name: "options", value: "-crole%3D\(role)")
            url.percentEncodedQueryItems = (url.percentEncodedQueryItems ?? []) + [option]
        }
        return url.string ?? text
    }

    private static func administer(_ sql: String) async throws {
        let configuration = PostgresConfiguration(connectionString: try url(nil), applicationName: "storage-tests")
        let connection = PostgresConnection.start(configuration, logger: logger)
        let result: Result<[ResultSet], PostgresError>
        do { result = .success(try await connection.run([Query(Statement("administer", sql))])) } catch {
            result = .failure(error)
        }
        await connection.shutdown()
        _ = try result.get()
    }

    // MARK: - Looking into it, and meddling with it

    @discardableResult
    func execute(_ sql: String, _ parameters: [PostgresValue] = []) async throws(PostgresError) -> ResultSet {
        try await pool.run([Query(Statement("test_\(UInt64.random(in: 0 ... .max))", sql), parameters)])[0]
    }

    /// The number that a `SELECT count(*)` or the like returns.
    func number(_ sql: String, _ parameters: [PostgresValue] = []) async throws -> Int {
        Int(try await execute(sql, parameters).rows[0].int64(0))
    }

    /// The rule that the database names when it refuses the statement; `nil` when it does not refuse.
    func refusal(of sql: String, _ parameters: [PostgresValue] = []) async throws -> String? {
        do {
            try await execute(sql, parameters)
            return nil
        } catch {
            guard case .server(let refusal) = error else { throw error }
            return refusal.constraint ?? refusal.message
        }
    }

    /// The audit's rules that the database breaks.
    func breaches() async throws -> Set<String> {
        Set(try await AuditStore(pool: pool).audit().filter { $0.breachCount > 0 }.map(\.check.name))
    }
}
