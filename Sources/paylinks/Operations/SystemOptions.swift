import ArgumentParser
import Foundation
import Logging
import Postgres
import RabbitMQ

/// Which system a command works on: the one that options and the environment name, or else, as a whole, the development
/// system that runs here.
struct SystemOptions: ParsableArguments {
    @Option(
        help: """
            The address of Postgres. \(SecretInput.visibility) \
            (default: PAYLINKS_DATABASE_URL, or the running development system's)
            """)
    var databaseURL: String?

    @Option(name: .customLong("database-url-file"), help: "A file with the address of Postgres; - is standard input.")
    var databaseURLFile: String?

    @Option(
        help: """
            The address of RabbitMQ. \(SecretInput.visibility) \
            (default: PAYLINKS_AMQP_URL, or the running development system's)
            """)
    var amqpURL: String?

    @Option(name: .customLong("amqp-url-file"), help: "A file with the address of RabbitMQ; - is standard input.")
    var amqpURLFile: String?

    @Option(help: "What the queues' names start with. (default: PAYLINKS_QUEUE_PREFIX)")
    var queuePrefix: String?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    /// Runs `body` with connections to the system's database, and closes them.
    func withDatabase<Value>(_ body: (PostgresPool) async throws -> Value) async throws -> Value {
        let url = try address(database, variable: Self.databaseVariable, recorded: \.databaseURL)
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
            let urls = try address(messages, variable: Self.brokerVariable, recorded: \.amqpURL)
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

    private static let databaseVariable = "PAYLINKS_DATABASE_URL"
    private static let brokerVariable = "PAYLINKS_AMQP_URL"

    private var database: SecretInput {
        SecretInput(
            option: "--database-url", value: databaseURL, file: databaseURLFile, isSecret: SecretInput.hasPassword)
    }

    private var messages: SecretInput {
        SecretInput(option: "--amqp-url", value: amqpURL, file: amqpURLFile, isSecret: SecretInput.hasPassword)
    }

    /// Whether an option or the environment names a server: the development system's other server is another system's.
    private var namesServer: Bool {
        database.isGiven || messages.isGiven
            || [Self.databaseVariable, Self.brokerVariable].contains { Self.variable($0) != nil }
    }

    private func address(
        _ input: SecretInput, variable: String, recorded: KeyPath<DevelopmentRecord, String>
    ) throws -> String {
        if let address = try input.read() ?? Self.variable(variable) { return address }
        if namesServer {
            throw ValidationError(
                "Set \(variable) or \(input.option)-file too: the addresses of the development system that runs here "
                    + "are used only together.")
        }
        if let record = try DevelopmentRecord.find() { return record[keyPath: recorded] }
        throw ValidationError("Set \(variable) to name the system, or start a system here with `paylinks dev`.")
    }

    static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Writes a command's answer: JSON for programs, or lines for people.
enum Answer {
    /// - Parameter empty: The sentence for people instead of an empty list. It goes to standard error, so that the
    ///   output of a list stays one line per item.
    static func print(
        _ value: some Encodable, asJSON: Bool, empty: String? = nil, lines: () -> [String]
    ) throws {
        guard asJSON else {
            let lines = lines()
            if lines.isEmpty, let empty { Failure.show(empty) }
            return lines.forEach { Swift.print($0) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
