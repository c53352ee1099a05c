import ArgumentParser
import Foundation

/// The events feed of a running system.
struct FeedSource: Sendable {
    private static let pageLimit = 100

    struct Event: Sendable {
        let id: String
        /// The event as JSON, on one line.
        let text: String
    }

    /// Some events of the feed.
    struct Page: Sendable {
        let events: [Event]
        let cursor: String?
        let hasMore: Bool
    }

    let api: APIAccess

    /// Reads the events behind the cursor, waiting up to so many seconds for the first.
    func events(after cursor: String?, wait: Int) async throws -> Page {
        let path = "/v1/events?limit=\(Self.pageLimit)" + (cursor.map { "&cursor=\(Self.escaped($0))" } ?? "")
        let answer = try await api.read(path, waiting: wait)
        guard let events = answer["data"] as? [[String: Any]] else {
            throw Failure.exit("The response is not a page of events; check --base-url.")
        }
        return Page(
            events: try events.map(Self.event), cursor: answer["cursor"] as? String,
            hasMore: answer["hasMore"] as? Bool ?? false)
    }

    /// A cursor that somebody types is text like any other in a query.
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func event(_ event: [String: Any]) throws -> Event {
        let data = try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys, .withoutEscapingSlashes])
        return Event(id: event["id"] as? String ?? "", text: String(decoding: data, as: UTF8.self))
    }
}
