import Testing
import TestSupport

/// No address can hold all connections of a gateway.
@Suite struct ConnectionShareTests {
    private static let request = "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func connect(_ system: TestSystem, from address: String, _ count: Int) async throws -> [RawSocket] {
        var sockets: [RawSocket] = []
        for _ in 0..<count {
            sockets.append(try await RawSocket.connect(to: system.api.baseURL, from: address, isReading: true))
        }
        return sockets
    }

    private static func isAnswered(_ socket: RawSocket) async throws -> Bool {
        try? await socket.write(request)
        _ = try await eventually(within: .seconds(10)) { !socket.isOpen || !socket.received.isEmpty }
        return socket.received.hasPrefix("HTTP/1.1 404")
    }

    private static func refusals(_ system: TestSystem) async throws -> Int {
        let metrics = try await system.gateway.operations.get("/metrics").text
        let pattern = /paylinks_connections_refused_total\{reason="address_share"\} ([0-9]+)/
        return Int(metrics.firstMatch(of: pattern)?.1 ?? "0") ?? 0
    }

    @Test func `an address that holds its share is refused more, and others still get their answers`() async throws {
        let settings = ["PAYLINKS_MAX_CONNECTIONS": "40"]
        try await TestSystem.run([], settings: settings) { system, _ in
            let held = try await Self.connect(system, from: "127.0.0.2", 10)
            for socket in held { #expect(try await Self.isAnswered(socket)) }
            let more = try await Self.connect(system, from: "127.0.0.2", 60)
            for socket in more { #expect(await socket.isClosed(within: .seconds(10))) }
            #expect(more.allSatisfy { $0.received.isEmpty })
            #expect(held.allSatisfy { $0.isOpen })
            #expect(try await Self.refusals(system) == 60)
            for other in try await Self.connect(system, from: "127.0.0.3", 10) {
                #expect(try await Self.isAnswered(other))
            }
            let log = await system.gateway.logText.split(separator: "\n").filter {
                $0.contains("its further ones are closed")
            }
            #expect(log.count == 1 && log.first?.contains("127.0.0.2") == true, "\(log)")
            await held[0].close()
            #expect(
                try await eventually {
                    let next = try await Self.connect(system, from: "127.0.0.2", 1)[0]
                    return try await Self.isAnswered(next)
                }, "a connection that ends makes room")
        }
    }

    @Test func `a trusted proxy has a larger share, and both shares are settings`() async throws {
        let settings = [
            "PAYLINKS_HTTP_TRUSTED_PROXIES": "127.0.0.9", "PAYLINKS_MAX_CONNECTIONS": "16",
            "PAYLINKS_MAX_CONNECTIONS_PER_ADDRESS": "2",
        ]
        try await TestSystem.run([], settings: settings) { system, _ in
            let proxied = try await Self.connect(system, from: "127.0.0.9", 14)
            var open = 0
            for socket in proxied { open += try await Self.isAnswered(socket) ? 1 : 0 }
            #expect(open == 12, "three quarters")
            let direct = try await Self.connect(system, from: "127.0.0.2", 3)
            var served = 0
            for socket in direct { served += try await Self.isAnswered(socket) ? 1 : 0 }
            #expect(served == 2)
            #expect(try await Self.refusals(system) == 3)
        }
    }
}
