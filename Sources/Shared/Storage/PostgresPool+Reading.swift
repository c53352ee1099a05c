import Postgres

extension PostgresPool {
    /// Runs the queries in one round trip and makes a value of their results.
    ///
    /// The queries are made before the call, and `decode` runs after it, so that nothing but an array waits with the
    /// connection. Stores read through this rather than in an asynchronous closure of their own: closures that capture
    /// many words are miscompiled on x86-64 (Swift 6.3: the stack pointer is off by 16 after a tail call that passes
    /// arguments on the stack).
    func read<Value>(
        _ queries: [Query], _ decode: ([ResultSet]) throws -> Value
    ) async throws(StorageError) -> Value {
        let results: [ResultSet]
        do throws(PostgresError) {
            results = try await run(queries)
        } catch {
            throw .database(error)
        }
        return try StorageError.translating { try decode(results) }
    }
}
