import ArgumentParser
import Foundation
import PaymentLinks
import Webhooks

extension WebhooksCommand {
    /// `paylinks webhooks listen`: follows the events feed, with no endpoint and no public address.
    struct Listen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints events as they happen, and hands them to a local program by POST.",
            discussion: """
                It reads the events feed with an API key, so it works behind any firewall. With --forward-to each event \
                is posted there in order, again and again until it is taken with 2xx, signed as deliveries are: with \
                --secret, or with a secret for this run, which is told at the start.

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
            try await follow(FeedSource(api: api), program.map(signing))
        }

        /// A program, and how what it gets is signed.
        private typealias Recipient = (program: LocalProgram, signature: WebhookSignature)

        private func signing(_ program: LocalProgram) -> Recipient {
            let secret = secret.flatMap(WebhookSecret.init) ?? .mint()
            if self.secret == nil { Listening.note("forwarding, signed with \(secret.string)") }
            return (program, WebhookSignature(current: secret))
        }

        private func follow(_ source: FeedSource, _ recipient: Recipient?) async throws {
            var cursor = try await startingCursor(source)
            while !Task.isCancelled {
                let page = try await source.events(after: cursor, wait: 25)
                for event in page.events {
                    Listening.show(event.text)
                    if let recipient { try await forward(event, to: recipient) }
                }
                cursor = page.cursor ?? cursor
            }
        }

        /// Reads past everything that has happened already, unless the caller says where to start.
        private func startingCursor(_ source: FeedSource) async throws -> String? {
            if let cursor { return cursor }
            var last: String?
            while true {
                let page = try await source.events(after: last, wait: 0)
                last = page.cursor ?? last
                guard page.hasMore else { return last }
            }
        }

        private func forward(_ event: FeedSource.Event, to recipient: Recipient) async throws {
            let body = Array(event.text.utf8)
            while true {
                let headers = recipient.signature.headers(id: event.id, time: .now(), body: body)
                if await recipient.program.post(body, headers: headers) { return }
                Listening.note("\(recipient.program.address) did not take the event; trying again")
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
