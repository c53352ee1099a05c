import ArgumentParser
import PaymentLinks
import Storage

/// `paylinks organizations`: who owns wallets, links and keys.
struct OrganizationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organizations", abstract: "Makes, lists and changes organizations.",
        subcommands: [Create.self, List.self, Set.self])

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

        func run() async throws {
            let created = Organization(id: .mint(at: .now()), name: name, displayName: displayName ?? name)
            try await system.withDatabase { pool in
                try await OrganizationStore(pool: pool).insert(
                    created.id, name: created.name, displayName: created.displayName, at: .now())
            }
            try Answer.print(Description(created), asJSON: system.json) { ["\(created.id)"] }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists all organizations, oldest first.")

        @OptionGroup var system: SystemOptions

        func run() async throws {
            let organizations = try await system.withDatabase { try await OrganizationStore(pool: $0).list() }
                .map(Description.init)
            try Answer.print(organizations, asJSON: system.json, empty: "There are no organizations.") {
                organizations.map { "\($0.id)  \($0.name)" }
            }
        }
    }

    /// An organization as these commands print it.
    private struct Description: Encodable {
        let id: OrganizationID
        let name: String
        let displayName: String

        init(_ organization: Organization) {
            id = organization.id
            name = organization.name
            displayName = organization.displayName
        }
    }
}
