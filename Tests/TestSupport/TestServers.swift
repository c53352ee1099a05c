package import Foundation
package import PrivateServers

/// The Postgres and RabbitMQ that a system under test stands on.
package struct TestServers: Sendable {
    package let databaseURL: String
    package let amqpURL: String
    /// The servers themselves, when they are this test's own and may be killed.
    package let own: (postgres: PrivatePostgres, rabbitMQ: PrivateRabbitMQ)?

    /// A variable that `make test` sets is missing: a failure, never a silent skip.
    package struct Missing: Error, CustomStringConvertible {
        let name: String
        package var description: String { "\(name) is not set: run the tests by `make test`" }
    }

    package static func variable(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { throw Missing(name: name) }
        return value
    }

    /// The servers that the whole suite shares; each system has a database and a queue prefix of its own on them.
    package static func shared() throws -> TestServers {
        TestServers(
            databaseURL: try variable("PAYLINKS_TEST_DATABASE_URL"), amqpURL: try variable("PAYLINKS_TEST_AMQP_URL"),
            own: nil)
    }

    /// Ends the servers if they are one test's own.
    package func end() async {
        await own?.rabbitMQ.kill()
        await own?.postgres.kill()
    }

    /// Runs `rabbitmqctl` on the broker, and returns what it says.
    package func control(_ arguments: [String]) async throws -> String {
        if let own { return try await own.rabbitMQ.controlCommand(arguments) }
        return try await Command.run(try Self.variable("PAYLINKS_TEST_RABBITMQCTL"), arguments, environment: [:])
    }

    /// Servers that one test may kill and restart as it likes.
    package static func own(in folder: URL) async throws -> TestServers {
        async let postgres = PrivatePostgres.start(in: folder.appendingPathComponent("postgres"))
        async let rabbitMQ = PrivateRabbitMQ.start(in: folder.appendingPathComponent("rabbitmq"))
        let servers = (postgres: try await postgres, rabbitMQ: try await rabbitMQ)
        return TestServers(
            databaseURL: servers.postgres.url(database: "postgres"), amqpURL: servers.rabbitMQ.url, own: servers)
    }
}
