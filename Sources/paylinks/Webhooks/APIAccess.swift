import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Requests to a running system's API with a key.
struct APIAccess: Sendable {
    private let baseURL: String
    private let apiKey: String

    /// In bytes; far beyond any answer to a command.
    private static let longestAnswer = 1 << 24

    /// Takes the address and the key that options and the environment name, or else both of the development system that
    /// runs here. A key from elsewhere never goes to the address in a development system's record.
    init(baseURL: String?, apiKey: SecretInput) throws {
        let base = baseURL ?? SystemOptions.variable("PAYLINKS_PUBLIC_URL")
        let key = try apiKey.read() ?? SystemOptions.variable("PAYLINKS_API_KEY")
        switch (base, key) {
        case (let base?, let key?): try self.init(baseURL: base, key: key)
        case (let base?, nil):
            throw ValidationError("There is no API key for \(base): set PAYLINKS_API_KEY or --api-key-file.")
        case (nil, .some):
            throw ValidationError(
                "There is an API key without an address: set --base-url, such as http://127.0.0.1:8080, or "
                    + "PAYLINKS_PUBLIC_URL. The development system's address is used only with its own key.")
        case (nil, nil):
            guard let record = try DevelopmentRecord.find() else { throw Self.noAddress }
            try self.init(baseURL: record.baseURL, key: record.apiKey)
        }
    }

    private init(baseURL: String, key: String) throws {
        guard HTTPClient.takes(baseURL) else { throw Self.noAddress }
        self.baseURL = baseURL
        apiKey = key
    }

    private static var noAddress: ValidationError {
        ValidationError(
            "Set --base-url to the address of the API, such as http://127.0.0.1:8080, or start a system here with "
                + "`paylinks dev`.")
    }

    /// Sends a request and returns the response's object. Any status but 2xx ends the command with the API's message.
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
            guard (200...299).contains(status.code) else { throw APIRefusal(status: status, body: body).exit }
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
