import APIGateway
import Testing

/// Where a request ends is told without a parser, or not at all.
@Suite("Plain requests")
struct PlainRequestTests {
    private static let claim = "POST /v1/payment-links/claim/abc/claim HTTP/1.1\r\nHost: a\r\n"
    private static let details = "GET /v1/payment-links/claim/abc HTTP/1.1\r\nHost: a\r\n"

    private static func read(_ text: String) -> PlainRequest? {
        if case .whole(let request) = PlainRequest.read(Array(text.utf8).span) { request } else { nil }
    }

    private static func isPartial(_ text: String) -> Bool {
        if case .partial = PlainRequest.read(Array(text.utf8).span) { true } else { false }
    }

    @Test(
        arguments: [
            (details + "\r\n", .get), (details + "connection:  Keep-Alive \r\n\r\n", .get),
            (details + "Proxy-Connection: Keep-Alive\r\n\r\n", .get),
            (claim + "content-length: 2\r\n\r\n{}", .post),
            (claim + "CONTENT-LENGTH:2 \r\nAuthorization: Bearer a\r\nIdempotency-Key: k\r\n\r\n{}", .post),
            (claim + "Content-Length: 002\r\nX-Other: a\tb\r\n\r\n{}", .post),
            ("PATCH /v1/payment-links/1 HTTP/1.1\r\nHost: a\r\n\r\n", .other),
            ("GETS /v1/wallets HTTP/1.1\r\nHost: a\r\n\r\n", .other),
        ] as [(String, PlainRequest.Method)])
    func `a whole request's length is that of its text`(text: String, method: PlainRequest.Method) throws {
        let request = try #require(Self.read(text))
        #expect(request.length == text.utf8.count)
        #expect(request.method == method)
        for length in 0..<text.utf8.count {
            let part = String(text.prefix(length))
            let isWhole = Self.read(part)?.length == text.utf8.count
            #expect(Self.isPartial(part) || isWhole, "a part is never taken for the whole")
        }
    }

    @Test func `what a request says is where it says it`() throws {
        let text =
            "POST /v1/payment-links HTTP/1.1\r\nhost: a\r\nAUTHORIZATION:Bearer x\r\nContent-Type: \ta/b; c=d \t\r\n"
            + "idempotency-key:\r\nPrefer: wait=1\r\nX-Request-ID: r\r\ntraceparent: t\r\nx-forwarded-for: 1, 2\r\n"
            + "Content-Length: 3\r\n\r\nabc"
        let request = try #require(Self.read(text))
        func said(_ place: Range<Int>?) throws -> String {
            String(decoding: Array(text.utf8)[try #require(place)], as: UTF8.self)
        }
        #expect(try said(request.target) == "/v1/payment-links")
        #expect(try said(request.fields.authorization) == "Bearer x")
        #expect(try said(request.fields.contentType) == "a/b; c=d")
        #expect(try said(request.fields.idempotencyKey).isEmpty)
        #expect(try said(request.fields.prefer) == "wait=1")
        #expect(try said(request.fields.requestId) == "r")
        #expect(try said(request.fields.traceparent) == "t")
        #expect(try said(request.fields.forwardedFor) == "1, 2")
        #expect(try said(request.body) == "abc")
        #expect(!request.isNameless)
        let other = try #require(Self.read(Self.details + "\r\n"))
        #expect(other.isNameless && other.body.isEmpty && other.fields.authorization == nil)
    }

    @Test func `the length is told before the body has come`() throws {
        let head = Self.claim + "Content-Length: 100\r\n\r\n"
        #expect(try #require(Self.read(head)).length == head.utf8.count + 100)
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked", "Content-Length: 2\r\nContent-Length: 2", "Content-Length: +2",
        "Content-Length: 0x2", "Content-Length: 2\t", "Content-Length: 2 \t ",
        "Content-Length: 2, 2", "Content-Length:", "Content-Length: 1 2", "Content-Length: 99999999999999999999",
        "Content-Length : 2", " Content-Length: 2", "Expect: 100-continue", "Connection: close", "Upgrade: h2c",
        "X-A: a\n b", "nocolon", ": nameless", "Host: b", "Connection: keep-alive, TE", "Connection: keep-alive1",
        "Connection:", "Connection: keep-alive\r\nConnection: close", "Prefer: a\r\nprefer: b", "Expect:",
        "Idempotency-Key: a\r\nIdempotency-Key: a", "Authorization: a\r\nauthorization: a", "X-A: \u{7F}", "X-A: \0",
        "X-A: a\rb", "X-A: \u{E9}", "X_A: b", "Transfer-Encoding: identity", "Content-Type: a\r\nContent-Type: a",
        "X-Forwarded-For: a\r\nX-Forwarded-For: b", "X-Request-Id: a\r\nX-Request-Id: b", "Content-Length: 1000000000",
        "Host: a b", "Host: a/b", "Host: a@b", "Host: a,b", "Proxy-Connection: close", "Proxy-Connection: upgrade",
        "Proxy-Connection:",
    ])
    func `what a parser might read otherwise is not plain`(header: String) {
        let text = Self.claim + header + "\r\n\r\n{}"
        #expect(Self.read(text) == nil && !Self.isPartial(text), "\(header)")
    }

    @Test func `lines end in CR and LF, and nothing but a request line comes first`() {
        for text in ["GET / HTTP/1.1\nHost: a\n\n", "\r\n\r\n", "\r\n" + Self.details + "\r\n"] {
            #expect(Self.read(text) == nil && !Self.isPartial(text))
        }
    }

    @Test func `a head is waited for up to a bound`() {
        #expect(Self.isPartial(""))
        #expect(Self.isPartial(Self.details + String(repeating: "X-A: b\r\n", count: 200)))
        let many = Self.details + String(repeating: "X-A: b\r\n", count: 300) + "\r\n"
        #expect(Self.read(many) == nil && !Self.isPartial(many))
        let long = Self.details + String(repeating: "X-A: \(String(repeating: "b", count: 1_000))\r\n", count: 17)
        #expect(Self.read(long) == nil && !Self.isPartial(long))
        for start in ["GET /", Self.details + "X-A: "] {
            #expect(Self.isPartial(start + String(repeating: "a", count: 16_000)))
            let endless = start + String(repeating: "a", count: 17_000)
            #expect(Self.read(endless) == nil && !Self.isPartial(endless))
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n", "GET /\r\nHost: a\r\n\r\n",
        "HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n", " / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / a HTTP/1.1\r\nHost: a\r\n\r\n", "GET  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `another version, no host, or another request line, is not plain`(text: String) {
        #expect(Self.read(text) == nil && !Self.isPartial(text), "\(text)")
    }
}
