import ArgumentParser
import ServiceHost

/// The operators' command line. Each subcommand is a file of its own; add a new one to the list.
@main
struct Paylinks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paylinks",
        abstract: "Runs, prepares and inspects a payment links system.",
        version: Release.version,
        subcommands: [
            DevCommand.self,
            MigrateCommand.self,
            GrantsCommand.self,
            QueuesCommand.self,
            OrganizationsCommand.self,
            KeysCommand.self,
            DeadLettersCommand.self,
            SettlementsCommand.self,
            WebhooksCommand.self,
            AuditCommand.self,
            IdentifierCommand.self,
            TestServersCommand.self,
        ])
}
