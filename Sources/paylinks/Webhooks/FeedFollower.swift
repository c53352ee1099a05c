import PaymentLinks
import Webhooks

/// Prints the events of the feed, and hands each to a program that takes it, in order.
struct FeedFollower: Sendable {
    /// A program, and how what it gets is signed.
    struct Recipient: Sendable {
        let program: LocalProgram
        let signature: WebhookSignature
    }

    /// How long one request waits for the next event, in seconds.
    private static let wait = 25

    let source: FeedSource
    let recipient: Recipient?

    /// Runs until cancelled, or until the API fails; then says where to go on. Without a cursor it follows what happens
    /// from now on.
    func run(from cursor: String?) async throws {
        var cursor = cursor
        do {
            if cursor == nil { cursor = try await end() }
            while true {
                try Task.checkCancellation()
                let page = try await source.events(after: cursor, wait: Self.wait)
                for event in page.events {
                    Listening.show(event.text)
                    if let recipient { try await forward(event, to: recipient) }
                }
                cursor = page.cursor ?? cursor
            }
        } catch {
            if let cursor { Listening.note("to go on from here: --cursor \(cursor)") }
            throw error
        }
    }

    /// The cursor behind everything that has happened already.
    private func end() async throws -> String? {
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
