import Foundation
import Testing
import TestSupport

/// HTTP/1.1 as callers of every kind speak it: several requests at once, bodies that wait to be asked for, and who
/// ends a connection.
@Suite struct ProtocolTests {
    private static let nothing = "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A request with a body.
    private static func post(
        _ path: String, _ body: String, _ headers: String = "", version: String = "1.1"
    ) -> String {
        head(path, body, headers, version: version) + body
    }

    private static func head(
        _ path: String, _ body: String, _ headers: String = "", version: String = "1.1"
    ) -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(headers)\r\n"
    }

    /// The answers that have come, each without its version.
    private static func answers(_ socket: RawSocket) -> [String] {
        socket.received.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0 }
    }

    private static func statuses(_ socket: RawSocket) -> [String] { answers(socket).map { String($0.prefix(3)) } }

    // MARK: - Several requests at once

    @Test func `an error that answers HEAD has the length of its body, and no body`() async throws {
        try await TestSystem.run([]) { system, _ in
            for path in ["/v1/nothing", "/v1/sandbox/fund"] {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n" + Self.nothing)
                #expect(try await eventually { socket.received.contains("NOT_FOUND") })
                let answers = Self.answers(socket)
                #expect(answers.count == 2 && answers[0].hasSuffix("\r\n\r\n"), "\(socket.received)")
                let length = answers[0].lowercased().firstMatch(of: /content-length: ([0-9]+)/)?.1
                #expect(try #require(length.flatMap { Int($0) }) > 0)
                await socket.close()
            }
        }
    }

    @Test func `what is malformed is answered behind the claim before it`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            for noise in ["nonsense\r\n\r\n", "GET /v1/nothing HTTP/1.1\r\n\r\n", Self.nothing + "nonsense\r\n\r\n"] {
                let link = try await system.makeLink(to: wallet)
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(Self.post(link.claimPath, TestSystem.achClaim()) + noise)
                #expect(await socket.isClosed(within: .seconds(10)), "\(noise)")
                let statuses = noise.hasPrefix(Self.nothing) ? ["200", "404", "400"] : ["200", "400"]
                #expect(Self.statuses(socket) == statuses, "\(noise): \(socket.received)")
                #expect(socket.received.hasSuffix("}") && socket.received.contains("\"MALFORMED\""))
            }
        }
    }

    @Test func `claims and other requests that come at once are answered in their order`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let links = [try await system.makeLink(to: wallet), try await system.makeLink(to: wallet)]
            let claims = links.map { Self.post($0.claimPath, TestSystem.achClaim(), "Connection: keep-alive\r\n") }
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(claims[0] + Self.nothing + claims[1] + Self.nothing)
            #expect(try await eventually { Self.statuses(socket).count == 4 })
            #expect(Self.statuses(socket) == ["200", "404", "200", "404"])
            #expect(socket.isOpen)
            await socket.close()
        }
    }

    // MARK: - Bodies that wait to be asked for

    @Test func `a body that waits to be asked for is asked for when its turn has come`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let body = TestSystem.achClaim()
            for before in ["", Self.nothing, Self.post(try await system.makeLink(to: wallet).claimPath, body)] {
                let link = try await system.makeLink(to: wallet)
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(before + Self.head(link.claimPath, body, "Expect: 100-Continue\r\n"))
                #expect(try await eventually { socket.received.hasSuffix("HTTP/1.1 100 Continue\r\n\r\n") })
                try await socket.write(body)
                #expect(try await eventually { Self.statuses(socket).last == "200" })
                #expect(Self.statuses(socket).suffix(2) == ["100", "200"])
                #expect(Self.statuses(socket).count == (before.isEmpty ? 2 : 3), "\(socket.received)")
                await socket.close()
            }
        }
    }

    @Test func `a body whose chunks are none is refused as the caller's fault`() async throws {
        try await TestSystem.run([]) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            let head = Self.head("/v1/wallets", "", "Authorization: Bearer \(system.api.key ?? "")\r\n")
                .replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")
            #expect(head.contains("chunked"))
            try await socket.write(head + "no length\r\n{}\r\n0\r\n\r\n")
            #expect(try await eventually { Self.statuses(socket) == ["400"] }, "\(socket.received)")
            #expect(socket.received.contains(#""field":"body","code":"MALFORMED""#), "\(socket.received)")
            #expect(socket.received.lowercased().contains("\r\nconnection: close\r\n"), "\(socket.received)")
            await socket.close()
        }
    }

    // MARK: - The end of a connection

    @Test(arguments: ["Connection: Close", "Connection: close, TE", "Connection: keep-alive\r\nconnection: CLOSE"])
    func `a connection ends behind the answer to who asks for it, however they spell it`(header: String) async throws {
        try await TestSystem.run([]) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write("GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n" + Self.nothing)
            #expect(await socket.isClosed(within: .seconds(10)))
            #expect(Self.statuses(socket) == ["404"], "\(socket.received)")
            #expect(socket.received.lowercased().contains("connection: close\r\n"))
        }
    }

    @Test func `an answer in HTTP 1.0 is not chunked, and ends with its connection`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let line = #"{"walletId":"\#(try await system.makeWallet())","amount":"1.00"}"#
            let keyed = "Authorization: Bearer \(system.api.key ?? "")\r\nConnection: keep-alive\r\n"
            let batch = Self.post("/v1/payment-links/batch", line, keyed, version: "1.0")
                .replacing("application/json", with: "application/x-ndjson")
            let requests = [(batch, "400"), (Self.post("/v1/payment-links", line, keyed, version: "1.0"), "201")]
            for (request, status) in requests {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(request)
                #expect(await socket.isClosed(within: .seconds(10)))
                #expect(socket.received.hasPrefix("HTTP/1.0 \(status) "), "\(socket.received)")
                #expect(!socket.received.lowercased().contains("transfer-encoding"))
                #expect(socket.received.split(separator: "\r\n\r\n").last?.hasPrefix("{") == true)
            }
        }
    }
}
