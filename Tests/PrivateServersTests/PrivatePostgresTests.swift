import Foundation
import PrivateServers
import Testing

@Suite struct PrivatePostgresTests {
    @Test func `what was committed before a kill is there after the restart, at the same address`() async throws {
        try await withTestFolder { folder in
            let server = try await PrivatePostgres.start(in: folder.appendingPathComponent("postgres"))
            let url = server.url
            try await server.run("CREATE TABLE kept AS SELECT 42 AS answer")
            await server.kill()
            await #expect(throws: PrivateServerError.self) { try await server.run("SELECT 1") }
            try await server.restart()
            #expect(try await server.run("SELECT answer FROM kept") == "42\n")
            #expect(server.url == url)
            await server.stop()
        }
    }

    @Test func `a later start in the same folder finds the data and the password`() async throws {
        try await withTestFolder { folder in
            let wanted = folder.appendingPathComponent("postgres")
            let first = try await PrivatePostgres.start(in: wanted)
            try await first.run("CREATE TABLE kept ()")
            await first.stop()
            let second = try await PrivatePostgres.start(in: wanted)
            #expect(second.password == first.password)
            #expect(try await second.run("SELECT count(*) FROM kept") == "0\n")
            await second.kill()
        }
    }

    @Test(arguments: [true, false])
    func `no process is left once the server has ended`(byKill: Bool) async throws {
        try await withTestFolder { folder in
            let server = try await PrivatePostgres.start(in: folder.appendingPathComponent("postgres"))
            let root = try #require(await server.pid)
            let family = ProcessTable.descendants(of: root)
            #expect(family.count >= 4, "Postgres has helpers of its own")
            if byKill { await server.kill() } else { await server.stop() }
            #expect(family.filter(\.isRunning).isEmpty)
            #expect(ProcessTable.naming(folder.path).isEmpty)
            #expect(LoopbackPort.isFree(server.port))
        }
    }

    @Test func `a database copies its template, and can be told from one that is not there`() async throws {
        try await withTestFolder { folder in
            let server = try await PrivatePostgres.start(in: folder.appendingPathComponent("postgres"))
            try await server.createDatabase(named: "pattern")
            try await server.run("CREATE TABLE kept AS SELECT 7 AS answer", database: "pattern")
            try await server.createDatabase(named: "a \"copy\" of it", template: "pattern")
            #expect(try await server.run("SELECT answer FROM kept", database: "a \"copy\" of it") == "7\n")
            #expect(try await server.hasDatabase(named: "a \"copy\" of it"))
            try await server.dropDatabase(named: "a \"copy\" of it")
            #expect(try await !server.hasDatabase(named: "a \"copy\" of it"))
            await server.kill()
        }
    }

    @Test func `it runs with full durability`() async throws {
        try await withTestFolder { folder in
            let server = try await PrivatePostgres.start(
                in: folder.appendingPathComponent("postgres"), settings: ["max_connections": "17"])
            #expect(try await server.run("SHOW fsync") == "on\n")
            #expect(try await server.run("SHOW synchronous_commit") == "on\n")
            #expect(try await server.run("SHOW full_page_writes") == "on\n")
            #expect(try await server.run("SHOW max_connections") == "17\n")
            await server.kill()
        }
    }

    @Test func `a folder too deep for a socket's path is no obstacle`() async throws {
        try await withTestFolder { folder in
            let deep = folder.appendingPathComponent(String(repeating: "d", count: 120))
            try FileManager.default.createDirectory(
                at: deep, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
            let server = try await PrivatePostgres.start(in: deep.appendingPathComponent("postgres"))
            #expect(try await server.run("SELECT 1") == "1\n")
            await server.kill()
        }
    }

    @Test func `a start that cannot succeed shows the end of the log and leaves nothing running`() async throws {
        try await withTestFolder { folder in
            let wanted = folder.appendingPathComponent("postgres")
            let error = await #expect(throws: PrivateServerError.self) {
                _ = try await PrivatePostgres.start(in: wanted, settings: ["no_such_setting": "1"])
            }
            let told = "\(try #require(error))"
            #expect(told.contains("no_such_setting"))
            #expect(ProcessTable.naming(folder.path).isEmpty)
        }
    }
}
