import HTTPServing
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

/// What a connection's headers say is heeded here, and reaches nobody else but in one spelling.
@Suite("The rules of a connection")
struct ConnectionRulesTests {
    private let channel = EmbeddedChannel(handler: ConnectionRules())

    private static func head(_ headers: [(String, String)], _ version: HTTPVersion = .http1_1) -> HTTPRequestHead {
        HTTPRequestHead(version: version, method: .POST, uri: "/", headers: HTTPHeaders(headers))
    }

    /// The headers of the request that goes on, by their names in lower case.
    private func passed(_ headers: [(String, String)], _ version: HTTPVersion = .http1_1) throws -> [String] {
        try channel.writeInbound(HTTPServerRequestPart.head(Self.head(headers, version)))
        guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return [] }
        return head.headers.map { "\($0.name.lowercased()): \($0.value)" }
    }

    private func receive(_ part: HTTPServerRequestPart) throws { try channel.writeInbound(part) }

    private func begin(_ name: String = "accept", _ value: String = "*") throws {
        try receive(.head(Self.head([("host", "a"), (name, value)])))
    }

    private func receivePlainRequest() throws {
        try begin()
        try receive(.end(nil))
    }

    private func answer(_ status: HTTPResponseStatus = .ok) throws {
        let head = HTTPResponseHead(version: .http1_1, status: status)
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    /// The heads that have been written, each as its version and status.
    private func written() throws -> [String] {
        var heads: [String] = []
        while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
            guard case .head(let head) = part else { continue }
            heads.append("\(head.version) \(head.status.code) \(head.headers["connection"].joined())")
        }
        return heads
    }

    // MARK: - Connection

    @Test(arguments: [
        ([], []), (["keep-alive"], []), (["Keep-Alive"], []), (["keep-alive, keep-alive", "KEEP-ALIVE"], []),
        (["close"], ["close"]), (["Close"], ["close"]), (["close, TE"], ["close"]), (["TE ,\tCLOSE"], ["close"]),
        (["keep-alive", "close"], ["close"]), (["TE"], ["TE"]), (["keep-alive, TE"], ["keep-alive, TE"]),
        (["Upgrade", "keep-alive"], ["Upgrade", "keep-alive"]), (["closed"], ["closed"]), ([""], [""]),
    ])
    func `Connection is close, or gone, or something else`(options: [String], expected: [String]) throws {
        let passed = try passed([("Host", "a")] + options.map { ("Connection", $0) })
        #expect(passed == ["host: a"] + expected.map { "connection: \($0)" })
    }

    @Test(arguments: [[], ["keep-alive"], ["close"], ["TE"]])
    func `the answer to HTTP 1.0 is the last, whatever is asked for`(options: [String]) throws {
        #expect(
            try passed(options.map { ("connection", $0) }, .http1_0) == [
                "internal-http-version: 1.0", "connection: close",
            ])
        try receive(.end(nil))
        try answer()
        #expect(try written() == ["HTTP/1.0 200 close"])
    }

    @Test func `nothing is read behind the last request, and its answer says that it is the last`() throws {
        try receivePlainRequest()
        try begin("connection", "Close")
        try receive(.body(ByteBuffer(string: "b")))
        try receive(.end(nil))
        while try channel.readInbound(as: HTTPServerRequestPart.self) != nil {}
        try receivePlainRequest()
        channel.pipeline.fireErrorCaught(HTTPParserError.closedConnection)
        try channel.throwIfErrorCaught()
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
        try answer()
        try answer()
        #expect(try written() == ["HTTP/1.1 200 ", "HTTP/1.1 200 close"])
    }

    @Test(arguments: [("close", true), ("TE, Close", true), ("keep-alive", false), ("closed", false)])
    func `Proxy-Connection ends the connection where the parser lets it`(value: String, isLast: Bool) throws {
        let passed = try passed([("Host", "a"), ("Proxy-Connection", value)])
        #expect(passed == ["host: a", "proxy-connection: \(value)"] + (isLast ? ["connection: close"] : []))
    }

    @Test func `the version is ours to tell, and a caller's own field is removed`() throws {
        #expect(try passed([("Host", "a"), ("Internal-HTTP-Version", "1.0")]) == ["host: a"])
        let old = try passed([("internal-http-version", "1.1")], .http1_0)
        #expect(old == ["internal-http-version: 1.0", "connection: close"])
    }

    // MARK: - Host

    @Test(arguments: ["a", "a.example:80", "[::1]:80", "127.0.0.1", "a_b%20~", "a \t", ""])
    func `a host's name or address is taken`(host: String) throws {
        #expect(try passed([("Host", host)]) == ["host: \(host)"])
    }

    @Test(arguments: ["a b", "a/b", "a@b", "a,b", "a?b", "a#b", "a\\b", "<a>", "\"a\"", "\u{E9}"])
    func `what is not a host is malformed`(host: String) throws {
        #expect(throws: HTTPParserError.invalidHeaderToken) { try passed([("Host", host)]) }
    }

    @Test(arguments: [
        (["chunked"], true), (["Chunked"], true), (["gzip, chunked"], false), (["identity", "chunked"], false),
        ([""], false),
        (["chunked", "chunked"], false), (["identity"], false), (["chunked;q=1"], false),
    ])
    func `a body has no coding but chunked`(codings: [String], isTaken: Bool) throws {
        let fields = [("Host", "a")] + codings.map { ("Transfer-Encoding", $0) }
        if isTaken {
            #expect(try passed(fields).count == 2)
        } else {
            #expect(throws: HTTPParserError.invalidHeaderToken) { try passed(fields) }
        }
    }

    @Test func `HTTP 1.0 has no chunks`() throws {
        #expect(throws: HTTPParserError.invalidHeaderToken) { try passed([("Transfer-Encoding", "chunked")], .http1_0) }
    }

    @Test(arguments: [([], .http1_1), (["a", "a"], .http1_1), (["a", "b"], .http1_0)] as [([String], HTTPVersion)])
    func `a request that names no host, or two, is malformed, and the last`(
        hosts: [String], version: HTTPVersion
    ) throws {
        #expect(throws: HTTPParserError.invalidHeaderToken) { try passed(hosts.map { ("Host", $0) }, version) }
        try receive(.end(nil))
        try receivePlainRequest()
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }

    // MARK: - Expect

    @Test func `a body that waits is asked for at once`() throws {
        #expect(try passed([("host", "a"), ("Expect", "100-Continue")]) == ["host: a"])
        #expect(try written() == ["HTTP/1.1 100 "])
        try receive(.body(ByteBuffer(string: "b")))
        try receive(.end(nil))
        try answer()
        #expect(try written() == ["HTTP/1.1 200 "])
    }

    @Test func `a body that waits is asked for behind the answers to the requests before it`() throws {
        try receivePlainRequest()
        try receivePlainRequest()
        try begin("expect", "100-continue")
        try answer()
        #expect(try written() == ["HTTP/1.1 200 "])
        try answer()
        #expect(try written() == ["HTTP/1.1 200 ", "HTTP/1.1 100 "])
    }

    @Test(arguments: [HTTPServerRequestPart.body(ByteBuffer(string: "b")), .end(nil)])
    func `a body that has begun to come is not asked for`(part: HTTPServerRequestPart) throws {
        try receivePlainRequest()
        try begin("expect", "100-continue")
        try receive(part)
        try answer()
        #expect(try written() == ["HTTP/1.1 200 "])
    }

    @Test func `HTTP 1.0, and an expectation that nobody knows, are told nothing`() throws {
        #expect(try passed([("host", "a"), ("expect", "a miracle")]) == ["host: a", "expect: a miracle"])
        try answer()
        let expected = ["expect: 100-continue", "internal-http-version: 1.0", "connection: close"]
        #expect(try passed([("expect", "100-continue")], .http1_0) == expected)
        #expect(try written() == ["HTTP/1.1 200 "])
    }
}
