import Foundation
import Postgres
import Testing

@Suite("Limits, cancellation and shutdown")
struct LimitTests {
    private static let one = Query("SELECT 1")
    /// Nothing listens on the discard port of this host.
    private static let nowhere = TestServer(url: "postgresql://nobody@127.0.0.1:9/nothing")

    @Test("more units than the inbox holds are refused, and those before them are answered")
    func overload() async throws {
        let server = try TestServer()
        try await Blockade.stand(on: server) { blockade in
            try await server.withConnection({ $0.inboxCapacity = 8 }) { connection in
                try await withThrowingTaskGroup(of: PostgresError?.self) { group in
                    for _ in 0..<20 {
                        group.addTask { await failure { _ = try await connection.run([blockade.query]) } }
                    }
                    for _ in 0..<12 { #expect(try await group.next() == .overloaded) }
                    try await blockade.lift()
                    for try await outcome in group { #expect(outcome == nil) }
                }
                #expect(await failure { _ = try await connection.run([Self.one]) } == nil)
            }
        }
    }

    @Test("a unit that cannot be sent in time was not done, and says so")
    func unavailable() async throws {
        try await Self.nowhere.withConnection({ $0.requestTimeout = .milliseconds(200) }) { connection in
            let start = ContinuousClock.now
            let error = await failure { _ = try await connection.run([Self.one]) }
            #expect(error == .unavailable("the unit could not be sent in time"))
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(!connection.isReady)
        }
    }

    @Test("a unit that is not answered in time costs the connection, and the next one serves")
    func requestTimeout() async throws {
        try await TestServer().withConnection({ $0.requestTimeout = .seconds(5) }) { connection in
            async let slow = failure { _ = try await connection.run([Query("SELECT pg_sleep(60)")]) }
            async let behind = failure { _ = try await connection.run([Self.one]) }
            #expect(await slow == .outcomeUnknown)
            _ = await behind
            #expect(await failure { _ = try await connection.run([Self.one]) } == nil)
            #expect(connection.statistics.reconnects == 1)
        }
    }

    @Test("a task cancelled while its unit waits is released at once")
    func cancelledWhileQueued() async throws {
        try await Self.nowhere.withConnection { connection in
            let task = Task { await failure { _ = try await connection.run([Self.one]) } }
            #expect(await eventually { connection.statistics.queued == 1 })
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test("a task cancelled before it asks is refused")
    func cancelledBefore() async throws {
        try await TestServer().withConnection { connection in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return await failure { _ = try await connection.run([Self.one]) }
            }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test("a task cancelled after its unit was sent still gets the answer")
    func cancelledAfterSending() async throws {
        let server = try TestServer()
        try await Blockade.stand(on: server) { blockade in
            try await server.withConnection { connection in
                let task = Task { await failure { _ = try await connection.run([blockade.query]) } }
                #expect(await eventually { connection.statistics.inFlight == 1 })
                task.cancel()
                try await blockade.lift()
                #expect(await task.value == nil)
            }
        }
    }

    @Test("shutdown answers what waits, refuses what comes, and is prompt")
    func shutdown() async throws {
        let server = try TestServer()
        let connection = PostgresConnection.start(server.configuration, logger: TestServer.quietLogger)
        try await Blockade.stand(on: server) { blockade in
            async let slow = failure { _ = try await connection.run([blockade.query]) }
            #expect(await eventually { connection.statistics.inFlight == 1 })
            async let isDown: Void = connection.shutdown(deadline: .now + .seconds(60))
            try await blockade.lift()
            #expect(await slow == nil)
            await isDown
        }
        #expect(await failure { _ = try await connection.run([Self.one]) } == .closed)
        #expect(!connection.isReady)
        await connection.shutdown()
    }

    @Test("shutdown's deadline ends what is still on its way")
    func shutdownDeadline() async throws {
        let connection = PostgresConnection.start(try TestServer().configuration, logger: TestServer.quietLogger)
        _ = try await connection.run([Self.one])
        async let slow = failure { _ = try await connection.run([Query("SELECT pg_sleep(20)")]) }
        #expect(await eventually { connection.statistics.inFlight == 1 })
        let start = ContinuousClock.now
        await connection.shutdown(deadline: .now + .milliseconds(200))
        #expect(ContinuousClock.now - start < .seconds(15), "the query itself takes 20 s")
        #expect(await slow == .outcomeUnknown)
    }

    @Test("shutdown without a server fails what waits and returns at its deadline")
    func shutdownWithoutServer() async throws {
        let connection = PostgresConnection.start(Self.nowhere.configuration, logger: TestServer.quietLogger)
        async let waiting = failure { _ = try await connection.run([Self.one]) }
        #expect(await eventually { connection.statistics.queued == 1 })
        await connection.shutdown(deadline: .now + .milliseconds(200))
        #expect(await waiting == .closed)
    }

    @Test("a malformed connection string never gets through, and does no other harm")
    func malformed() async throws {
        let server = TestServer(url: "postgresql://[::1")
        try await server.withConnection({ $0.requestTimeout = .milliseconds(100) }) { connection in
            #expect(await failure { _ = try await connection.run([Self.one]) }?.isTransient == true)
        }
    }

    @Test("two hundred starts and stops leave no descriptor and no thread behind")
    func noLeaks() async {
        await #expect(processExitsWith: .success) {
            func count(_ kind: String) throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(kind)").count
            }
            func cycle() async throws {
                let connection = PostgresConnection.start(
                    try TestServer().configuration, logger: TestServer.quietLogger)
                _ = try await connection.run([Query("SELECT 1")])
                await connection.shutdown()
            }
            for _ in 0..<20 { try await cycle() }
            try await Task.sleep(for: .milliseconds(100))
            let before = (try count("fd"), try count("task"))
            for _ in 0..<200 { try await cycle() }
            let isClean = try await eventually { try count("fd") <= before.0 && count("task") <= before.1 }
            let after = (try count("fd"), try count("task"))
            precondition(isClean, "descriptors and threads were \(before) and are \(after)")
        }
    }
}
