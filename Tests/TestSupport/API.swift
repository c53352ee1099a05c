package import AsyncHTTPClient
import Foundation
package import NIOCore
import NIOHTTP1

/// An HTTP client of a system under test. It takes no answer of the gateway that `openapi.yaml` does not know.
package struct API: Sendable {
    /// One answer, whole.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [String: String]
        package let body: [UInt8]

        /// The body as JSON; null when it is none.
        package var json: JSONValue { (try? JSONValue(body)) ?? .null }

        /// The code of an error's envelope.
        package var errorCode: String? { json["error"]["code"].string }

        package var text: String { String(decoding: body, as: UTF8.self) }

        /// A header's value, by its name in lower case.
        package func header(_ name: String) -> String? { headers[name.lowercased()] }
    }

    /// One client for all tests, with room for many connections at once.
    package static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    package let baseURL: String
    /// The Bearer key to send; none for a payer.
    package var key: String?

    package init(baseURL: String, key: String? = nil) {
        self.baseURL = baseURL
        self.key = key
    }

    /// The same system, asked by somebody else.
    package func with(key: String?) -> API { API(baseURL: baseURL, key: key) }

    package func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }

    package func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("POST", path, body: Array(body.utf8), headers: headers)
    }

    package func patch(_ path: String, _ body: String? = nil, headers: [String: String] = [:]) async throws -> Answer {
        try await send("PATCH", path, body: body.map { Array($0.utf8) }, headers: headers)
    }

    package func delete(_ path: String) async throws -> Answer {
        try await send("DELETE", path)
    }

    /// Sends any request; a body is JSON unless the headers say otherwise.
    package func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:],
        timeout: TimeAmount = .seconds(60)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let key { request.headers.replaceOrAdd(name: "authorization", value: "Bearer \(key)") }
        if let body {
            request.body = .bytes(body)
            if !request.headers.contains(name: "content-type") {
                request.headers.add(name: "content-type", value: "application/json")
            }
        }
        let response = try await Self.client.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 16 << 20)
        let names = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        let answer = Answer(status: Int(response.status.code), headers: names, body: Array(bytes.readableBytesView))
        try OpenAPIContract.current.get().check(method, path, answer)
        return answer
    }
}
