import NIOHTTP1

/// The statements of a request's head about its connection, collected in one pass over the fields.
///
/// Where the parser would stop reading, this type says so: the parser ends the connection at `close`, which it also reads
/// in `Proxy-Connection`, and it stops at CONNECT and at `Upgrade` with `Connection: upgrade`.
struct ConnectionHeaders {
    /// What the `Connection` fields ask for.
    enum Persistence {
        /// There is no such field, or none with an option.
        case unsaid
        /// They hold `keep-alive` and nothing else, which is the default of HTTP/1.1.
        case keepAlive
        /// The connection ends after the answer.
        case close
        /// They hold other options.
        case others
    }

    /// `close` for HTTP/1.0, for CONNECT, and where it is unclear whether the parser goes on after this request.
    var persistence: Persistence {
        let endsHere = isOld || isConnect || proxyAsksToClose || protocolChange == .unclear
        return endsHere ? .close : options
    }
    /// Whether the client waits for `100 Continue` before it sends the body; HTTP/1.1 only.
    private(set) var expectsContinue = false
    /// Whether the target and the values that the API reads are ASCII. Other bytes are malformed.
    private var areASCII: Bool
    /// Whether the head has the field that `ConnectionRules` reserves.
    private(set) var claimsVersion = false
    let isOld: Bool
    private let isConnect: Bool
    private var options = Persistence.unsaid
    private var proxyAsksToClose = false
    private var hosts = 0
    private var isHostValid = true
    /// The values of `Transfer-Encoding`.
    private var codings: [String] = []
    private var upgrade = UpgradeFields()

    init(_ head: HTTPRequestHead) {
        isOld = head.version == .http1_0
        isConnect = head.method == .CONNECT
        areASCII = Self.isASCII(head.uri)
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where Self.equal(name.utf8, "host"):
                hosts += 1
                isHostValid = isHostValid && HostField.isValid(value.utf8)
            case 6 where Self.equal(name.utf8, "expect"):
                expectsContinue = expectsContinue || (!isOld && Self.lists("100-continue", in: value))
            case 7 where Self.equal(name.utf8, "upgrade"): upgrade.addProtocol(value)
            case 10 where Self.equal(name.utf8, "connection"):
                add(value)
                upgrade.addOptions(value)
            case 16 where Self.equal(name.utf8, "proxy-connection"):
                proxyAsksToClose = proxyAsksToClose || Self.lists("close", in: value)
                upgrade.addOptions(value)
            case 17 where Self.equal(name.utf8, "transfer-encoding"): codings.append(value)
            case 21 where Self.equal(name.utf8, ConnectionRules.versionField): claimsVersion = true
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

    /// Whether the request is one that two readers understand in the same way: it names one host, which HTTP/1.0 can
    /// leave out, its body's only coding is `chunked`, and its values are ASCII.
    var areWellFormed: Bool { namesTheHost && hasKnownCoding && areASCII }

    private var namesTheHost: Bool { isHostValid && (hosts == 1 || (hosts == 0 && isOld)) }

    /// The parser also takes other codings before `chunked`, and ignores an empty field.
    private var hasKnownCoding: Bool {
        codings.isEmpty || (!isOld && codings.count == 1 && Self.equal(codings[0].utf8, "chunked"))
    }

    /// Whether the parser stops after this request because it asks for another protocol.
    var protocolChange: ProtocolChange { upgrade.change }

    /// Whether the head passes as it is.
    var arePlain: Bool { persistence == .unsaid && !expectsContinue && !claimsVersion }

    private mutating func add(_ value: String) {
        for option in Self.tokens(of: value) {
            switch options {
            case .close: return
            case _ where Self.equal(option, "close"): options = .close
            case .unsaid where Self.equal(option, "keep-alive"): options = .keepAlive
            case .keepAlive where Self.equal(option, "keep-alive"): continue
            default: options = .others
            }
        }
    }

    private static func lists(_ token: String, in value: String) -> Bool {
        tokens(of: value).contains { equal($0, token) }
    }

    private static func tokens(of value: String) -> [Substring.UTF8View] {
        value.utf8.split(whereSeparator: separates)
    }

    private static func separates(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// Whether a token equals one in lower case, in any case.
    static func equal(_ token: some Sequence<UInt8>, _ lowercased: String) -> Bool {
        token.elementsEqual(lowercased.utf8) { $0 | 0x20 == $1 }
    }
}
