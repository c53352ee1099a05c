import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A running system's API, asked with a key.
struct APIAccess: Sendable {
    private let baseURL: String
    private let apiKey: String

    /// In bytes; far beyond any answer to a command.
    private static let longestAnswer = 1 << 24

    /// Takes what is not given from the environment, or from the development system that runs here.
    init(baseURL: String?, apiKey: String?) throws {
        let record = SystemOptions.developmentSystem
        guard let base = baseURL ?? SystemOptions.variable("PAYLINKS_PUBLIC_URL") ?? record?.baseURL,
            HTTPClient.takes(base)
        else {
            throw ValidationError(
                "Say where the API is: --base-url, such as http://127.0.0.1:8080, or start one here with `paylinks dev`."
            )
        }
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
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "Authorization", value: "Bearer \(apiKey)")
        if seconds > 0 { request.headers.add(name: "Prefer", value: "wait=\(seconds)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
        }
        let (response, answer) = try await answer(to: request, within: .seconds(Int64(seconds) + 30))
        guard (200...299).contains(response.status.code) else {
            throw ValidationError("The API answered: " + String(decoding: answer, as: UTF8.self))
        }
        return (try? JSONSerialization.jsonObject(with: answer)) as? [String: Any] ?? [:]
    }

    private func answer(
        to request: HTTPClientRequest, within time: TimeAmount
    ) async throws -> (HTTPClientResponse, Data) {
        do {
            let response = try await HTTPClient.ofCommands.execute(request, timeout: time)
            return (response, Data(buffer: try await response.body.collect(upTo: Self.longestAnswer)))
        } catch {
            throw ValidationError("The API at \(baseURL) cannot be reached; see --base-url. (\(error))")
        }
    }
}
