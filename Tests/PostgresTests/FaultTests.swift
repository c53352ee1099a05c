import Foundation
import Postgres
import PrivateServers
import Testing

@Suite("Faults under load")
struct FaultTests {
    private static let insert = Statement("insert", "INSERT INTO t VALUES ($1)")

    @Test("connections terminated: every unit is told the truth, and new connections serve")
    func terminated() async throws {
        try await TestServer().withSchema { server in
            try await server.execute("CREATE TABLE t (id bigint PRIMARY KEY)")
            try await server.withPool(connections: 2) { pool in
                let ledger = try await ledger(of: pool, transactions: false) {
                    for _ in 0..<10 {
                        try await Task.sleep(for: .milliseconds(100))
                        #expect(await eventually { pool.isReady })
                        try await terminateConnections(of: server)
                    }
                }
                try await check(ledger, in: pool)
                #expect(ledger.doubtCount > 0)
                #expect(pool.statistics.reconnects >= 10)
            }
        }
    }

    @Test("connections terminated: every transaction is told the truth, and new connections serve")
    func transactionsTerminated() async throws {
        try await TestServer().withSchema { server in
            try await server.execute("CREATE TABLE t (id bigint PRIMARY KEY)")
            try await server.withPool(connections: 4) { pool in
                let ledger = try await ledger(of: pool, transactions: true) {
                    for _ in 0..<10 {
                        try await Task.sleep(for: .milliseconds(100))
                        #expect(await eventually { pool.isReady })
                        try await terminateConnections(of: server)
                    }
                }
                try await check(ledger, in: pool)
                #expect(ledger.doubtCount > 0)
            }
        }
    }

    @Test("a server stopped, killed and started again: every unit is told the truth, and work goes on")
    func serverRestarted() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("postgres-tests-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let postgres = try await PrivatePostgres.start(in: folder)
        let server = TestServer(url: postgres.url)
        try await server.execute("CREATE TABLE t (id bigint PRIMARY KEY)")
        try await server.withPool(connections: 2) { pool in
            let ledger = try await ledger(of: pool, transactions: false) {
                for isClean in [true, false, true] {
                    try await Task.sleep(for: .milliseconds(300))
                    if isClean { await postgres.stop() } else { await postgres.kill() }
                    #expect(await eventually { !pool.isReady })
                    try await postgres.restart()
                    #expect(await eventually { pool.isReady })
                }
                try await Task.sleep(for: .milliseconds(300))
            }
            try await check(ledger, in: pool)
            #expect(ledger.doubtCount > 0)
        }
        await postgres.stop()
    }

    @Test("a host that swallows connections is passed over for the next")
    func silentHost() async throws {
        let silent = try SilentListener()
        let port = try await TestServer().execute("SHOW port").rows[0].text(0)
        let url = try #require(URLComponents(string: try TestServer().url))
        var several = url
        several.host = nil
        several.port = nil
        let hosts = "host=127.0.0.1,127.0.0.1&port=\(silent.port),\(port)"
        several.query = [url.query, hosts].compactMap { $0 }.joined(separator: "&")
        let server = TestServer(url: try #require(several.string))
        try await server.withConnection({ $0.connectTimeout = .milliseconds(300) }) { connection in
            let results = try await connection.run([Query("SELECT 1::bigint")])
            #expect(try results[0].rows[0].int64(0) == 1)
        }
    }

    @Test("a server that takes no writes is not connected to over and over without a pause")
    func readOnly() async throws {
        let server = try TestServer()
        let separator = server.url.contains("?") ? "&" : "?"
        let readOnly = TestServer(url: server.url + separator + "options=-c%20default_transaction_read_only%3Don")
        try await readOnly.withConnection { connection in
            let end = ContinuousClock.now + .seconds(2)
            while ContinuousClock.now < end {
                let error = await failure { _ = try await connection.run([Query("CREATE TABLE never (id bigint)")]) }
                #expect(error?.sqlState == "25006" && error?.isTransient == true)
            }
            // The pauses double from 50 ms up, each shortened by a half at most.
            #expect((1...8).contains(connection.statistics.reconnects))
            #expect(await failure { _ = try await connection.run([Query("SELECT 1")]) } == nil)
        }
    }

    @Test("prepared statements that are dropped beneath a pool cost one unit, which may be tried again")
    func preparedStatementsDropped() async throws {
        try await TestServer().withPool(connections: 1) { pool in
            let query = Query("SELECT 1::bigint")
            _ = try await pool.run([query])
            _ = try await pool.run([Query("DEALLOCATE ALL")])
            let error = await failure { _ = try await pool.run([query]) }
            #expect(error?.sqlState == "26000" && error?.isTransient == true)
            #expect(try await pool.run([query])[0].rows[0].int64(0) == 1)
            #expect(pool.statistics.reconnects == 1)
        }
    }

    // MARK: Load

    /// Inserts numbers from many tasks, each number once, while `trouble` lasts; notes what each task was told.
    private func ledger(
        of pool: PostgresPool, transactions: Bool, during trouble: () async throws -> Void
    ) async throws -> Ledger {
        let run = LoadRun()
        async let ledgers = withTaskGroup(of: Ledger.self) { group in
            for _ in 0..<64 { group.addTask { await insert(pool, transactions, run) } }
            return await group.reduce(into: Ledger()) { $0.add($1) }
        }
        do {
            try await trouble()
        } catch {
            run.stop()
            throw error
        }
        run.stop()
        return await ledgers
    }

    private func insert(_ pool: PostgresPool, _ transactions: Bool, _ run: LoadRun) async -> Ledger {
        var ledger = Ledger()
        while let number = run.next() {
            let query = Query(Self.insert, [.int64(number)])
            let error = await failure {
                if transactions {
                    try await pool.withTransaction { transaction in
                        _ = try await transaction.run([Query("SELECT 1")])
                        _ = try await transaction.commit([query])
                    }
                } else {
                    _ = try await pool.run([query])
                }
            }
            ledger.note(number, error)
        }
        return ledger
    }

    /// Every success is there, no refusal is, and of the unknown some may be.
    private func check(_ ledger: Ledger, in pool: PostgresPool) async throws {
        let rows = try await pool.run([Query("SELECT id FROM t")])[0].rows
        let present = Set(try rows.map { row in try row.int64(0) })
        #expect(ledger.done.count > 100)
        #expect(ledger.done.isSubset(of: present))
        #expect(ledger.refused.isDisjoint(with: present))
        #expect(present.subtracting(ledger.done).isSubset(of: ledger.unknown))
        let lastingErrors = ledger.errors.filter { !$0.isTransient }
        #expect(lastingErrors.isEmpty)
    }

    private func terminateConnections(of server: TestServer) async throws {
        try await server.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND application_name = '\(server.applicationName)'
            """)
    }
}
