import ArgumentParser
import Webhooks

extension WebhooksCommand {
    /// `paylinks webhooks listen`: follows the events feed, with no endpoint and no public address.
    struct Listen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints events as they happen, and hands them to a local program by POST.",
            discussion: """
                It reads the events feed with an API key, so it works behind any firewall. With --forward-to it posts \
                each event there in order, until the program answers with 2xx. The posts are signed as deliveries are, \
                with the secret in --secret-file, or with a secret for this run that it prints at the start. It waits \
                while the API is busy. When it ends, it prints the --cursor to continue from.

                An API key from PAYLINKS_API_KEY or an option goes only to an address from PAYLINKS_PUBLIC_URL or \
                --base-url. Without any of them, the address and the key are those of the development system in \
                PAYLINKS_HOME (./.paylinks), whose dev.json must be your own file with mode 0600.

                With --as-endpoint it makes an endpoint of its own on this machine for as long as it runs, and takes \
                deliveries as a receiver does: it verifies each signature, prints and forwards what is genuine with \
                its headers as they came, and refuses the rest. The system's webhook worker has to reach this machine: \
                one that `paylinks dev` runs here does.
                """)

        @Option(help: "The address of the API. (default: PAYLINKS_PUBLIC_URL, or the running development system's)")
        var baseURL: String?
        @Option(
            help: """
                An API key with webhooks:read. \(SecretInput.visibility) \
                (default: PAYLINKS_API_KEY, or the running development system's)
                """)
        var apiKey: String?
        @Option(name: .customLong("api-key-file"), help: "A file with the API key; - is standard input.")
        var apiKeyFile: String?
        @Option(help: "A local address that takes the events, such as http://127.0.0.1:3000/webhooks.")
        var forwardTo: String?
        @Option(help: "The cursor to go on from; without it, only what happens from now on.")
        var cursor: String?
        @Option(
            help: """
                The secret, whsec_…, that signs forwarded events. \(SecretInput.visibility) \
                (default: a secret for this run)
                """)
        var secret: String?
        @Option(name: .customLong("secret-file"), help: "A file with the secret; - is standard input.")
        var secretFile: String?
        @Flag(help: "Take signed deliveries at an endpoint of its own; needs a key with webhooks:write.")
        var asEndpoint = false

        func validate() throws {
            if asEndpoint, cursor != nil || signingSecret.isGiven {
                throw ValidationError("--as-endpoint cannot be combined with --cursor, --secret, or --secret-file.")
            }
            if apiKeyFile == "-", secretFile == "-" {
                throw ValidationError("Only one of --api-key-file and --secret-file can be standard input.")
            }
            if let secret { _ = try Self.parsed(secret) }
        }

        func run() async throws {
            let api = try APIAccess(
                baseURL: baseURL, apiKey: SecretInput(option: "--api-key", value: apiKey, file: apiKeyFile))
            let program = try forwardTo.map(LocalProgram.init)
            guard !asEndpoint else { return try await OwnEndpoint(api: api, program: program).run() }
            let follower = FeedFollower(source: FeedSource(api: api), recipient: try program.map(signing))
            let cursor = cursor
            try await TerminationSignals.untilSignalled { try await follower.run(from: cursor) }
        }

        private var signingSecret: SecretInput {
            SecretInput(option: "--secret", value: secret, file: secretFile)
        }

        private func signing(_ program: LocalProgram) throws -> FeedFollower.Recipient {
            let given = try signingSecret.read().map(Self.parsed)
            let secret = given ?? .mint()
            if given == nil { Listening.note("forwarding, signed with \(secret.string)") }
            return .init(program: program, signature: WebhookSignature(current: secret))
        }

        private static func parsed(_ text: String) throws -> WebhookSecret {
            guard let secret = WebhookSecret(text) else {
                throw ValidationError("--secret and --secret-file take a secret of the form whsec_ and base64.")
            }
            return secret
        }
    }
}
