import Foundation
import PrivateServers
import Testing

@Suite struct PrivateRabbitMQTests {
    @Test func `what was declared before a kill is there after the restart, and nothing is left in the end`()
        async throws
    {
        try await withTestFolder { folder in
            let server = try await PrivateRabbitMQ.start(in: folder.appendingPathComponent("rabbitmq"))
            try await server.controlCommand(["add_vhost", "kept"])
            let root = try #require(await server.pid)
            let family = ProcessTable.descendants(of: root)
            await server.kill()
            #expect(family.filter(\.isRunning).isEmpty)
            #expect(ProcessTable.naming(folder.path).isEmpty)

            try await server.restart()
            #expect(try await server.controlCommand(["list_vhosts", "--quiet"]).contains("kept"))
            await server.stop()
            #expect(ProcessTable.naming(folder.path).isEmpty)
            #expect(LoopbackPort.isFree(server.port))
        }
    }

    @Test func `its application stops and starts within the node, and its script is for others too`() async throws {
        try await withTestFolder { folder in
            let server = try await PrivateRabbitMQ.start(in: folder.appendingPathComponent("rabbitmq"))
            let script = server.controlScript.path
            try await server.stopApp()
            await #expect(throws: PrivateServerError.self) {
                try await Command.run(script, ["list_queues"], environment: ["PATH": "/usr/bin:/bin"])
            }
            try await server.startApp()
            try await Command.run(script, ["list_queues"], environment: ["PATH": "/usr/bin:/bin"])
            await server.kill()
        }
    }

    @Test func `a start that cannot succeed shows the end of the log and leaves nothing running`() async throws {
        try await withTestFolder { folder in
            let error = await #expect(throws: PrivateServerError.self) {
                _ = try await PrivateRabbitMQ.start(
                    in: folder.appendingPathComponent("rabbitmq"), settings: ["no_such_setting = 1"])
            }
            let told = "\(try #require(error))"
            #expect(told.contains("no_such_setting"))
            #expect(ProcessTable.naming(folder.path).isEmpty)
        }
    }
}
