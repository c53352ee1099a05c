import ArgumentParser
import PaymentLinks
import Storage

extension OrganizationsCommand {
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes what an organization has chosen for one environment, and prints it.")

        @Argument(help: "The organization's id.", transform: OrganizationID.parse)
        var organization: OrganizationID

        @Flag(help: "For PRODUCTION; for the SANDBOX otherwise.")
        var live = false

        @Flag(
            inversion: .prefixedNo,
            help: "Whether a link becomes ACTIVE again when its settled money is returned.")
        var reopenAfterReturn: Bool?

        @OptionGroup var system: SystemOptions

        private struct Description: Encodable {
            let id: OrganizationID
            let environment: String
            let reopenAfterReturn: Bool
        }

        func run() async throws {
            let environment: Environment = live ? .production : .sandbox
            let changed = try await system.withDatabase { pool in
                try await OrganizationStore(pool: pool).change(
                    organization, in: environment, reopensAfterReturn: reopenAfterReturn)
            }
            guard let changed else { throw Failure.wrongArgument("There is no organization \(organization).") }
            let description = Description(
                id: changed.id, environment: environment.rawValue, reopenAfterReturn: changed.reopensAfterReturn)
            try Answer.print(description, asJSON: system.json) {
                ["\(changed.id)  \(environment.rawValue)  reopenAfterReturn \(changed.reopensAfterReturn)"]
            }
        }
    }
}
