import ArgumentParser
import Foundation
import FoundationNetworking

/// A running system's API, asked with a key.
struct APIAccess: Sendable {
    private let baseURL: String
    private let apiKey: String

    /// Takes what is not given from the environment, or from the development system that runs here.
    init(baseURL: String?, apiKey: String?) throws {
        let record = SystemOptions.developmentSystem
        guard let base = baseURL ?? SystemOptions.variable("PAYLINKS_PUBLIC_URL") ?? record?.baseURL,
            URL(string: base) != nil
        else { throw ValidationError("Say where the API is: --base-url, or start one here with `paylinks dev`.") }
        guard let apiKey = apiKey ?? SystemOptions.variable("PAYLINKS_API_KEY") ?? record?.apiKey else {
            throw ValidationError("Say who you are: --api-key.")
        }
        self.baseURL = base
        self.apiKey = apiKey
    }

    /// Sends a request and returns the answer's object; anything but 2xx ends the command with what the API said.
    func send(
        _ method: String, _ path: String, body: [String: Any]? = nil, waiting seconds: Int = 0
    ) async throws -> [String: Any] {
        guard let url = URL(string: baseURL + path) else { throw ValidationError("The API's address cannot be used.") }
        var request = URLRequest(url: url, timeoutInterval: Double(seconds) + 30)
        request.httpMethod = method
        request.setValue("Bearer \(apiKey)", forHTTPHeaderField: "Authorization")
        if seconds > 0 { request.setValue("wait=\(seconds)", forHTTPHeaderField: "Prefer") }
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard (200...299).contains((response as? HTTPURLResponse)?.statusCode ?? 0) else {
            throw ValidationError("The API answered: " + String(decoding: data, as: UTF8.self))
        }
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }
}
