import ArgumentParser
import Foundation
import Logging
import Postgres
import RabbitMQ

/// Which system a command works on: what the environment says, or the development system that runs here.
struct SystemOptions: ParsableArguments {
    @Option(help: "Where Postgres is. (default: PAYLINKS_DATABASE_URL, or the running development system's)")
    var databaseURL: String?

    @Option(help: "Where RabbitMQ is. (default: PAYLINKS_AMQP_URL, or the running development system's)")
    var amqpURL: String?

    @Option(help: "What the queues' names start with. (default: PAYLINKS_QUEUE_PREFIX)")
    var queuePrefix: String?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    /// Runs `body` with connections to the system's database, and closes them.
    func withDatabase<Value>(_ body: (PostgresPool) async throws -> Value) async throws -> Value {
        let url = try address(databaseURL, variable: "PAYLINKS_DATABASE_URL", recorded: \.databaseURL)
        let configuration = PostgresConfiguration(
            connectionString: url, applicationName: "paylinks", requestTimeout: Self.longestRequest)
        try await Self.reach(configuration)
        let pool = PostgresPool(configuration: configuration, connections: 1, logger: Self.logger)
        do {
            let value = try await body(pool)
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    var broker: RabbitMQConfiguration {
        get throws {
            let urls = try address(amqpURL, variable: "PAYLINKS_AMQP_URL", recorded: \.amqpURL)
            return try RabbitMQConfiguration(list: urls).named("paylinks")
        }
    }

    var prefix: String { queuePrefix ?? Self.variable("PAYLINKS_QUEUE_PREFIX") ?? "" }

    /// Only what goes wrong is of interest at a command line, such as why a server cannot be reached.
    static let logger: Logger = {
        var logger = Logger(label: "paylinks") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }()

    /// How long a server may take to answer at all; what a command then asks of it may take much longer.
    private static let patience = Duration.seconds(5)
    /// A day: one question of an audit, or one step of a migration, goes through whole tables.
    private static let longestRequest = Duration.seconds(24 * 3600)

    /// Ends the command, with a word on it, unless the database answers soon.
    private static func reach(_ configuration: PostgresConfiguration) async throws {
        var configuration = configuration
        configuration.requestTimeout = patience
        let connection = PostgresConnection.start(configuration, logger: logger)
        do throws(PostgresError) {
            _ = try await connection.run([Query(Statement("reach", "SELECT 1"))])
            await connection.shutdown()
        } catch {
            await connection.shutdown(deadline: .now)
            guard case .unavailable = error else { throw error }
            throw Unreachable.exit("Postgres", option: "--database-url", variable: "PAYLINKS_DATABASE_URL")
        }
    }

    private func address(
        _ given: String?, variable: String, recorded: KeyPath<DevelopmentRecord, String>
    ) throws -> String {
        if let address = given ?? Self.variable(variable) ?? Self.developmentSystem?[keyPath: recorded] {
            return address
        }
        throw ValidationError("Say where the system is: set \(variable), or start one here with `paylinks dev`.")
    }

    static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The development system whose record lies in PAYLINKS_HOME.
    static var developmentSystem: DevelopmentRecord? {
        let home = URL(fileURLWithPath: variable("PAYLINKS_HOME") ?? ".paylinks")
        guard let data = try? Data(contentsOf: home.appendingPathComponent(DevelopmentRecordKeeper.file)) else {
            return nil
        }
        return try? JSONDecoder().decode(DevelopmentRecord.self, from: data)
    }
}

/// Writes a command's answer: JSON for programs, or lines for people.
enum Answer {
    static func print(_ value: some Encodable, asJSON: Bool, lines: () -> [String]) throws {
        guard asJSON else { return lines().forEach { Swift.print($0) } }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
