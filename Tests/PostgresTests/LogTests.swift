import Logging
import Postgres
import Synchronization
import Testing

@Suite("What the log says")
struct LogTests {
    @Test(
        "that the server cannot be reached, at once and once, and never the password",
        arguments: [
            "postgresql://payer:open-sesame@127.0.0.1:9/nothing",
            "postgresql://payer:open-sesame@127.0.0.1/nothing?sslmode=sometimes",
            "postgresql://payer:open-sesame@127.0.0.1/nothing?no_such_keyword=1",
            "postgresql://payer:open-sesame@[::1",
        ])
    func unreachable(url: String) async throws {
        let lines = LogLines()
        let configuration = PostgresConfiguration(connectionString: url, applicationName: "postgres-tests")
        let connection = PostgresConnection.start(
            configuration, logger: Logger(label: "postgres-tests") { _ in CollectingHandler(lines: lines) })
        #expect(await eventually { !lines.all.isEmpty })
        try await Task.sleep(for: .milliseconds(300))
        await connection.shutdown(deadline: .now)
        #expect(lines.all.count == 1)
        #expect(lines.all.allSatisfy { $0.contains("Postgres cannot be reached") && !$0.contains("sesame") })
    }
}

/// The lines that a logger was given, metadata included.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// Keeps every line from `info` on.
struct CollectingHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.add("\(event.message) \(event.metadata ?? [:])")
    }
}
