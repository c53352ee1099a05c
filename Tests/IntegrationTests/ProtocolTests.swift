import Foundation
import Testing
import TestSupport

/// HTTP/1.1 as callers of every kind speak it: several requests at once, bodies that wait to be asked for, and who
/// ends a connection.
@Suite struct ProtocolTests {
    private static let nothing = "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A request with a body.
    private static func post(
        _ path: String, _ body: String, _ headers: String = "", version: String = "1.1"
    ) -> String {
        head(path, body, headers, version: version) + body
    }

    private static func head(
        _ path: String, _ body: String, _ headers: String = "", version: String = "1.1"
    ) -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(headers)\r\n"
    }

    /// The answers that have come, each without its version.
    private static func answers(_ socket: RawSocket) -> [String] {
        socket.received.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0 }
    }

    private static func statuses(_ socket: RawSocket) -> [String] { answers(socket).map { String($0.prefix(3)) } }

    // MARK: - Several requests at once

    @Test func `an error that answers HEAD has the length of its body, and no body`() async throws {
        try await TestSystem.run([]) { system, _ in
            for path in ["/v1/nothing", "/v1/sandbox/fund"] {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n" + Self.nothing)
                #expect(try await eventually { socket.received.contains("NOT_FOUND") })
                let answers = Self.answers(socket)
                #expect(answers.count == 2 && answers[0].hasSuffix("\r\n\r\n"), "\(socket.received)")
                let length = answers[0].lowercased().firstMatch(of: /content-length: ([0-9]+)/)?.1
                #expect(try #require(length.flatMap { Int($0) }) > 0)
                await socket.close()
            }
        }
    }
}
