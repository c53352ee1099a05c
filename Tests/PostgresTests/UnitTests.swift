import Postgres
import Testing

@Suite("Units of queries")
struct UnitTests {
    @Test("ten thousand at once on one connection are each answered with their own result")
    func manyUnits() async throws {
        try await TestServer().withConnection({ $0.inboxCapacity = 10_000 }) { connection in
            let echo = Statement("echo", "SELECT $1::bigint")
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<Int64(10_000) {
                    group.addTask {
                        try await connection.run([Query(echo, [.int64(number)])])[0].rows[0].int64(0) == number
                    }
                }
                return try await group.reduce(into: 0) { count, isRight in count += isRight ? 1 : 0 }
            }
            #expect(answers == 10_000)
            #expect(
                connection.statistics == PostgresStatistics(units: 10_000, statements: 10_000),
                "a unit that is answered is counted among those that were sent, and no more")
        }
    }

    @Test("an empty unit is answered at once, a unit without rows with none, and counts are the server's")
    func counts() async throws {
        try await TestServer().withSchema { server in
            try await server.withConnection { connection in
                #expect(try await connection.run([]).isEmpty)
                let results = try await connection.run([
                    Query("CREATE TABLE t (id bigint)")
                ])
                #expect(results.count == 1 && results[0].rows.isEmpty)
                let inserted = try await connection.run([
                    Query("INSERT INTO t SELECT * FROM unnest($1::bigint[])", [.int64s(Array(1...300))]),
                    Query("UPDATE t SET id = -id WHERE id > $1", [.int64(290)]),
                    Query("SELECT id FROM t WHERE id < 0"),
                ])
                #expect(inserted.map(\.affectedRows) == [300, 10, 10])
                #expect(inserted[2].rows.count == 10)
            }
        }
    }

    @Test("a unit is all or nothing")
    func atomicity() async throws {
        try await TestServer().withSchema { server in
            try await server.execute("CREATE TABLE t (id bigint PRIMARY KEY)")
            try await server.withConnection { connection in
                let insert = Statement("insert", "INSERT INTO t VALUES ($1)")
                let error = await failure {
                    _ = try await connection.run([Query(insert, [.int64(1)]), Query(insert, [.int64(1)])])
                }
                #expect(error?.isUniqueViolation(constraint: "t_pkey") == true)
                let count = try await connection.run([Query("SELECT count(*) FROM t")])[0].rows[0].int64(0)
                #expect(count == 0)
            }
        }
    }

    @Test("an error in one unit does not hurt its neighbours in the pipeline")
    func neighbours() async throws {
        try await TestServer().withConnection { connection in
            let divide = Statement("divide", "SELECT $1::bigint / $2::bigint")
            let failures = await withTaskGroup(of: (Int64, PostgresError?).self) { group in
                for number in 0..<Int64(2000) {
                    group.addTask {
                        let error = await failure {
                            let result = try await connection.run([
                                Query("SELECT 1"), Query(divide, [.int64(number), .int64(number % 7)]),
                            ])
                            #expect(try result[1].rows[0].int64(0) == number / (number % 7))
                        }
                        return (number, error)
                    }
                }
                return await group.reduce(into: [Int64: PostgresError]()) { $0[$1.0] = $1.1 }
            }
            #expect(Set(failures.keys) == Set((0..<2000).filter { $0 % 7 == 0 }))
            #expect(failures.values.allSatisfy { $0.sqlState == "22012" })
        }
    }

    @Test("a preparation skipped for its unit's failure is made up for by the next unit that needs it")
    func skippedPreparation() async throws {
        let server = try TestServer()
        try await Blockade.stand(on: server) { blockade in
            try await server.withConnection { connection in
                let late = Statement("late", "SELECT 2::bigint")
                async let doomed = failure {
                    _ = try await connection.run([blockade.query, Query("SELECT 1 / 0"), Query(late)])
                }
                #expect(await eventually { connection.statistics.inFlight == 1 })
                async let neighbours = withThrowingTaskGroup(of: Int64.self) { group in
                    for _ in 0..<50 {
                        group.addTask { try await connection.run([Query(late)])[0].rows[0].int64(0) }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(await eventually { connection.statistics.inFlight + connection.statistics.queued == 51 })
                try await blockade.lift()
                #expect(await doomed?.sqlState == "22012")
                let sum = try await neighbours
                #expect(sum == 100)
            }
        }
    }

    @Test("every unit with a wrong statement gets the server's own complaint about it")
    func wrongStatement() async throws {
        try await TestServer().withConnection { connection in
            for _ in 0..<3 {
                let error = await failure { _ = try await connection.run([Query("SELEC 1")]) }
                #expect(error?.sqlState == "42601")
            }
            let isRefused = await failure { _ = try await connection.run([Query("COPY (SELECT 1) TO STDOUT")]) } != nil
            #expect(isRefused)
            let five = try await connection.run([Query("SELECT 5::bigint")])[0].rows[0].int64(0)
            #expect(five == 5)
        }
    }

    @Test("one name for two statements is an error, never the other's result")
    func clashingNames() async throws {
        try await TestServer().withConnection { connection in
            _ = try await connection.run([Query(Statement("name", "SELECT 1::bigint"))])
            let error = await failure { _ = try await connection.run([Query(Statement("name", "SELECT 2::bigint"))]) }
            #expect(error?.sqlState == "42P05")
        }
    }

    @Test("units and answers far larger than the socket's buffers go both ways at once")
    func largeUnits() async throws {
        try await TestServer().withConnection { connection in
            let megabyte = [UInt8](repeating: 42, count: 1 << 20)
            let echo = Statement("echo_bytes", "SELECT $1::bytea")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await connection.run([Query(echo, [.bytes(megabyte)])])[0].rows[0].bytes(0).count
                    }
                }
                for try await count in group { #expect(count == 1 << 20) }
            }
        }
    }

    @Test("results stay readable after the connection is gone")
    func resultsOutliveConnection() async throws {
        let results = try await TestServer().withConnection {
            try await $0.run([Query("SELECT n, n::text FROM generate_series(1, 1000) AS n")])
        }
        #expect(try results[0].rows.map { try $0.text(1) } == (1...1000).map(String.init))
    }
}
