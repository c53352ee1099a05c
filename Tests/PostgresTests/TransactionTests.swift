import Postgres
import Testing

@Suite("Transactions")
struct TransactionTests {
    private static let insert = Statement("insert", "INSERT INTO t VALUES ($1)")
    private static let count = Statement("count", "SELECT count(*) FROM t")

    private struct Refused: Error {}

    /// Runs `body` with a pool on a schema whose table `t` is empty.
    private func withTable(
        connections: Int = 2, _ body: (PostgresPool) async throws -> Void
    ) async throws {
        try await TestServer().withSchema { server in
            try await server.execute("CREATE TABLE t (id bigint PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
            try await server.withPool(connections: connections, body)
        }
    }

    /// Waits until both connections are there: a unit prefers the transaction's own to one that is not, and would wait
    /// there for a body that waits for it.
    private func becomeReady(_ pool: PostgresPool) async throws {
        let pids = Statement("pids", "SELECT pg_backend_pid() FROM pg_sleep(0.05)")
        var seen: Set<Int32> = []
        for _ in 0..<200 where seen.count < 2 {
            async let one = pool.run([Query(pids)])
            async let other = pool.run([Query(pids)])
            for results in try await [one, other] { seen.insert(try results[0].rows[0].int32(0)) }
        }
        #expect(seen.count == 2)
    }

    private func expectRowCount(
        _ count: Int64, in pool: PostgresPool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let actual = try await rowCount(pool)
        #expect(actual == count, sourceLocation: sourceLocation)
    }

    private func rowCount(_ pool: PostgresPool) async throws -> Int64 {
        try await pool.run([Query(Self.count)])[0].rows[0].int64(0)
    }

    @Test("what is committed is there, and its results are the caller's alone")
    func commit() async throws {
        try await withTable { pool in
            try await becomeReady(pool)
            let read = try await pool.withTransaction { transaction in
                let first = try await transaction.run([Query(Self.insert, [.int64(1)]), Query(Self.count)])
                #expect(first.count == 2)
                try await expectRowCount(0, in: pool)
                let last = try await transaction.commit([Query(Self.insert, [.int64(2)]), Query(Self.count)])
                #expect(last.count == 2)
                return try last[1].rows[0].int64(0)
            }
            #expect(read == 2)
            try await expectRowCount(2, in: pool)
        }
    }

    @Test("a commit without a unit before it is one round trip")
    func commitAlone() async throws {
        try await withTable { pool in
            let results = try await pool.withTransaction { try await $0.commit([Query(Self.insert, [.int64(1)])]) }
            #expect(results.map(\.affectedRows) == [1])
            try await expectRowCount(1, in: pool)
        }
    }

    @Test("a body that returns without commit changes nothing")
    func returned() async throws {
        try await withTable(connections: 1) { pool in
            try await pool.withTransaction { _ = try await $0.run([Query(Self.insert, [.int64(1)])]) }
            try await expectRowCount(0, in: pool)
        }
    }

    @Test("a body that throws changes nothing, and its error comes through")
    func thrown() async throws {
        try await withTable(connections: 1) { pool in
            await #expect(throws: Refused.self) {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.run([Query(Self.insert, [.int64(1)])])
                    throw Refused()
                }
            }
            try await expectRowCount(0, in: pool)
        }
    }

    @Test("after an error the transaction cannot commit, whatever its body does about it")
    func errorInside() async throws {
        try await withTable(connections: 1) { pool in
            try await pool.withTransaction { transaction in
                _ = try await transaction.run([Query(Self.insert, [.int64(1)])])
                #expect(await failure { _ = try await transaction.run([Query("SELECT 1 / 0")]) }?.sqlState == "22012")
                #expect(await failure { _ = try await transaction.commit() }?.sqlState == "25P02")
                #expect(await failure { _ = try await transaction.run([Query(Self.count)]) } == .closed)
            }
            try await expectRowCount(0, in: pool)
        }
    }

    @Test("an error in the committing unit, or found only by the commit, undoes everything")
    func errorAtCommit() async throws {
        try await withTable(connections: 1) { pool in
            for last in [Query("SELECT 1 / 0"), Query(Self.insert, [.int64(1)])] {
                let error = await failure {
                    try await pool.withTransaction { transaction in
                        _ = try await transaction.run([Query(Self.insert, [.int64(1)])])
                        _ = try await transaction.commit([last])
                    }
                }
                #expect(["22012", "23505"].contains(error?.sqlState))
                try await expectRowCount(0, in: pool)
            }
        }
    }

    @Test("nobody else's unit gets into a transaction on the same connection")
    func exclusion() async throws {
        try await withTable(connections: 1) { pool in
            try await pool.withTransaction { transaction in
                _ = try await transaction.run([Query(Self.insert, [.int64(1)])])
                let others = (0..<20).map { _ in Task { try await rowCount(pool) } }
                #expect(await eventually { pool.statistics.queued == 20 })
                _ = try await transaction.run([Query("SELECT pg_sleep(0.1)")])
                #expect(pool.statistics.queued == 20)
                _ = try await transaction.commit([Query(Self.insert, [.int64(2)])])
                for other in others { #expect(try await other.value == 2) }
            }
        }
    }

    @Test("counters raised in a thousand transactions lose no update")
    func lostUpdates() async throws {
        try await withTable(connections: 4) { pool in
            _ = try await pool.run([Query(Self.insert, [.int64(0)])])
            let lock = Query("SELECT id FROM t FOR UPDATE")
            let update = Statement("update", "UPDATE t SET id = $1")
            try await withThrowingTaskGroup { group in
                for _ in 0..<1000 {
                    group.addTask {
                        try await pool.withTransaction { transaction in
                            let id = try await transaction.run([lock])[0].rows[0].int64(0)
                            _ = try await transaction.commit([Query(update, [.int64(id + 1)])])
                        }
                    }
                }
                try await group.waitForAll()
            }
            let id = try await pool.run([Query("SELECT id FROM t")])[0].rows[0].int64(0)
            #expect(id == 1000)
        }
    }

    @Test("the isolation level is READ COMMITTED, whatever the database's default is")
    func isolation() async throws {
        let url = try TestServer().url
        let strict = TestServer(
            url: url + (url.contains("?") ? "&" : "?") + "options=-c%20default_transaction_isolation%3Dserializable")
        try await strict.withPool(connections: 1) { pool in
            let level = try await pool.withTransaction { transaction in
                try await transaction.commit([Query("SHOW transaction_isolation")])[0].rows[0].text(0)
            }
            #expect(level == "read committed")
        }
    }

    @Test("a lost connection fails the second unit, which never runs on a new connection")
    func lostBetweenUnits() async throws {
        try await withTable(connections: 1) { pool in
            let error = await failure {
                try await pool.withTransaction { transaction in
                    let process = try await transaction.run([
                        Query(Self.insert, [.int64(1)]), Query("SELECT pg_backend_pid()"),
                    ])[1].rows[0].int32(0)
                    try await TestServer().execute("SELECT pg_terminate_backend(\(process), 5000)")
                    #expect(await eventually { pool.statistics.reconnects == 1 })
                    _ = try await transaction.commit([Query(Self.insert, [.int64(2)])])
                }
            }
            #expect(error == .connectionLost)
            try await expectRowCount(0, in: pool)
        }
    }

    @Test("a task cancelled inside a transaction rolls it back and leaves the connection to others")
    func cancelled() async throws {
        try await withTable(connections: 1) { pool in
            let hasBegun = Flag()
            let task = Task {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.run([Query(Self.insert, [.int64(1)])])
                    hasBegun.raise()
                    try await Task.sleep(for: .seconds(60))
                    _ = try await transaction.commit()
                }
            }
            #expect(await eventually { hasBegun.isRaised })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await expectRowCount(0, in: pool)
        }
    }

    @Test("a task that waits for a free connection is released when it is cancelled, or when time is up")
    func waitingForLease() async throws {
        var configuration = try TestServer().configuration
        configuration.requestTimeout = .seconds(1)
        let pool = PostgresPool(configuration: configuration, connections: 1, logger: TestServer.quietLogger)
        #expect(await eventually { pool.isReady })
        try await pool.withTransaction { transaction in
            _ = try await transaction.run([Query("SELECT 1")])
            let late = Task { await failure { try await pool.withTransaction { _ = try await $0.commit() } } }
            let cancelled = Task { await failure { try await pool.withTransaction { _ = try await $0.commit() } } }
            cancelled.cancel()
            #expect(await cancelled.value == .cancelled)
            #expect(await late.value == .unavailable("no connection came free in time"))
        }
        #expect(await failure { try await pool.withTransaction { _ = try await $0.commit() } } == nil)
        await pool.shutdown()
        #expect(await failure { try await pool.withTransaction { _ = try await $0.commit() } } == .closed)
    }
}
