import Foundation
import Jobs
import PaymentLinks
import Storage
import Testing
import TestSupport

/// Bounds on what callers may ask of one gateway, and that they stand between callers, not between a caller and help.
@Suite(.serialized) struct LimitTests {
    @Test func `a key's own limit holds it, is told on each answer, and is changed over HTTP`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_KEY_CACHE_TTL": "0s", "PAYLINKS_RATE_LIMIT_PER_KEY": "500"]) {
            system, _ in
            let made = try await system.api.post(
                "/v1/api-keys", #"{"name":"Slow","permissions":["wallets:read"],"rateLimit":2}"#)
            #expect(made.status == 201 && made.json["rateLimit"].number == 2)
            let slow = system.api.with(key: made.json["secret"].string)
            let answers = try await RaceTests.all(40) { _ in try await slow.get("/v1/wallets") }
            #expect(answers.allSatisfy { $0.header("ratelimit-policy") == #""default";q=2;w=1"# })
            let refused = answers.filter { $0.status == 429 }
            #expect(!refused.isEmpty && answers.contains { $0.status == 200 })
            #expect(refused.allSatisfy { $0.errorCode == "RATE_LIMIT_EXCEEDED" && $0.header("retry-after") == "1" })
            let id = try #require(made.json["id"].string)
            let raised = try await system.api.patch("/v1/api-keys/\(id)", #"{"rateLimit":400}"#)
            #expect(raised.json["rateLimit"].number == 400)
            #expect(try await slow.get("/v1/wallets").header("ratelimit-policy") == #""default";q=400;w=1"#)
            let reset = try await system.api.patch("/v1/api-keys/\(id)", #"{"rateLimit":null}"#)
            #expect(reset.json["rateLimit"] == .null)
            #expect(try await slow.get("/v1/wallets").header("ratelimit-policy") == #""default";q=500;w=1"#)
            for wrong in ["0", "1.5", #""10""#, "1000001", "-1"] {
                let answer = try await system.api.patch("/v1/api-keys/\(id)", #"{"rateLimit":\#(wrong)}"#)
                #expect(answer.status == 400 && answer.errorCode == "VALIDATION_ERROR", "\(wrong): \(answer.text)")
            }
        }
    }

    /// A plain request of the peer's own, and one through a proxy, which is for the parser.
    @Test(arguments: [[:], ["x-forwarded-for": "192.0.2.1", "connection": "TE"]])
    func `callers without a key share their address's rate, and a key or another address has its own`(
        headers: [String: String]
    ) async throws {
        let settings = ["PAYLINKS_RATE_LIMIT_PER_ADDRESS": "3", "PAYLINKS_HTTP_TRUSTED_PROXIES": "127.0.0.0/8"]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let path = "/v1/payment-links/claim/\(link.slug)"
            let payers = system.api.with(key: nil)
            let answers = try await RaceTests.all(200) { _ in try await payers.get(path, headers: headers) }
            #expect(answers.allSatisfy { $0.header("ratelimit-policy") == #""default";q=64;w=22"# })
            #expect(answers.allSatisfy { $0.header("ratelimit") != nil })
            let refused = answers.filter { $0.status == 429 }
            #expect(!refused.isEmpty && answers.count { $0.status == 200 } >= 64, "a burst of 64")
            #expect(refused.count + answers.count { $0.status == 200 } == 200)
            #expect(refused.allSatisfy { $0.errorCode == "RATE_LIMIT_EXCEEDED" && $0.header("retry-after") == "1" })
            let elsewhere = headers.merging(["x-forwarded-for": "192.0.2.2"]) { $1 }
            let neighbour = try await payers.get(path, headers: elsewhere)
            #expect(neighbour.status == 200, "\(neighbour.text)")
            let known = try await RaceTests.all(10) { _ in try await system.api.get(path, headers: headers) }
            #expect(known.allSatisfy { $0.status == 200 })
        }
    }

    @Test func `who tries key after key is held to a rate, and others at their address are not`() async throws {
        let settings = ["PAYLINKS_RATE_LIMIT_PER_ADDRESS": "3", "PAYLINKS_KEY_CACHE_TTL": "0s"]
        try await TestSystem.run([], settings: settings) { system, _ in
            let payers = system.api.with(key: nil)
            _ = try await RaceTests.all(200) { _ in try await payers.get("/v1/payment-links/claim/x") }
            let keyed = try await RaceTests.all(10) { _ in try await system.api.get("/v1/wallets") }
            #expect(keyed.allSatisfy { $0.status == 200 }, "a key is looked up whatever payers do")
            let tries = try await RaceTests.all(200) { number in
                try await system.api.with(key: "wg_test_\(number)").get("/v1/wallets")
            }
            #expect(tries.allSatisfy { [401, 429].contains($0.status) })
            let refused = tries.filter { $0.status == 429 }
            #expect(!refused.isEmpty && refused.allSatisfy { $0.errorCode == "RATE_LIMIT_EXCEEDED" })
            let isThrough = try await eventually { try await system.api.get("/v1/wallets").status == 200 }
            #expect(isThrough, "a good key gets through again")
        }
    }

    @Test func `a key gives no higher limit than it has, not even to itself`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_KEY_CACHE_TTL": "0s", "PAYLINKS_RATE_LIMIT_PER_KEY": "500"]) {
            system, _ in
            let made = try await system.api.post(
                "/v1/api-keys", #"{"name":"Held","permissions":["keys:write","keys:read"],"rateLimit":100}"#)
            let id = try #require(made.json["id"].string)
            let held = system.api.with(key: made.json["secret"].string)
            for limit in ["101", "null"] {
                let own = try await held.patch("/v1/api-keys/\(id)", #"{"rateLimit":\#(limit)}"#)
                #expect(own.errorCode == "PERMISSION_DENIED", "\(limit): \(own.text)")
            }
            let greedy = try await held.post("/v1/api-keys", #"{"name":"C","permissions":[],"rateLimit":101}"#)
            #expect(greedy.errorCode == "PERMISSION_DENIED")
            let child = try await held.post("/v1/api-keys", #"{"name":"C","permissions":[]}"#)
            #expect(child.json["rateLimit"].number == 100, "a bound that is absent is taken over")
            #expect(try await held.patch("/v1/api-keys/\(id)", #"{"rateLimit":50}"#).status == 200)
            let beyond = try await system.api.post("/v1/api-keys", #"{"name":"C","permissions":[],"rateLimit":501}"#)
            #expect(beyond.errorCode == "PERMISSION_DENIED", "more than the gateway gives to any")
        }
    }

    @Test func `one flooding key does not slow the others`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let grant = KeyGrant(permissions: Set(Permission.allCases), rateLimit: 20)
            let flooding = system.api.with(key: try await system.key(grant))
            let wallet = try await system.makeWallet()
            let body = #"{"walletId":"\#(wallet)","amount":"1.00"}"#
            let start = ContinuousClock.now
            async let flood = RaceTests.all(2_000) { _ in try await flooding.post("/v1/payment-links", body) }
            let quiet = try await RaceTests.all(100) { _ in try await system.api.post("/v1/payment-links", body) }
            let flooded = try await flood
            let seconds = Double((ContinuousClock.now - start) / .seconds(1))
            #expect(quiet.allSatisfy { $0.status == 201 }, "the others are served, all of them")
            let served = flooded.count { $0.status == 201 }
            #expect(served + flooded.count { $0.status == 429 } == 2_000, "and nobody is told anything else")
            #expect(Double(served) <= 20 * (1 + seconds), "\(served) in \(seconds) s")
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 100 + served)
        }
    }

    @Test func `a full gateway refuses at once, keeps what it has, and takes more as soon as it can`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_MAX_IN_FLIGHT": "8"]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let links = try await Self.links(8, system)
            await maker.stop()
            async let waiting = RaceTests.all(8) { index in
                // One caller alone has half of the places.
                try await Self.claimOnceTaken(links[index], system.api.with(key: index < 4 ? system.api.key : nil))
            }
            // Jobs travel together, so the queue's depth does not tell: full is who refuses one more.
            let isFull = try await eventually {
                let keyed = try await system.api.get("/v1/wallets")
                let anonymous = try await system.api.with(key: nil).get("/v1/payment-links/claim/\(links[0].slug)")
                return keyed.status == 503 && anonymous.status == 503
            }
            #expect(isFull)
            let refused = try await RaceTests.all(50) { _ in try await system.api.get("/v1/wallets") }
            #expect(refused.allSatisfy { $0.status == 503 && $0.errorCode == "OVERLOADED" })
            #expect(refused.allSatisfy { $0.header("retry-after") != nil })
            try await Self.refuseHoweverSpelt(system)
            let heir = try await system.start(.claimWorker)
            #expect(try await waiting.map(\.status) == Array(repeating: 200, count: 8))
            #expect(try await eventually { try await system.api.get("/v1/wallets").status == 200 })
            let metrics = try await system.gateway.operations.get("/metrics").text
            let shed = try #require(metrics.firstMatch(of: /paylinks_requests_shed_total ([0-9.]+)/)?.1)
            #expect(try #require(Double(shed)) >= 50)
            await heir.kill()
        }
    }

    /// What can be told apart unread is refused so, everything else behind the parser, and nobody sees a difference.
    private static func refuseHoweverSpelt(_ system: TestSystem) async throws {
        func claim(_ header: String = "") -> String {
            "POST /v1/payment-links/claim/\(String(repeating: "a", count: 20))/claim HTTP/1.1\r\nHost: a\r\n"
                + "Content-Type: application/json\r\n\(header)Content-Length: 2\r\n\r\n{}"
        }
        let spellings: [(pieces: [String], answers: Int)] = [
            ([claim(), claim()], 2), ([claim("X-Request-Id: mine\r\n")], 1),
            ([String(claim().prefix(40)), String(claim().dropFirst(40)), claim()], 2), ([claim() + claim()], 2),
            ([claim("Connection: keep-alive\r\n")], 1), ([claim("Connection: TE\r\n")], 1),
        ]
        for (pieces, answers) in spellings {
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            for (number, piece) in pieces.enumerated() {
                try await socket.write(piece)
                _ = try await eventually(within: .milliseconds(300)) {
                    socket.received.split(separator: "HTTP/1.1 503 ").count > number
                }
            }
            #expect(try await eventually { socket.received.split(separator: "HTTP/1.1 503 ").count == answers })
            let text = socket.received.lowercased()
            for part in ["request-id: ", "retry-after: 1\r\n", "content-type: application/json\r\n", "\"overloaded\""] {
                #expect(text.split(separator: part).count == answers + 1, "\(part) in \(text)")
            }
            #expect(text.contains("request-id: mine") == pieces[0].contains("mine"))
            await socket.close()
        }
        let metrics = try await system.gateway.operations.get("/metrics").text
        let counted = metrics.split(separator: "\n").first {
            $0.contains("requests_total{") && $0.contains("/claim/{slug}/claim\"") && $0.contains("status=\"503\"")
        }
        #expect(try #require(counted?.split(separator: " ").last.flatMap { Double($0) }) >= 9, "\(metrics)")
    }

    /// Claims until the gateway takes it: it may be full of those who look whether it is.
    private static func claimOnceTaken(_ link: TestSystem.Link, _ payer: API) async throws -> API.Answer {
        var answer: API.Answer
        repeat {
            answer = try await payer.post(
                link.claimPath, TestSystem.achClaim(), headers: ["prefer": "wait=30"])
        } while answer.status == 503
        return answer
    }

    private static func links(_ count: Int, _ system: TestSystem) async throws -> [TestSystem.Link] {
        let wallet = try await system.makeWallet()
        var links: [TestSystem.Link] = []
        for _ in 0..<count { links.append(try await system.makeLink(to: wallet)) }
        return links
    }
}
