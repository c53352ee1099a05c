import HTTPServing
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

/// The parser stops at a request that asks for another protocol. The connection does not.
@Suite("Requests that ask for another protocol")
struct ProtocolChangeTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"

    /// What the handlers after the parser see of some bytes: targets, and `end` or `close` for each request.
    private static func seen(_ parts: [[UInt8]]) throws -> [String] {
        let channel = EmbeddedChannel()
        _ = try channel.pipeline.syncOperations.addRequestHandlers()
        for part in parts { _ = try? channel.writeInbound(ByteBuffer(bytes: part)) }
        var (seen, isLast) = ([String](), false)
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                isLast = head.headers["connection"] == ["close"]
                seen.append(head.uri)
            case .end: seen.append(isLast ? "close" : "end")
            case .body(let bytes): seen.append(String(buffer: bytes))
            }
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return seen
    }

    private static func seen(_ texts: String...) throws -> [String] { try seen(texts.map { Array($0.utf8) }) }

    private static func request(_ method: String, _ fields: String, body: String = "") -> String {
        "\(method) /first HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
    }

    private static let h2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
    private static let webSocket = "Connection: keep-alive, upgrade\r\nUpgrade: websocket\r\n"

    @Test(arguments: [
        ("GET", h2c, ""), ("GET", webSocket, ""), ("GET", h2c + "Content-Length: 0\r\n", ""),
        ("POST", h2c + "Content-Length: 4\r\n", "body"), ("POST", webSocket + "Content-Length: 4\r\n", "body"),
        ("POST", h2c + "Transfer-Encoding: chunked\r\n", "4\r\nbody\r\n0\r\nX-Trailer: a\r\n\r\n"),
        ("GET", "Upgrade: a\r\nUpgrade:\r\nConnection: TE\r\nConnection:\tUPGRADE \r\n", ""),
        ("GET", "Upgrade: a\r\nConnection: u, c,upgrade,k\r\n", ""),
        ("GET", "Upgrade: a\r\nProxy-Connection: upgrade\r\n", ""),
    ])
    func `the request after it is read, in whatever pieces both come`(
        method: String, fields: String, body: String
    ) throws {
        let bytes = Self.request(method, fields, body: body)
        let first = body.isEmpty ? ["/first", "end"] : ["/first", "body", "end"]
        let both = Array((bytes + Self.next + bytes + Self.next).utf8)
        let expected = first + ["/next", "end"] + first + ["/next", "end"]
        for length in 0..<bytes.utf8.count + Self.next.utf8.count {
            let seen = try Self.seen([Array(both.prefix(length)), Array(both.dropFirst(length))])
            let joined = Self.joiningBodies(seen)
            #expect(joined == expected, "cut at \(length)")
        }
        #expect(Self.joiningBodies(try Self.seen(both.map { [$0] })) == expected, "byte by byte")
    }

    /// A body that came in pieces reads as one.
    private static func joiningBodies(_ seen: [String]) -> [String] {
        var joined: [String] = []
        for part in seen {
            let isPiece = part != "end" && part != "close" && !part.hasPrefix("/")
            if isPiece, let last = joined.last, !last.hasPrefix("/") {
                joined[joined.count - 1] = last + part
            } else {
                joined.append(part)
            }
        }
        return joined
    }

    @Test(arguments: [
        "Upgrade: h2c\r\n", "Connection: upgrade\r\n", "Connection: TE\r\nUpgrade: h2c\r\n", "TE: trailers\r\n",
        "Trailer: a\r\n", "HTTP2-Settings: AAEAAEAAAAIAAAAB\r\n", "Expect: 100-continue\r\n", "Expect: a\r\n",
    ])
    func `other fields do not stop the parser`(fields: String) throws {
        #expect(try Self.seen(Self.request("GET", fields) + Self.next) == ["/first", "end", "/next", "end"])
    }

    /// A parser that is stopped, or at its end, must not look like a connection that is open.
    @Test(arguments: [
        "Upgrade: a\r\nConnection: close upgrade\r\n", "Upgrade: a\r\nConnection: upgrade\t,x\r\n",
        "Upgrade: a\r\nConnection: upgrades\r\n", "Upgrade:\r\nConnection: upgrade\r\n",
        "Upgrade: a\r\nConnection: x upgrade\r\n", "Proxy-Connection: close\r\n", "Proxy-Connection: TE, Close\r\n",
        "Connection: close\r\n", "Upgrade: a\r\nConnection: upgrade, close\r\n",
    ])
    func `where the parser may stop, the connection ends with the answer`(fields: String) throws {
        #expect(try Self.seen(Self.request("GET", fields) + Self.next) == ["/first", "close"])
        #expect(try Self.seen(Self.request("GET", fields), Self.next) == ["/first", "close"])
    }

    @Test func `CONNECT is the last request, because a tunnel's bytes may follow`() throws {
        let bytes = "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next
        #expect(try Self.seen(bytes) == ["a:1", "close"])
    }
}
