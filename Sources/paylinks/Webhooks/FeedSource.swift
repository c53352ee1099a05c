import ArgumentParser
import Foundation
import FoundationNetworking

/// The events feed of a running system, over HTTP.
struct FeedSource: Sendable {
    private static let pageLimit = 100

    /// Some events of the feed, each as its JSON text.
    struct Page: Sendable {
        let events: [String]
        let cursor: String?
        let hasMore: Bool
    }

    private let url: URLComponents
    private let apiKey: String

    init(baseURL: String?, apiKey: String?) throws {
        let record = SystemOptions.developmentSystem
        guard let base = baseURL ?? SystemOptions.variable("PAYLINKS_PUBLIC_URL") ?? record?.baseURL,
            let url = URLComponents(string: base + "/v1/events")
        else { throw ValidationError("Say where the API is: --base-url, or start one here with `paylinks dev`.") }
        guard let apiKey = apiKey ?? SystemOptions.variable("PAYLINKS_API_KEY") ?? record?.apiKey else {
            throw ValidationError("Say who you are: --api-key.")
        }
        self.url = url
        self.apiKey = apiKey
    }

    /// Reads the events behind the cursor, waiting up to so many seconds for the first.
    func events(after cursor: String?, wait: Int) async throws -> Page {
        var url = url
        url.queryItems = [URLQueryItem(name: "limit", value: String(Self.pageLimit))]
        if let cursor { url.queryItems?.append(URLQueryItem(name: "cursor", value: cursor)) }
        guard let address = url.url else { throw ValidationError("The API's address cannot be used.") }
        var request = URLRequest(url: address, timeoutInterval: Double(wait) + 30)
        request.setValue("Bearer \(apiKey)", forHTTPHeaderField: "Authorization")
        request.setValue("wait=\(wait)", forHTTPHeaderField: "Prefer")
        let (data, response) = try await URLSession.shared.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw ValidationError("The API answered: " + String(decoding: data, as: UTF8.self))
        }
        return try Self.page(data)
    }

    /// Posts an event, and says whether it was taken.
    static func post(_ event: String, to address: String) async -> Bool {
        guard let url = URL(string: address) else { return false }
        var request = URLRequest(url: url, timeoutInterval: 15)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(event.utf8)
        guard let (_, response) = try? await URLSession.shared.data(for: request) else { return false }
        return (200...299).contains((response as? HTTPURLResponse)?.statusCode ?? 0)
    }

    private static func page(_ data: Data) throws -> Page {
        guard let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let events = answer["data"] as? [Any]
        else { throw ValidationError("The API's answer is no page of events.") }
        let texts = try events.map { event in
            let data = try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys, .withoutEscapingSlashes])
            return String(decoding: data, as: UTF8.self)
        }
        return Page(
            events: texts, cursor: answer["cursor"] as? String, hasMore: answer["hasMore"] as? Bool ?? false)
    }
}
