import ArgumentParser
import Storage

/// `paylinks grants`: the rights of each service's database user.
struct GrantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "Prints or applies the rights of each service's database user.",
        discussion: """
            A service's user is named paylinks_ and the service, with underscores, as in paylinks_claim_worker. Create \
            the users first. Run this as the owner of the tables after each migration.
            """)

    @Flag(help: "Run the statements in place of printing them.")
    var apply = false
    @OptionGroup var system: SystemOptions

    func run() async throws {
        let statements = ServiceGrants.all.flatMap { $0.statements(to: Self.user(of: $0.service)) }
        guard apply else { return try Answer.print(statements, asJSON: system.json) { statements } }
        try await system.withDatabase { try await GrantStore(pool: $0).apply(statements) }
        try Answer.print(["applied": statements.count], asJSON: system.json) {
            ["applied \(statements.count) statements"]
        }
    }

    private static func user(of service: String) -> String {
        "paylinks_" + service.split(separator: "-").joined(separator: "_")
    }
}
