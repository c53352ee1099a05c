/// Where a request ends, told without a parser, and whether it is one that fleets send by the thousand.
///
/// It knows the plain spelling of HTTP/1.1 only; whatever is spelt otherwise is for the parser. (RFC 9112)
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
        "host", "accept", "accept-encoding", "accept-language", "authorization", "content-type", "idempotency-key",
        "prefer", "user-agent",
    ].map { Array($0.utf8) }
    private static let framingNames = ["transfer-encoding", "upgrade", "expect", "connection"].map { Array($0.utf8) }
    private static let longestBody = 1 << 24

    /// Reads the head; `nil` when it is not whole, or not plain.
    package init?(_ bytes: Span<UInt8>) {
        guard let firstEnd = Self.endOfLine(bytes, from: 0), firstEnd > 0 else { return nil }
        var hotMethod = Self.hotRoutes.first { Self.begins(bytes, with: $0.start) }?.method
        var (start, bodyLength) = (firstEnd + 2, Int?.none)
        while let end = Self.endOfLine(bytes, from: start), end > start {
            guard let colon = Self.endOfName(bytes, from: start, to: end) else { return nil }
            let name = bytes.extracting(start..<colon)
            if Self.equal(name, Self.lengthName) {
                guard bodyLength == nil else { return nil }
                bodyLength = Self.number(bytes.extracting(colon + 1..<end))
                if bodyLength == nil { return nil }
            } else if !Self.contains(Self.plainNames, name) {
                if Self.contains(Self.framingNames, name) { return nil }
                hotMethod = nil
            }
            start = end + 2
        }
        guard Self.endOfLine(bytes, from: start) == start else { return nil }
        length = start + 2 + (bodyLength ?? 0)
        self.hotMethod = hotMethod
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
