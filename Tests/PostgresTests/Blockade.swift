import Postgres

/// Makes a query wait in the server until a test has seen what it wants to see.
struct Blockade: Sendable {
    private let holder: PostgresConnection
    private let key = PostgresValue.int64(.random(in: 0 ... .max))

    /// Runs `body` with a blockade that stands; it ends with its connection at the latest.
    static func stand<Value>(on server: TestServer, _ body: (Blockade) async throws -> Value) async throws -> Value {
        try await server.withConnection { holder in
            let blockade = Blockade(holder: holder)
            _ = try await holder.run([Query("SELECT pg_advisory_lock($1)", [blockade.key])])
            return try await body(blockade)
        }
    }

    private init(holder: PostgresConnection) {
        self.holder = holder
    }

    /// Returns from the server once the blockade is lifted.
    var query: Query { Query("SELECT pg_advisory_xact_lock_shared($1)", [key]) }

    func lift() async throws {
        _ = try await holder.run([Query("SELECT pg_advisory_unlock($1)", [key])])
    }
}
