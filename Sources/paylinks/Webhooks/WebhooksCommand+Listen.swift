import ArgumentParser
import Webhooks

extension WebhooksCommand {
    /// `paylinks webhooks listen`: follows the events feed, with no endpoint and no public address.
    struct Listen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints events as they happen, and hands them to a local program by POST.",
            discussion: """
                It reads the events feed with an API key, so it works behind any firewall. With --forward-to each event \
                is posted there in order, again and again until it is taken with 2xx, signed as deliveries are: with \
                --secret, or with a secret for this run, which is told at the start. While the API is busy it waits; \
                when it ends, it says by which --cursor to go on.

                With --as-endpoint it makes an endpoint of its own on this machine for as long as it runs, and takes \
                deliveries as a receiver does: it verifies each signature, prints and forwards what is genuine with \
                its headers as they came, and refuses the rest. The system's webhook worker has to reach this machine: \
                one that `paylinks dev` runs here does.
                """)

        @Option(help: "Where the API is. (default: PAYLINKS_PUBLIC_URL, or the running development system's)")
        var baseURL: String?
        @Option(help: "An API key with webhooks:read. (default: PAYLINKS_API_KEY, or the running development system's)")
        var apiKey: String?
        @Option(help: "A local address that takes the events, such as http://127.0.0.1:3000/webhooks.")
        var forwardTo: String?
        @Option(help: "The cursor to go on from; without it, only what happens from now on.")
        var cursor: String?
        @Option(help: "The secret, whsec_…, to sign with what is forwarded. (default: one for this run)")
        var secret: String?
        @Flag(help: "Take signed deliveries at an endpoint of its own; needs a key with webhooks:write.")
        var asEndpoint = false

        func validate() throws {
            if asEndpoint, cursor != nil || secret != nil {
                throw ValidationError("--as-endpoint goes with neither --cursor nor --secret.")
            }
            if let secret, WebhookSecret(secret) == nil { throw ValidationError("--secret takes whsec_ and base64.") }
        }

        func run() async throws {
            let api = try APIAccess(baseURL: baseURL, apiKey: apiKey)
            let program = try forwardTo.map(LocalProgram.init)
            guard !asEndpoint else { return try await OwnEndpoint(api: api, program: program).run() }
            let follower = FeedFollower(source: FeedSource(api: api), recipient: program.map(signing))
            let cursor = cursor
            try await TerminationSignals.untilSignalled { try await follower.run(from: cursor) }
        }

        private func signing(_ program: LocalProgram) -> FeedFollower.Recipient {
            let secret = secret.flatMap(WebhookSecret.init) ?? .mint()
            if self.secret == nil { Listening.note("forwarding, signed with \(secret.string)") }
            return .init(program: program, signature: WebhookSignature(current: secret))
        }
    }
}
