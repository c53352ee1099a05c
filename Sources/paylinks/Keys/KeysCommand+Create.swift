import ArgumentParser
import PaymentLinks
import Sealing
import Storage

extension KeysCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key, and prints its secret: this once, for it is kept nowhere.")

        @Argument(help: "The organization's id.", transform: OrganizationID.parse)
        var organization: OrganizationID

        @Option(help: "What the key is for.")
        var name = "command line"

        @Flag(help: "For PRODUCTION; a key is for the SANDBOX otherwise.")
        var live = false

        @Option(
            parsing: .upToNextOption,
            help: "What the key may do, such as payments:write. (default: everything)",
            transform: Self.permission)
        var permissions: [Permission] = Permission.allCases

        @Option(
            help: "The requests a second that the key may make of one gateway. (default: as many as any)",
            transform: Self.rateLimit)
        var rateLimit: Int?

        @OptionGroup var system: SystemOptions

        private struct Created: Encodable {
            let key: Description
            let secret: String
        }

        func run() async throws {
            var generator = SystemRandomNumberGenerator()
            let environment: Environment = live ? .production : .sandbox
            let secret = APISecret.mint(environment, using: &generator)
            let key = APIKey(
                id: .mint(at: .now()), organizationId: organization, environment: environment, name: name,
                prefix: secret.prefix, grant: KeyGrant(permissions: Set(permissions), rateLimit: rateLimit),
                revokedAt: nil, createdAt: .now())
            try await system.withDatabase { pool in
                guard try await OrganizationStore(pool: pool).exists(organization) else {
                    throw Failure.wrongArgument("There is no organization \(organization).")
                }
                try await APIKeyStore(pool: pool).insert(key, secretDigest: secret.digest)
            }
            try Answer.print(Created(key: Description(key), secret: secret.text), asJSON: system.json) {
                ["\(secret.text)"]
            }
        }

        private static func permission(_ text: String) throws -> Permission {
            guard let permission = Permission(rawValue: text) else {
                let known = Permission.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\(text) is no permission; there are \(known).")
            }
            return permission
        }

        private static func rateLimit(_ text: String) throws -> Int {
            guard let rate = Int(text), KeyGrant.rateLimits.contains(rate) else {
                let range = KeyGrant.rateLimits
                throw ValidationError("A rate limit is a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return rate
        }
    }

    struct List: AsyncParsableCommand {
        /// The most keys of one environment that one call prints.
        private static let limit = 1_000

        static let configuration = CommandConfiguration(abstract: "Lists an organization's keys, newest first.")

        @Argument(help: "The organization's id.", transform: OrganizationID.parse)
        var organization: OrganizationID

        @OptionGroup var system: SystemOptions

        func run() async throws {
            let page = PageRequest(limit: Self.limit, after: nil)
            let keys = try await system.withDatabase { pool in
                let store = APIKeyStore(pool: pool)
                return try await store.list(organization: organization, environment: .sandbox, page).items
                    + store.list(organization: organization, environment: .production, page).items
            }
            let descriptions = keys.map(Description.init)
            let empty = "\(organization) has no keys."
            try Answer.print(descriptions, asJSON: system.json, empty: empty) { descriptions.map(\.line) }
        }
    }
}
