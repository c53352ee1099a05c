import ArgumentParser
import PaymentLinks
import Storage

extension KeysCommand {
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revokes a key for good; gateways refuse it within seconds.")

        @Argument(help: "The organization's id.", transform: OrganizationID.parse)
        var organization: OrganizationID

        @Argument(help: "The key's id.", transform: KeyID.parse)
        var key: KeyID

        @Flag(help: "Revoke every key that this one created as well, and those that they created.")
        var cascade = false

        @OptionGroup var system: SystemOptions

        private struct Revoked: Encodable {
            let id: KeyID
            let status = "REVOKED"
            /// The given key first, then those that it created, directly or not.
            let revoked: [KeyID]
        }

        func run() async throws {
            let outcome = try await system.withDatabase { pool in
                try await KeyAdministration(pool: pool)
                    .revoke(key, by: .commandLine, of: organization, cascades: cascade) { _, _ in nil }
            }
            guard case .done(let ids) = outcome else {
                throw Failure.wrongArgument("The organization has no key \(key).")
            }
            try Answer.print(Revoked(id: key, revoked: ids), asJSON: system.json) { ids.map { "revoked \($0)" } }
        }
    }
}
