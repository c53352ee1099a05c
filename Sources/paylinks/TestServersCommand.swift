import ArgumentParser
import Foundation
import Glibc
import PrivateServers

/// `paylinks test-servers -- COMMAND`: runs a command beside a private PostgreSQL and RabbitMQ that last as long as it.
struct TestServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-servers",
        abstract: "Runs a command with a PostgreSQL and a RabbitMQ of its own.",
        shouldDisplay: false)

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String]

    func validate() throws {
        if command.isEmpty { throw ValidationError("Say what to run: paylinks test-servers -- COMMAND") }
    }

    func run() async throws {
        let name = "paylinks-" + RandomSecret.text().prefix(12)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        let command = command
        var status = ChildStatus.exited(EXIT_FAILURE)
        do {
            let outcome = try await TerminationSignals.untilSignalled {
                try await ScratchServers.running(in: folder, command)
            }
            status = outcome ?? .signalled(SIGTERM)
        } catch {
            Announcer(isQuiet: false).warn("\(error)")
        }
        try? FileManager.default.removeItem(at: folder)
        throw ExitCode(status.shellStatus)
    }
}

/// The servers that a test run has to itself.
private enum ScratchServers {
    /// Runs `command` with the servers' addresses in its environment; all are killed afterwards, for nobody needs
    /// their data.
    static func running(in folder: URL, _ command: [String]) async throws -> ChildStatus {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let postgres = try await PrivatePostgres.start(in: folder.appendingPathComponent("postgres"))
        do {
            async let first = PrivateRabbitMQ.start(in: folder.appendingPathComponent("rabbitmq"))
            async let second = PrivateRabbitMQ.start(in: folder.appendingPathComponent("rabbitmq-faults"))
            let brokers = (main: try await first, faults: try await second)
            let outcome = await run(command, environment: environment(postgres, brokers.main, brokers.faults))
            await brokers.main.kill()
            await brokers.faults.kill()
            await postgres.kill()
            return try outcome.get()
        } catch {
            await postgres.kill()
            throw error
        }
    }

    /// Runs the command in our process group, so that Ctrl-C reaches it as well; when we are cancelled it is asked to
    /// end.
    private static func run(
        _ command: [String], environment: [String: String]
    ) async -> Result<ChildStatus, PrivateServerError> {
        var launch = Launch("/usr/bin/env", command, environment: environment, output: .inherited)
        launch.leadsGroup = false
        do {
            let child = try await ChildProcess.start(launch)
            let status = await withTaskCancellationHandler {
                await child.waitForExit()
            } onCancel: {
                child.terminate(grace: .seconds(30))
            }
            return .success(status)
        } catch {
            return .failure(error)
        }
    }

    /// - Parameter faults: the broker that tests may stop, freeze and starve while the others go on.
    private static func environment(
        _ postgres: PrivatePostgres, _ rabbitMQ: PrivateRabbitMQ, _ faults: PrivateRabbitMQ
    ) -> [String: String] {
        let ours = [
            "PAYLINKS_TEST_DATABASE_URL": postgres.url,
            "PAYLINKS_TEST_AMQP_URL": rabbitMQ.url,
            "PAYLINKS_TEST_RABBITMQCTL": rabbitMQ.controlScript.path,
            "PAYLINKS_TEST_FAULTS_AMQP_URL": faults.url,
            "PAYLINKS_TEST_FAULTS_RABBITMQCTL": faults.controlScript.path,
            "PAYLINKS_BIN": Executables.folder.path,
        ]
        return ProcessInfo.processInfo.environment.merging(ours) { _, ours in ours }
    }
}
