import NIOHTTP1

/// What a request's headers say of its connection, found in one walk over them.
struct ConnectionHeaders {
    /// What the `Connection` headers come to.
    enum Persistence {
        /// There is none, or none with an option.
        case unsaid
        /// They hold `keep-alive` and nothing else, which HTTP/1.1 does unasked.
        case keepAlive
        /// One of their options is `close`.
        case close
        /// They hold other options.
        case others
    }

    /// `close` for HTTP/1.0 in any case.
    private(set) var persistence: Persistence
    /// Whether the body waits to be asked for, which is HTTP/1.1's to say.
    private(set) var expectsContinue = false
    /// Whether the target, and the values that this API reads, are ASCII, which is all that they may be.
    private(set) var areASCII: Bool
    private var hosts = 0
    private let isOld: Bool

    init(_ head: HTTPRequestHead) {
        isOld = head.version == .http1_0
        persistence = isOld ? .close : .unsaid
        areASCII = Self.isASCII(head.uri)
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where Self.equal(name.utf8, "host"): hosts += 1
            case 6 where Self.equal(name.utf8, "expect"):
                expectsContinue = !isOld && Self.equal(value.utf8, "100-continue")
            case 10 where Self.equal(name.utf8, "connection"): add(value)
            case 6...15 where Self.read.contains(where: { Self.equal(name.utf8, $0) }):
                areASCII = areASCII && Self.isASCII(value)
            default: continue
            }
        }
    }

    private static let read = [
        "authorization", "content-type", "idempotency-key", "prefer", "traceparent", "x-forwarded-for", "x-request-id",
    ]

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    /// Whether the request says exactly one host, which HTTP/1.0 may leave out.
    var nameTheHost: Bool { hosts == 1 || (hosts == 0 && isOld) }

    /// Whether there is nothing here that a server has to heed.
    var arePlain: Bool { persistence == .unsaid && !expectsContinue }

    private mutating func add(_ options: String) {
        for option in options.utf8.split(whereSeparator: Self.separates) {
            switch persistence {
            case .close: return
            case _ where Self.equal(option, "close"): persistence = .close
            case .unsaid where Self.equal(option, "keep-alive"): persistence = .keepAlive
            case .keepAlive where Self.equal(option, "keep-alive"): continue
            default: persistence = .others
            }
        }
    }

    private static func separates(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// Whether a token of any case is the one in lower case.
    private static func equal(_ token: some Sequence<UInt8>, _ lowercased: String) -> Bool {
        token.elementsEqual(lowercased.utf8) { $0 | 0x20 == $1 }
    }
}
