import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension API {
    /// One line of a batch's answer.
    package struct Line: Sendable {
        package let index: Int
        package let status: Int
        package let json: JSONValue

        package var body: JSONValue { json["body"] }
        package var errorCode: String? { body["error"]["code"].string }

        init?(_ json: JSONValue) {
            guard let index = json["index"].number, let status = json["status"].number else { return nil }
            self.index = Int(index)
            self.status = Int(status)
            self.json = json
        }
    }

    /// Sends a batch as one body, and returns the answer with its lines.
    package func batch(
        _ path: String, _ lines: [String], headers: [String: String] = [:]
    ) async throws -> (answer: Answer, lines: [Line]) {
        let answer = try await send(
            "POST", path, body: Array(lines.map { $0 + "\n" }.joined().utf8),
            headers: ["content-type": "application/x-ndjson"].merging(headers) { $1 })
        return (answer, Self.lines(of: answer.body))
    }

    /// The summary at the end of a batch's answer; `nil` where the answer does not end with one.
    package static func summary(of bytes: [UInt8]) -> JSONValue? {
        guard let last = bytes.split(separator: UInt8(ascii: "\n")).last, bytes.last == UInt8(ascii: "\n"),
            let summary = (try? JSONValue(Array(last)))?["summary"], summary != .null
        else { return nil }
        return summary
    }

    /// The lines of a batch's answer; what is not one is left out, so that their number tells.
    package static func lines(of bytes: [UInt8]) -> [Line] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { (try? JSONValue(Array($0))).flatMap(Line.init) }
    }

    /// Sends a batch line by line, as the body is called for, and hands on each of the answer's lines as it comes.
    @concurrent package func stream(
        _ path: String, _ lines: AsyncStream<String>, _ each: @Sendable (Line) async throws -> Void
    ) async throws {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.body = .stream(lines.map { ByteBuffer(string: $0 + "\n") }, length: .unknown)
        // A part of the body may end in the middle of a line.
        var rest: [UInt8] = []
        for try await bytes in try await Self.client.execute(request, timeout: .seconds(60)).body {
            rest += bytes.readableBytesView
            guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            for line in Self.lines(of: Array(rest[...end])) { try await each(line) }
            rest.removeSubrange(...end)
        }
    }
}
