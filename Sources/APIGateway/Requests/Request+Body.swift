import Hummingbird
import HTTPTypes
import NIOCore
import PaymentLinks

extension Request {
    /// The most that a body may hold: 64 KiB.
    static let longestBody = 65_536

    /// The body's length in bytes, as far as it is said; 0 without a word on it.
    var announcedLength: Int { headers[.contentLength].flatMap { Int($0) } ?? 0 }

    /// Whether the request came in HTTP/1.0.
    var isHTTP10: Bool { headers[.internalVersion] == "1.0" }

    /// Reads the body as one JSON object.
    func jsonObject() async throws -> JSONObject {
        let bytes = try await bodyBytes()
        guard !bytes.isEmpty else { throw Refusal.invalidJSON }
        return try JSONValue.object(from: bytes)
    }

    /// The same where a body is not needed: none at all reads as an empty object, whatever its type is said to be.
    func optionalJSONObject() async throws -> JSONObject {
        let bytes = try await bodyBytes()
        return bytes.isEmpty ? JSONObject(strings: []) : try JSONValue.object(from: bytes)
    }

    /// Refuses a body other than an empty object, on a route that takes no fields.
    func checkUnusedBody() async throws { try BodyReader(await optionalJSONObject()).finish() }

    /// The values of the header that makes a request repeatable.
    var idempotencyHeader: [String] { headers[values: .idempotencyKey] }

    var preferences: Preferences { Preferences(headers[values: .prefer]) }

    private func bodyBytes() async throws -> [UInt8] {
        guard announcedLength <= Self.longestBody else { throw Refusal.payloadTooLarge }
        let buffer = try await body.collect(upTo: Self.longestBody)
        guard buffer.readableBytes > 0 else { return [] }
        guard headers.announceJSON else { throw Refusal.unsupportedMediaType }
        return Array(buffer.readableBytesView)
    }
}

extension HTTPFields {
    /// Whether the content type is `application/json`, with any parameters.
    var announceJSON: Bool { self[.contentType] == ContentType.json || contentTypeEssence == ContentType.json }

    /// The body's type in lower case, without its parameters.
    var contentTypeEssence: String? { self[.contentType].map(ContentType.essence) }
}
