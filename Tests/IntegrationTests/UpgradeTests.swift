import Foundation
import PrivateServers
import Testing
import TestSupport

/// Callers that offer another protocol: Java's `HttpClient` does so by default, and so does `curl --http2`.
@Suite struct UpgradeTests {
    private static let offers = [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
    ]

    private static func statuses(_ socket: RawSocket) -> [String] {
        socket.received.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }

    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private static func post(_ path: String, _ body: String, _ fields: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `a request with Upgrade is answered, and so is whatever comes after it on the connection`() async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            for offer in Self.offers {
                let links = [try await system.makeLink(to: wallet), try await system.makeLink(to: wallet)]
                let details = String(links[0].claimPath.dropLast("/claim".count))
                let requests = [
                    Self.get(details, offer), Self.get(details),
                    Self.post(links[0].claimPath, TestSystem.achClaim(), offer),
                    Self.post(links[1].claimPath, TestSystem.achClaim(), ""), Self.get("/v1/nothing", offer),
                    Self.get(details),
                ]
                let expected = ["200", "200", "200", "200", "404", "200"]
                let patient = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                for (index, request) in requests.enumerated() {
                    try await patient.write(request)
                    let isAnswered = try await eventually { Self.statuses(patient).count == index + 1 }
                    #expect(isAnswered, "\(index): \(patient.received)")
                }
                #expect(Self.statuses(patient) == expected)
                let hasty = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await hasty.write(requests.joined())
                #expect(try await eventually { Self.statuses(hasty).count == requests.count }, "\(hasty.received)")
                #expect(patient.isOpen && hasty.isOpen)
                for socket in [patient, hasty] { await socket.close() }
            }
        }
    }

    @Test func `the operations port ignores Upgrade too`() async throws {
        try await TestSystem.run([.claimWorker]) { system, processes in
            for process in processes + [system.gateway] {
                let socket = try await RawSocket.connect(to: process.operations.baseURL, isReading: true)
                for (count, offer) in (Self.offers + [""]).enumerated() {
                    try await socket.write(Self.get("/health/live", offer))
                    #expect(try await eventually { Self.statuses(socket).count == count + 1 }, "\(socket.received)")
                }
                try await socket.write(Self.post("/health/live", "{}", Self.offers[0]) + Self.get("/metrics"))
                #expect(try await eventually { Self.statuses(socket).count == 5 }, "\(socket.received)")
                #expect(Self.statuses(socket) == ["200", "200", "200", "404", "200"])
                await socket.close()
            }
        }
    }

    @Test(arguments: [
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/wallets HTTP/1.1\r\nHost: a\r\nProxy-Connection: close\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /v1/wallets HTTP/1.1\r\nHost: a\r\nUpgrade:\r\nConnection: upgrade\r\n\r\n",
        "GET /v1/wallets HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ])
    func `where nothing more is read, the answer says so and the connection ends`(request: String) async throws {
        try await TestSystem.run([]) { system, _ in
            for server in [system.api.baseURL, system.gateway.operations.baseURL] {
                let socket = try await RawSocket.connect(to: server, isReading: true)
                try await socket.write(request + Self.get("/v1/nothing"))
                #expect(await socket.isClosed(within: .seconds(10)), "\(socket.received)")
                #expect(socket.received.lowercased().contains("\r\nconnection: close\r\n"), "\(socket.received)")
                #expect(socket.received.matches(of: #/HTTP/1\.[01] [0-9]{3} /#).count == 1, "\(socket.received)")
            }
        }
    }

    @Test func `curl --http2 makes several requests on one connection`() async throws {
        try await TestSystem.run([]) { system, _ in
            let url = system.api.baseURL + "/v1/nothing"
            let arguments = [
                "-s", "--http2", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code} %{num_connects}\n",
            ]
            let run = try await Program.run(
                at: "/usr/bin/curl", arguments + [url, "-o", "/dev/null", url, "-o", "/dev/null", url], environment: [:]
            )
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(run.output == "404 1\n404 0\n404 0\n")
        }
    }

    @Test func `Java's own HTTP client makes several calls, with its default settings`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let environment = try await system.address().merging(["PAYLINKS_PAYEE_WALLET": "\(wallet)"]) { $1 }
            let file = Program.repository.appending(path: "Tests/Java/DefaultClient.java").path
            let run = try await Program.run(at: "/usr/bin/java", [file], environment: environment)
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(run.output.hasSuffix("8 calls\n"), "\(run.output)")
        }
    }
}
