import Foundation
import PrivateServers
import Testing
import TestSupport

/// How a batch's answer ends, and how a caller tells a complete answer from one that was cut off.
@Suite struct BatchEndTests {
    private static let creations = "/v1/payment-links/batch"
    private static let claims = "/v1/payment-links/claims/batch"
    private static let type = ["content-type": "application/x-ndjson"]

    private static func expectSummary(
        of body: [UInt8], _ lines: Int, _ succeeded: Int, _ processing: Int, _ failed: Int
    ) throws {
        let text = #"{"lines":\#(lines),"succeeded":\#(succeeded),"processing":\#(processing),"failed":\#(failed)}"#
        let expected = try JSONValue(Array(text.utf8))
        #expect(API.summary(of: body) == expected)
    }

    @Test func `a complete answer ends with the counts of its lines, whichever batch it is`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 1_000), try await system.makeWallet())
            let creation = BatchTests.creation(payee)
            let made = try await system.api.batch(Self.creations, [creation, "{", creation, "", creation])
            #expect(made.lines.map(\.status) == [201, 400, 201, 201])
            try Self.expectSummary(of: made.answer.body, 4, 3, 0, 1)
            #expect(made.answer.header("x-accel-buffering") == "no")
            let slugs = made.lines.compactMap { $0.body["slug"].string }
            let lines = slugs.map { BatchTests.walletClaim(payer, on: $0) }
            let claimed = try await system.api.batch(Self.claims, lines)
            try Self.expectSummary(of: claimed.answer.body, 3, 3, 0, 0)
            let promised = try await system.api.batch(Self.creations, [creation], headers: ["prefer": "respond-async"])
            try Self.expectSummary(of: promised.answer.body, 1, 0, 1, 0)
            let empty = try await system.api.batch(Self.creations, [])
            try Self.expectSummary(of: empty.answer.body, 0, 0, 0, 0)
            let full = try await system.api.send(
                "POST", Self.creations, body: Array(String(repeating: "{}\n", count: 10_050).utf8), headers: Self.type)
            try Self.expectSummary(of: full.body, 10_001, 0, 0, 10_001)
        }
    }

    @Test func `an answer that is cut off has no summary`() async throws {
        let settings = ["PAYLINKS_SLOW_PEER_TIMEOUT": "500ms"]
        try await TestSystem.run([], settings: settings) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(
                "POST \(Self.creations) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(system.api.key ?? "")\r\n"
                    + "Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n{}\n")
            #expect(await socket.isClosed(within: .seconds(10)))
            #expect(socket.received.contains(#"{"index":0,"status":400"#), "\(socket.received)")
            #expect(!socket.received.contains("summary"), "\(socket.received)")
        }
    }

    @Test(arguments: ["/v1/payment-links/batch", "/v1/payment-links/claims/batch"])
    func `HTTP 1.0 gets no batch, because it could not see where the answer is cut off`(path: String) async throws {
        try await TestSystem.run([]) { system, _ in
            for spoof in ["", "Internal-HTTP-Version: 1.1\r\n"] {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(
                    "POST \(path) HTTP/1.0\r\nAuthorization: Bearer \(system.api.key ?? "")\r\n\(spoof)"
                        + "Content-Type: application/x-ndjson\r\nContent-Length: 3\r\n\r\n{}\n")
                #expect(await socket.isClosed(within: .seconds(10)))
                #expect(socket.received.hasPrefix("HTTP/1.0 400 "), "\(socket.received)")
                #expect(socket.received.contains("Send batches over HTTP/1.1"), "\(socket.received)")
                #expect(socket.received.contains("\"HTTP_VERSION\""), "\(socket.received)")
            }
            let modern = try await system.api.batch(path, ["{}"], headers: ["internal-http-version": "1.0"])
            #expect(modern.answer.status == 200, "the gateway ignores a caller's own field")
        }
    }

    @Test func `curl's file of lines is answered line by line, and its end can be told`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let file = system.folder.appending(path: "links.ndjson")
            try ((1...20).map { _ in BatchTests.creation(wallet) + "\n" }).joined().write(
                to: file, atomically: true, encoding: .utf8)
            let run = try await Program.run(
                at: "/usr/bin/curl",
                [
                    "-sN", system.api.baseURL + Self.creations, "-H", "Authorization: Bearer \(system.api.key ?? "")",
                    "-H", "Content-Type: application/x-ndjson", "--data-binary", "@\(file.path)",
                ], environment: [:])
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(run.output.split(separator: "\n").count == 21)
            #expect(run.output.hasSuffix(#"{"summary":{"lines":20,"succeeded":20,"processing":0,"failed":0}}"# + "\n"))
        }
    }
}
