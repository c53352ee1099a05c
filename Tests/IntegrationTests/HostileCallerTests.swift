import Foundation
import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// Callers who take what they can get: places, memory, time, and keys that are theirs no more.
@Suite struct HostileCallerTests {
    private static let slug = String(repeating: "a", count: 20)

    private static func chunked(_ path: String, _ headers: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\(headers)\r\n"
    }

    private static func chunk(_ text: String) -> String {
        String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n"
    }

    @Test func `text that would take long to compare is refused by the field's name`() async throws {
        try await TestSystem.run([]) { system, _ in
            let marks = ["\u{345}", "\u{315}", "\u{301}", "\u{323}", "\u{31b}", "\u{327}", "\u{334}"]
            let text = marks.map { String(repeating: $0, count: 4_000) }.joined()
            let account = #""destination":{"type":"USDC","address":"0x0","chain":"\#(text)"}"#
            let bodies = [
                (#"{"method":"usdc",\#(account)}"#, "destination.chain"), (#"{"\#(text)":1}"#, "body"),
                (#"{"destination":{"\#(text)":1}}"#, "destination"), (#"{"tags":["a","\#(text)"]}"#, "tags[1]"),
            ]
            for (body, field) in bodies {
                let answer = try await system.api.post("/v1/payment-links/claim/\(Self.slug)/claim", body)
                #expect(answer.status == 400 && answer.errorCode == "VALIDATION_ERROR", "\(field)")
                let problems = answer.json["error"]["details"]["fields"].elements
                #expect(problems.map { $0["field"].string } == [field])
                #expect(problems.map { $0["code"].string } == ["INVALID_TEXT"])
            }
        }
    }

    @Test(arguments: ["GET /", "GET / HTTP/1.1\r\nHost: a\r\nX-A: "])
    func `a head without an end is not waited for`(start: String) async throws {
        try await TestSystem.run([]) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(start)
            let more = String(repeating: "A", count: 65_536)
            #expect(await socket.writeUntilStopped(more, atMost: 1_000) < 1_000)
            #expect(await socket.isClosed(within: .seconds(10)))
        }
    }

    @Test(arguments: ["idempotency-key: \u{E9}", "prefer: wait=\u{301}", "content-type: \u{301}"])
    func `what the API reads of a head is ASCII`(header: String) async throws {
        try await TestSystem.run([]) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write("GET /v1/wallets HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n")
            #expect(await socket.isClosed(within: .seconds(10)))
            #expect(socket.received.hasPrefix("HTTP/1.1 400 ") && socket.received.contains("in ASCII"))
        }
    }

    @Test func `who sends a body slowly takes no place from others`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_MAX_IN_FLIGHT": "4"]) { system, _ in
            let json = "Content-Type: application/json\r\n"
            var sockets: [RawSocket] = []
            for path in ["/v1/payment-links/claim/\(Self.slug)/claim", "/v1/wallets", "/v1/payment-links"] {
                for _ in 0..<4 {
                    let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                    try await socket.write(Self.chunked(path, json) + Self.chunk("{"))
                    sockets.append(socket)
                }
            }
            let link = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            #expect(try await system.api.get("/v1/wallets").status == 200)
            #expect(sockets.allSatisfy { $0.isOpen && $0.received.isEmpty }, "they are waited for still")
            for socket in sockets { await socket.close() }
        }
    }

    @Test func `a batch goes on no longer than its key`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let made = try await system.api.post("/v1/api-keys", #"{"name":"Short","permissions":["payments:write"]}"#)
            let (id, secret) = (try #require(made.json["id"].string), try #require(made.json["secret"].string))
            let (payer, payee) = (try await system.makeWallet(funds: 5_000), try await system.makeWallet())
            let links = [try await system.makeLink(to: payee), try await system.makeLink(to: payee)]
            let lines = links.map { Self.chunk(BatchTests.walletClaim(payer, on: $0.slug) + "\n") }
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(
                Self.chunked(
                    "/v1/payment-links/claims/batch",
                    "Content-Type: application/x-ndjson\r\nAuthorization: Bearer \(secret)\r\n") + lines[0])
            #expect(try await eventually { socket.received.contains("\"SETTLED\"") }, "\(socket.received)")
            #expect(try await system.api.delete("/v1/api-keys/\(id)").status == 204)
            try await socket.write(lines[1] + "0\r\n\r\n")
            #expect(try await eventually { socket.received.hasSuffix("\r\n0\r\n\r\n") }, "\(socket.received)")
            #expect(socket.received.contains(#"{"index":1,"status":401,"body":{"error":{"code":"API_KEY_REVOKED""#))
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
            await socket.close()
        }
    }

    @Test func `who has said everything gets every answer, however late they read`() async throws {
        try await TestSystem.run([]) { system, _ in
            let count = 20_000
            let request = "GET /v1/payment-links/claim/\(Self.slug) HTTP/1.1\r\nHost: a\r\n\r\n"
            let socket = try await RawSocket.connect(to: system.api.baseURL)
            try await socket.write(String(repeating: request, count: count))
            try await socket.endOutput()
            try await Task.sleep(for: .milliseconds(500))
            try await socket.beginReading()
            #expect(await socket.isClosed(within: .seconds(30)))
            #expect(socket.received.components(separatedBy: "HTTP/1.1 404 ").count - 1 == count)
        }
    }

    @Test func `a gateway that is asked to stop ends the waits of those who poll`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_DRAIN_TIMEOUT": "60s"]) { system, _ in
            async let events = system.api.get("/v1/events", headers: ["prefer": "wait=30"])
            try await Task.sleep(for: .milliseconds(500))
            let start = ContinuousClock.now
            kill(try #require(await system.gateway.pid), SIGTERM)
            #expect(try await events.status == 200)
            #expect(try await system.gateway.waitForExit() == .exited(0))
            #expect(ContinuousClock.now - start < .seconds(20), "thirty were asked for")
        }
    }

    @Test func `a page of any origin may pay, and may do nothing else`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let path = "/v1/payment-links/claim/\(link.slug)"
            let page = ["origin": "https://shop.example"]
            for (answer, status) in [
                (try await system.api.get(path, headers: page), 200),
                (try await system.api.post(link.claimPath, TestSystem.achClaim(), headers: page), 200),
                (try await system.api.post(link.claimPath, "{}", headers: page), 400),
                (try await system.api.get(path + "0", headers: page), 404),
            ] {
                #expect(answer.status == status && answer.header("access-control-allow-origin") == "*")
                #expect(answer.header("access-control-expose-headers")?.contains("Retry-After") == true)
            }
            #expect(try await system.api.get(path).header("access-control-allow-origin") == nil)
            let wallets = try await system.api.get("/v1/wallets", headers: page)
            #expect(wallets.status == 200 && wallets.header("access-control-allow-origin") == nil)
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            for target in [path + "/claim", "/v1/wallets"] {
                try await socket.write(
                    """
                    OPTIONS \(target) HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r
                    Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n
                    """)
            }
            #expect(try await eventually { socket.received.contains("METHOD_NOT_ALLOWED") }, "\(socket.received)")
            let allowed = socket.received.components(separatedBy: "HTTP/1.1 ")
            #expect(allowed.count == 3 && allowed[1].hasPrefix("204 ") && allowed[2].hasPrefix("405 "))
            #expect(allowed[1].contains("Content-Type, Idempotency-Key"), "\(allowed[1])")
            #expect(!allowed[2].lowercased().contains("access-control"), "\(allowed[2])")
            await socket.close()
        }
    }
}
