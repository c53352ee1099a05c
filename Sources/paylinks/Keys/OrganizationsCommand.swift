import ArgumentParser
import PaymentLinks
import Storage

/// `paylinks organizations`: who owns wallets, links and keys.
struct OrganizationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organizations", abstract: "Makes organizations.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes an organization, and prints its id.")

        @Argument(help: "The organization's name.")
        var name: String

        @Option(help: "What payers see as the payee. (default: the name)")
        var displayName: String?

        @OptionGroup var system: SystemOptions

        func validate() throws {
            if name.isEmpty || displayName?.isEmpty == true { throw ValidationError("A name must not be empty.") }
        }

        private struct Created: Encodable {
            let id: OrganizationID
            let name: String
            let displayName: String
        }

        func run() async throws {
            let created = Created(id: .mint(at: .now()), name: name, displayName: displayName ?? name)
            try await system.withDatabase { pool in
                try await OrganizationStore(pool: pool).insert(
                    created.id, name: created.name, displayName: created.displayName, at: .now())
            }
            try Answer.print(created, asJSON: system.json) { ["\(created.id)"] }
        }
    }
}
