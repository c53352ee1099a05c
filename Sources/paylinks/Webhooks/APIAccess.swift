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
    func send(_ method: HTTPMethod, _ path: String, body: [String: Any]? = nil) async throws -> [String: Any] {
        try await ask(method, path, body: body, waiting: 0).object()
    }

    /// Reads, waiting up to so many seconds for news; asks again after a pause while the API puts it off.
    func read(_ path: String, waiting seconds: Int) async throws -> [String: Any] {
        while true {
            let reply = try await ask(.GET, path, body: nil, waiting: seconds)
            guard reply.isPutOff else { return try reply.object() }
            Listening.note("the API answers \(reply.status.code) now; trying again")
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Before what the API has put off is asked again.
    private static let pause = Duration.seconds(1)

    private struct Reply {
        let status: HTTPResponseStatus
        let body: Data

        /// Too many requests, or something that it needs is away.
        var isPutOff: Bool { status == .tooManyRequests || status == .serviceUnavailable }

        func object() throws -> [String: Any] {
            guard (200...299).contains(status.code) else {
                throw ValidationError("The API answered: " + String(decoding: body, as: UTF8.self))
            }
            return (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:]
        }
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, body: [String: Any]?, waiting seconds: Int
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(apiKey)")
        if seconds > 0 { request.headers.add(name: "Prefer", value: "wait=\(seconds)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(try JSONSerialization.data(withJSONObject: body))
        }
        return try await reply(to: request, within: .seconds(Int64(seconds) + 30))
    }

    private func reply(to request: HTTPClientRequest, within time: TimeAmount) async throws -> Reply {
        do {
            let response = try await HTTPClient.ofCommands.execute(request, timeout: time)
            return Reply(
                status: response.status, body: Data(buffer: try await response.body.collect(upTo: Self.longestAnswer)))
        } catch {
            try Task.checkCancellation()
            throw Unreachable.exit("The API at \(baseURL) cannot be reached; see --base-url. (\(error))")
        }
    }
}
