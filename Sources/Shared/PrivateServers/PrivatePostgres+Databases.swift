import Foundation

extension PrivatePostgres {
    /// Makes a database, empty or as a copy of another that has no connections.
    package nonisolated func createDatabase(
        named name: String, template: String? = nil
    ) async throws(PrivateServerError) {
        let copy = template.map { " TEMPLATE \(quoted($0))" } ?? ""
        try await run("CREATE DATABASE \(quoted(name))\(copy)")
    }

    /// Removes a database and cuts off who is connected to it.
    package nonisolated func dropDatabase(named name: String) async throws(PrivateServerError) {
        try await run("DROP DATABASE IF EXISTS \(quoted(name)) WITH (FORCE)")
    }

    package nonisolated func hasDatabase(named name: String) async throws(PrivateServerError) -> Bool {
        let literal = name.replacingOccurrences(of: "'", with: "''")
        return try await run("SELECT 1 FROM pg_database WHERE datname = '\(literal)'").hasPrefix("1")
    }

    /// Runs one SQL statement as the superuser and returns its rows as `psql` prints them, unaligned.
    @discardableResult
    package nonisolated func run(
        _ statement: String, database: String = "postgres"
    ) async throws(PrivateServerError) -> String {
        let environment = ["PATH": ServerPrograms.searchPath, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"]
        return try await Command.run(
            programs.appendingPathComponent("psql").path,
            [
                "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1",
                "--port", String(port), "--username", "paylinks", "--dbname", database, "--command", statement,
            ],
            environment: environment)
    }

    private nonisolated func quoted(_ identifier: String) -> String {
        "\"" + identifier.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
