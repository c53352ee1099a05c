import APIGateway
import Testing

/// Where a request ends is told without a parser, or not at all.
@Suite("Plain requests")
struct PlainRequestTests {
    private static let claim = "POST /v1/payment-links/claim/abc/claim HTTP/1.1\r\nHost: a\r\n"
    private static let details = "GET /v1/payment-links/claim/abc HTTP/1.1\r\nHost: a\r\n"

    private static func read(_ text: String) -> PlainRequest? { PlainRequest(Array(text.utf8).span) }

    @Test(arguments: [
        (details + "\r\n", .get), (details + "connection:  Keep-Alive \r\n\r\n", .get),
        (claim + "content-length: 2\r\n\r\n{}", .post),
        (claim + "CONTENT-LENGTH:2 \r\nAuthorization: Bearer a\r\nIdempotency-Key: k\r\n\r\n{}", .post),
        (claim + "X-Request-Id: mine\r\nContent-Length: 2\r\n\r\n{}", nil),
        (claim + "traceparent: 00-1-2-01\r\nContent-Length: 2\r\n\r\n{}", nil),
        ("GET /v1/wallets HTTP/1.1\r\nHost: a\r\n\r\n", nil),
        ("PATCH /v1/payment-links/1 HTTP/1.1\r\nHost: a\r\n\r\n", nil),
    ] as [(String, PlainRequest.Method?)])
    func `a whole request's length is that of its text`(text: String, hotMethod: PlainRequest.Method?) throws {
        let request = try #require(Self.read(text))
        #expect(request.length == text.utf8.count)
        #expect(request.hotMethod == hotMethod)
        for length in 0..<text.utf8.count {
            let part = Self.read(String(text.prefix(length)))
            #expect(part == nil || part?.length == text.utf8.count, "a part is never taken for the whole")
        }
    }

    @Test func `the length is told before the body has come`() throws {
        let head = Self.claim + "Content-Length: 100\r\n\r\n"
        #expect(try #require(Self.read(head)).length == head.utf8.count + 100)
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked", "Content-Length: 2\r\nContent-Length: 2", "Content-Length: +2", "Content-Length: 0x2",
        "Content-Length: 2, 2", "Content-Length:", "Content-Length: 1 2", "Content-Length: 99999999999999999999",
        "Content-Length : 2", " Content-Length: 2", "Expect: 100-continue", "Connection: close", "Upgrade: h2c",
        "X-A: a\n b", "nocolon", ": nameless", "Host: b", "Connection: keep-alive, TE", "Connection: keep-alive1",
        "Connection:", "Connection: keep-alive\r\nConnection: close",
    ])
    func `what a parser might read otherwise is not plain`(header: String) {
        #expect(Self.read(Self.claim + header + "\r\n\r\n{}") == nil, "\(header)")
    }

    @Test func `lines end in CR and LF, and nothing but a request line comes first`() {
        #expect(Self.read("GET / HTTP/1.1\nHost: a\n\n") == nil)
        #expect(Self.read("\r\n\r\n") == nil)
        #expect(Self.read("\r\n" + Self.details + "\r\n") == nil)
    }

    @Test(arguments: [
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / http/1.1\r\nHost: a\r\n\r\n", "GET /\r\nHost: a\r\n\r\n",
        "HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
    ])
    func `another version, or no host, is not plain`(text: String) {
        #expect(Self.read(text) == nil, "\(text)")
    }
}
