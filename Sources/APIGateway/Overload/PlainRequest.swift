/// Where a request ends, told without a parser, and whether it is one that fleets send by the thousand.
///
/// It knows the plain spelling of HTTP/1.1 only, with one host, and with no word on the connection but `keep-alive`;
/// whatever is spelt otherwise is for the parser. (RFC 9112)
package struct PlainRequest: Hashable, Sendable {
    /// Bytes of the head and the body.
    package let length: Int
    /// The method of a request of a hot route, none of whose headers bears on a refusal; `nil` for any other.
    package let hotMethod: Method?

    package enum Method: Sendable {
        case get, post
    }

    private static let hotRoutes: [(method: Method, start: [UInt8])] = [
        (.post, Array("POST /v1/payment-links".utf8)), (.get, Array("GET /v1/payment-links/claim/".utf8)),
    ]
    private static let lengthName = Array("content-length".utf8)
    /// A caller's own request id and trace are missing here: they belong into the answer and the log.
    private static let plainNames = [
        "accept", "accept-encoding", "accept-language", "authorization", "content-type", "idempotency-key",
        "prefer", "user-agent",
    ].map { Array($0.utf8) }
    private static let framingNames = ["transfer-encoding", "upgrade", "expect"].map { Array($0.utf8) }
    private static let version = Array(" HTTP/1.1".utf8)
    private static let hostName = Array("host".utf8)
    private static let connectionName = Array("connection".utf8)
    private static let keepAlive = Array("keep-alive".utf8)
    private static let longestBody = 1 << 24

    /// Reads the head; `nil` when it is not whole, or not plain.
    package init?(_ bytes: Span<UInt8>) {
        guard let firstEnd = Self.endOfLine(bytes, from: 0), Self.ends(bytes, at: firstEnd, with: Self.version) else {
            return nil
        }
        var (start, headers) = (firstEnd + 2, Headers())
        while let end = Self.endOfLine(bytes, from: start), end > start {
            guard let colon = Self.endOfName(bytes, from: start, to: end),
                headers.take(bytes.extracting(start..<colon), bytes.extracting(colon + 1..<end))
            else { return nil }
            start = end + 2
        }
        guard Self.endOfLine(bytes, from: start) == start, headers.hosts == 1 else { return nil }
        length = start + 2 + (headers.bodyLength ?? 0)
        hotMethod = headers.bearOnRefusal ? nil : Self.hotRoutes.first { Self.begins(bytes, with: $0.start) }?.method
    }

    private struct Headers {
        var hosts = 0
        var bodyLength: Int?
        var bearOnRefusal = false

        /// Notes a header; false when the parser might read it otherwise.
        mutating func take(_ name: Span<UInt8>, _ value: Span<UInt8>) -> Bool {
            if PlainRequest.equal(name, PlainRequest.hostName) {
                hosts += 1
            } else if PlainRequest.equal(name, PlainRequest.lengthName) {
                if bodyLength != nil { return false }
                bodyLength = PlainRequest.number(value)
                return bodyLength != nil
            } else if PlainRequest.equal(name, PlainRequest.connectionName) {
                return PlainRequest.isKeepAlive(value)
            } else if !PlainRequest.contains(PlainRequest.plainNames, name) {
                bearOnRefusal = true
                return !PlainRequest.contains(PlainRequest.framingNames, name)
            }
            return true
        }
    }

    /// The next CR that a LF follows; `nil` when there is none, or when a LF stands alone.
    private static func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") {
                return index > start && bytes[index - 1] == UInt8(ascii: "\r") ? index - 1 : nil
            }
            index += 1
        }
        return nil
    }

    /// The colon behind a header's name of letters, digits and hyphens.
    private static func endOfName(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        for index in start..<end {
            switch bytes[index] {
            case UInt8(ascii: ":"): return index > start ? index : nil
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                continue
            default: return nil
            }
        }
        return nil
    }

    private static func contains(_ names: [[UInt8]], _ name: Span<UInt8>) -> Bool {
        names.contains { equal(name, $0) }
    }

    private static func begins(_ bytes: Span<UInt8>, with prefix: [UInt8]) -> Bool {
        guard bytes.count >= prefix.count else { return false }
        for index in 0..<prefix.count where bytes[index] != prefix[index] { return false }
        return true
    }

    private static func ends(_ bytes: Span<UInt8>, at end: Int, with suffix: [UInt8]) -> Bool {
        end > suffix.count && begins(bytes.extracting(end - suffix.count..<end), with: suffix)
    }

    /// Whether the value is that option of any case, with spaces around it.
    private static func isKeepAlive(_ value: Span<UInt8>) -> Bool {
        var (start, end) = (0, value.count)
        while start < end, value[start] == UInt8(ascii: " ") { start += 1 }
        while end > start, value[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return equal(value.extracting(start..<end), keepAlive)
    }

    /// Whether a name of any case is the one in lower case.
    private static func equal(_ name: Span<UInt8>, _ lowercased: [UInt8]) -> Bool {
        guard name.count == lowercased.count else { return false }
        for index in 0..<name.count where name[index] | 0x20 != lowercased[index] { return false }
        return true
    }

    /// Digits, with spaces around them.
    private static func number(_ text: Span<UInt8>) -> Int? {
        var (value, digits, isOver) = (0, 0, false)
        for index in 0..<text.count {
            switch text[index] {
            case UInt8(ascii: " "): isOver = digits > 0
            case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) && !isOver:
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
                if value > longestBody { return nil }
            default: return nil
            }
        }
        return digits > 0 ? value : nil
    }
}
