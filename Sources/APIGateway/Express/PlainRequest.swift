import HTTPServing

/// A request in the plain spelling of HTTP/1.1, told apart without a parser: where it ends, and what it says.
///
/// It has one host, no option for its connection but `keep-alive`, a body of known length that need not be asked for, each
/// field that bears on an answer at most once, and nothing but printable ASCII and tabs in its head; whatever is spelt
/// otherwise is for the parser. It holds places, not bytes. (RFC 9112)
package struct PlainRequest: Sendable {
    package enum Method: Sendable {
        case get, post, other
    }

    /// What bytes begin with.
    package enum Reading: Sendable {
        /// A request whose head is whole.
        case whole(PlainRequest)
        /// Nothing that is not plain, but not a whole head either.
        case partial
        /// Something for the parser.
        case other
    }

    /// The longest head that is waited for, and the most fields that it has.
    private static let longestPart = 16_384
    private static let mostFields = 256

    package let method: Method
    /// Where the target is.
    package let target: Range<Int>
    package let fields: Fields
    /// Bytes of the head.
    package let headLength: Int
    /// Bytes of the head and the body.
    package let length: Int

    package var body: Range<Int> { headLength..<length }

    /// Whether it brings neither an id nor a trace of its own, which belong into its answer and the log.
    package var isNameless: Bool { fields.requestId == nil && fields.traceparent == nil }

    package static func read(_ bytes: Span<UInt8>) -> Reading {
        var (start, line, fields) = (0, RequestLine?.none, Fields())
        while start <= longestPart {
            switch endOfLine(bytes, from: start) {
            case .none: return bytes.count > longestPart ? .other : .partial
            case .other: return .other
            case .at(let end) where start == 0:
                guard let first = RequestLine(bytes.extracting(0..<end)) else { return .other }
                (line, start) = (first, end + 2)
            case .at(let end) where end > start:
                guard fields.take(bytes, start..<end), fields.count <= mostFields else { return .other }
                start = end + 2
            case .at(let end):
                guard let line, fields.hosts == 1 else { return .other }
                return .whole(PlainRequest(line, fields, headLength: end + 2))
            }
        }
        return .other
    }

    private init(_ line: RequestLine, _ fields: Fields, headLength: Int) {
        (method, target, self.fields) = (line.method, line.target, fields)
        self.headLength = headLength
        length = headLength + (fields.bodyLength ?? 0)
    }

    private enum End {
        /// The CR that a LF follows.
        case at(Int)
        /// It has not come yet.
        case none
        /// Something before it is not printed, or stands alone.
        case other
    }

    private static func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> End {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte < UInt8(ascii: " ") || byte > UInt8(ascii: "~") {
                if byte == UInt8(ascii: "\r") {
                    guard index + 1 < bytes.count else { return .none }
                    return bytes[index + 1] == UInt8(ascii: "\n") ? .at(index) : .other
                }
                if byte != UInt8(ascii: "\t") { return .other }
            }
            index += 1
        }
        return .none
    }
}

extension PlainRequest {
    /// `METHOD target HTTP/1.1`
    private struct RequestLine {
        private static let version = Array(" HTTP/1.1".utf8)
        private static let get = Array("GET ".utf8)
        private static let post = Array("POST ".utf8)
        private static let connect = Array("CONNECT ".utf8)

        let method: Method
        let target: Range<Int>

        init?(_ line: Span<UInt8>) {
            let end = line.count - Self.version.count
            guard end > 0, line.extracting(end..<line.count).isEqual(to: Self.version),
                let space = (0..<end).first(where: { line[$0] == UInt8(ascii: " ") }), space > 0
            else { return nil }
            for index in 0..<space where !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(line[index]) { return nil }
            for index in space + 1..<end where line[index] <= UInt8(ascii: " ") { return nil }
            target = space + 1..<end
            guard !target.isEmpty else { return nil }
            let name = line.extracting(0...space)
            // What comes behind it is no HTTP to a parser.
            if name.isEqual(to: Self.connect) { return nil }
            method = name.isEqual(to: Self.get) ? .get : name.isEqual(to: Self.post) ? .post : .other
        }
    }
}

extension PlainRequest {
    /// Where the values are of the fields that bear on an answer.
    package struct Fields: Sendable {
        package private(set) var authorization: Range<Int>?
        package private(set) var contentType: Range<Int>?
        package private(set) var forwardedFor: Range<Int>?
        package private(set) var idempotencyKey: Range<Int>?
        package private(set) var prefer: Range<Int>?
        package private(set) var requestId: Range<Int>?
        package private(set) var traceparent: Range<Int>?
        fileprivate var bodyLength: Int?
        fileprivate var hosts = 0
        fileprivate var count = 0

        /// Notes the field on that line; false when a parser might read it otherwise.
        fileprivate mutating func take(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
            guard let colon = Self.endOfName(bytes, line) else { return false }
            count += 1
            let name = bytes.extracting(line.lowerBound..<colon)
            let value = Self.trimmed(bytes, colon + 1..<line.upperBound)
            switch name.count {
            case 4 where name.isSpelt(FieldName.host):
                hosts += 1
                return bytes.extracting(value).isHost
            case 6 where name.isSpelt(FieldName.prefer): return Self.note(value, &prefer)
            case 6 where name.isSpelt(FieldName.expect) || name.isSpelt(FieldName.origin): return false
            case 7 where name.isSpelt(FieldName.upgrade): return false
            case 10 where name.isSpelt(FieldName.connection):
                return bytes.extracting(value).isSpelt(FieldName.keepAlive)
            case 11 where name.isSpelt(FieldName.traceparent): return Self.note(value, &traceparent)
            case 12 where name.isSpelt(FieldName.contentType): return Self.note(value, &contentType)
            case 12 where name.isSpelt(FieldName.requestId): return Self.note(value, &requestId)
            case 13 where name.isSpelt(FieldName.authorization): return Self.note(value, &authorization)
            case 14 where name.isSpelt(FieldName.contentLength):
                // After a length, the parser accepts spaces and refuses tabs.
                let rest = bytes.extracting(value.upperBound..<line.upperBound)
                guard bodyLength == nil, rest.allSpaces, let length = bytes.extracting(value).number else {
                    return false
                }
                bodyLength = length
            case 15 where name.isSpelt(FieldName.idempotencyKey): return Self.note(value, &idempotencyKey)
            case 15 where name.isSpelt(FieldName.forwardedFor): return Self.note(value, &forwardedFor)
            case 16 where name.isSpelt(FieldName.proxyConnection):
                return bytes.extracting(value).isSpelt(FieldName.keepAlive)
            case 17 where name.isSpelt(FieldName.transferEncoding): return false
            default: break
            }
            return true
        }

        /// False for a field that came before.
        private static func note(_ value: Range<Int>, _ place: inout Range<Int>?) -> Bool {
            guard place == nil else { return false }
            place = value
            return true
        }

        /// The colon behind a name of letters, digits and hyphens.
        private static func endOfName(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int? {
            for index in line {
                switch bytes[index] {
                case UInt8(ascii: ":"): return index > line.lowerBound ? index : nil
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    continue
                default: return nil
                }
            }
            return nil
        }

        /// The value without the spaces and tabs around it.
        private static func trimmed(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Range<Int> {
            var (start, end) = (value.lowerBound, value.upperBound)
            while start < end, bytes[start] <= UInt8(ascii: " ") { start += 1 }
            while end > start, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
            return start..<end
        }
    }

    private enum FieldName {
        static let authorization = Array("authorization".utf8)
        static let connection = Array("connection".utf8)
        static let contentLength = Array("content-length".utf8)
        static let contentType = Array("content-type".utf8)
        static let expect = Array("expect".utf8)
        static let forwardedFor = Array("x-forwarded-for".utf8)
        static let host = Array("host".utf8)
        static let idempotencyKey = Array("idempotency-key".utf8)
        /// What a page of another origin says is heeded on the common way.
        static let origin = Array("origin".utf8)
        static let prefer = Array("prefer".utf8)
        /// The parser reads it as it reads `Connection`.
        static let proxyConnection = Array("proxy-connection".utf8)
        static let requestId = Array("x-request-id".utf8)
        static let traceparent = Array("traceparent".utf8)
        static let transferEncoding = Array("transfer-encoding".utf8)
        static let upgrade = Array("upgrade".utf8)
        /// The one option of `Connection` that is plain.
        static let keepAlive = Array("keep-alive".utf8)
    }
}

extension Span<UInt8> {
    func isEqual(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// Whether every byte can stand in the value of `Host`.
    fileprivate var isHost: Bool {
        for index in 0..<count where !HostField.allows(self[index]) { return false }
        return true
    }

    /// Whether a token of any case is the one in lower case.
    fileprivate func isSpelt(_ lowercased: [UInt8]) -> Bool {
        guard count == lowercased.count else { return false }
        for index in 0..<count where self[index] | 0x20 != lowercased[index] { return false }
        return true
    }

    /// Whether every byte is a space; true without bytes.
    fileprivate var allSpaces: Bool {
        for index in 0..<count where self[index] != UInt8(ascii: " ") { return false }
        return true
    }

    /// One to nine digits, as a number.
    fileprivate var number: Int? {
        guard (1...9).contains(count) else { return nil }
        var value = 0
        for index in 0..<count {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[index]) else { return nil }
            value = value * 10 + Int(self[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
