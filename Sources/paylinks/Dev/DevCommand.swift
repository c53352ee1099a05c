import ArgumentParser

/// `paylinks dev`: the whole system on one machine, until Ctrl-C.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Runs the whole system on this machine, with servers of its own.",
        discussion: """
            Starts a private PostgreSQL and RabbitMQ, migrates and seeds the database, and starts every role. Data, logs \
            and keys are kept in PAYLINKS_HOME (./.paylinks), and dev.json there says where everything is. The gateway \
            listens on PAYLINKS_PORT (8080, or the next free port if it is not set). Other PAYLINKS_ variables reach the \
            roles. Several systems run side by side when their PAYLINKS_HOME differ.
            """)

    @Option(help: "How many claim workers to run.")
    var claimWorkers = 1

    @Option(help: "How many expiry workers to run.")
    var expiryWorkers = 1

    @Option(help: "How many settlement workers to run.")
    var settlementWorkers = 1

    @Option(help: "How many webhook workers to run.")
    var webhookWorkers = 1

    @Flag(help: "Print problems only.")
    var quiet = false

    func validate() throws {
        let counts = [claimWorkers, expiryWorkers, settlementWorkers, webhookWorkers]
        guard counts.allSatisfy({ (0...64).contains($0) }) else {
            throw ValidationError("Ask for 0 to 64 workers of a kind.")
        }
    }

    func run() async throws {
        let announcer = Announcer(isQuiet: quiet)
        do {
            let system = DevelopmentSystem(
                home: try DevelopmentHome(SystemOptions.variable("PAYLINKS_HOME") ?? ".paylinks"),
                port: try GatewayPort(setting: SystemOptions.variable("PAYLINKS_PORT")),
                instances: instances, announcer: announcer)
            try await TerminationSignals.untilSignalled { try await system.run() }
        } catch {
            announcer.warn("\(error)")
            throw ExitCode.failure
        }
    }

    private var instances: [RoleInstance] {
        RoleInstance.some(1, of: .apiGateway) + RoleInstance.some(claimWorkers, of: .claimWorker)
            + RoleInstance.some(expiryWorkers, of: .expiryWorker)
            + RoleInstance.some(settlementWorkers, of: .settlementWorker)
            + RoleInstance.some(webhookWorkers, of: .webhookWorker)
    }
}
