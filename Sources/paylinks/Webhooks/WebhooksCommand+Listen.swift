import ArgumentParser
import Foundation

extension WebhooksCommand {
    /// `paylinks webhooks listen`: follows the events feed, with no endpoint and no public address.
    struct Listen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints events as they happen, and hands them to a local program by POST.",
            discussion: """
                It reads the events feed with an API key, so it works behind any firewall. With --forward-to each event is \
                posted there in order, again and again until it is taken with 2xx; unsigned, for it never left this machine.
                """)

        @Option(help: "Where the API is. (default: PAYLINKS_PUBLIC_URL, or the running development system's)")
        var baseURL: String?
        @Option(help: "An API key with webhooks:read. (default: PAYLINKS_API_KEY, or the running development system's)")
        var apiKey: String?
        @Option(help: "A local address that takes the events, such as http://127.0.0.1:3000/webhooks.")
        var forwardTo: String?
        @Option(help: "The cursor to go on from; without it, only what happens from now on.")
        var cursor: String?

        func run() async throws {
            let source = try FeedSource(baseURL: baseURL, apiKey: apiKey)
            var cursor = try await startingCursor(source)
            while !Task.isCancelled {
                let page = try await source.events(after: cursor, wait: 25)
                for event in page.events { try await handle(event) }
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

        private func handle(_ event: String) async throws {
            print(event)
            // Whoever reads through a pipe is to see it now.
            fflush(nil)
            guard let forwardTo else { return }
            while !(await FeedSource.post(event, to: forwardTo)) {
                FileHandle.standardError.write(Data("\(forwardTo) did not take the event; trying again\n".utf8))
                try await Task.sleep(for: .seconds(1))
            }
        }
    }
}
