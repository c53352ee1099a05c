import PaymentLinks
import Sealing
import Testing
import TestSupport

/// Callers who are slow, silent or speak no HTTP, and promises that are too old to be kept.
@Suite struct ConnectionTests {
    private static let impatient = ["PAYLINKS_SLOW_PEER_TIMEOUT": "1s", "PAYLINKS_IDLE_TIMEOUT": "2s"]

    @Test func `what is no HTTP is answered in the one envelope`() async throws {
        try await TestSystem.run([]) { system, _ in
            let noise = [
                "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /v1/wallets HTTP/1.1\r\nbad header: x\r\n\r\n",
                "POST /v1/wallets HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
                "POST /v1/wallets HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
                "GET /v1/wallets HTTP/1.1\r\n\r\n", "GET /v1/wallets HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
            ]
            for text in noise {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(text)
                #expect(await socket.isClosed(within: .seconds(10)), "\(text)")
                let answer = socket.received
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(text): \(answer)")
                #expect(answer.contains(#"{"error":{"code":"VALIDATION_ERROR","message":"#), "\(text): \(answer)")
                #expect(answer.lowercased().contains("request-id: ") && answer.contains("\"MALFORMED\""), "\(answer)")
            }
        }
    }

    @Test func `a body that trickles in is given up, and takes nobody's place`() async throws {
        let settings = Self.impatient.merging(["PAYLINKS_MAX_IN_FLIGHT": "20"]) { $1 }
        try await TestSystem.run([], settings: settings) { system, _ in
            let head = "POST /v1/wallets HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(system.api.key ?? "")\r\n"
            let sockets = try await RaceTests.all(30) { _ in
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(head + "content-type: application/json\r\ncontent-length: 60000\r\n\r\n{")
                return socket
            }
            let trickle = Task {
                while !Task.isCancelled {
                    for socket in sockets { try? await socket.write(" ") }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            for socket in sockets { #expect(await socket.isClosed(within: .seconds(10))) }
            trickle.cancel()
            #expect(try await eventually { try await system.api.get("/v1/wallets").status == 200 })
        }
    }

    @Test func `heads that never end and silent connections are closed, and others are served meanwhile`() async throws
    {
        try await TestSystem.run([], settings: Self.impatient) { system, _ in
            let sockets = try await RaceTests.all(500) { index in
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                // On a slow machine the gateway may have lost its patience by now, which is all that is asked for.
                if index.isMultiple(of: 2) { try? await socket.write("GET /v1/wallets HTTP/1.1\r\nx-a") }
                return socket
            }
            let served = try await RaceTests.all(50) { _ in try await system.api.get("/v1/wallets").status }
            #expect(served.allSatisfy { $0 == 200 })
            for socket in sockets { #expect(await socket.isClosed(within: .seconds(20))) }
            // The client's own idle connections are closed too, perhaps just as it takes one of them up.
            #expect(try await eventually { (try? await system.api.get("/v1/wallets").status) == 200 })
        }
    }

    @Test func `connections beyond the bound wait for one that ends`() async throws {
        let settings = ["PAYLINKS_MAX_CONNECTIONS": "10", "PAYLINKS_MAX_CONNECTIONS_PER_ADDRESS": "11"]
        try await TestSystem.run([], settings: settings) { system, _ in
            let held = try await RaceTests.all(10) { _ in
                try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            }
            // Connections are taken several at a time: an answer on each shows that all ten are taken.
            for socket in held {
                try await socket.write("GET /v1/nothing HTTP/1.1\r\nhost: a\r\n\r\n")
                #expect(try await eventually { socket.received.hasPrefix("HTTP/1.1 404") })
            }
            let waiting = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await waiting.write("GET /v1/nothing HTTP/1.1\r\nhost: a\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            #expect(waiting.received.isEmpty)
            await held[0].close()
            #expect(try await eventually { waiting.received.hasPrefix("HTTP/1.1 404") })
        }
    }

    // MARK: - Old promises

    @Test func `an id that was given out long ago and that nothing came of is not PROCESSING for ever`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_PROMISE_AGE": "1h"]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let slug = try #require(Slug(link.slug))
            let identifiers = AcceptedIdentifiers(digestKey: system.digestKey)
            let ages: [(Duration, Int)] = [(.seconds(-3_000), 202), (.seconds(-4_000), 404)]
            for (age, status) in ages {
                let then = Timestamp.now().advanced(by: age)
                let claim = "/v1/payment-links/claim/\(slug)/claims/\(identifiers.mintClaim(for: slug, at: then))"
                let creation = "/v1/payment-links/\(identifiers.mintLink(for: system.organization, at: then))"
                let answers = [try await system.api.get(claim), try await system.api.get(creation)]
                #expect(answers.map(\.status) == [status, status])
                let codes = status == 404 ? ["CLAIM_NOT_FOUND", "PAYMENT_LINK_NOT_FOUND"] : [nil, nil]
                #expect(answers.map(\.errorCode) == codes)
                if status == 404 { #expect(answers.allSatisfy { $0.text.contains("given out long ago") }) }
                let cancelled = try await system.api.patch(creation)
                #expect(cancelled.status == (status == 404 ? 404 : 409), "\(cancelled.text)")
            }
        }
    }

    @Test func `a repeated creation's own id is cancelled as the link that it stands for`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let body = #"{"walletId":"\#(wallet)","amount":"1.00"}"#
            let first = try await system.api.post("/v1/payment-links", body, headers: ["idempotency-key": "k"])
            let again = try await system.api.post(
                "/v1/payment-links", body, headers: ["idempotency-key": "k", "prefer": "respond-async"])
            #expect(again.status == 202)
            let alias = try #require(again.json["id"].string)
            #expect(alias != first.json["id"].string)
            #expect(try await eventually { try await system.api.get("/v1/payment-links/\(alias)").status == 200 })
            let cancelled = try await system.api.patch("/v1/payment-links/\(alias)")
            #expect(cancelled.status == 200)
            #expect(cancelled.json["id"] == first.json["id"])
            #expect(cancelled.json["status"].string == "CANCELLED")
        }
    }
}
