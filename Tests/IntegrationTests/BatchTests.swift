import PaymentLinks
import Postgres
import PrivateServers
import Storage
import Synchronization
import Testing
import TestSupport

/// Many links and claims in one request.
@Suite struct BatchTests {
    private static let creations = "/v1/payment-links/batch"
    private static let claims = "/v1/payment-links/claims/batch"

    @Test func `1,500 links are made and claimed in two requests, answered line by line in their order`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 1_000_000), try await system.makeWallet())
            let count = 1_500
            let made = try await system.api.batch(
                Self.creations, (0..<count).map { Self.creation(payee, #""metadata":{"place":\#($0)}"#) })
            #expect(made.answer.status == 200)
            #expect(made.answer.header("content-type") == "application/x-ndjson")
            #expect(made.lines.map(\.index) == Array(0..<count))
            #expect(made.lines.allSatisfy { $0.status == 201 })
            #expect(made.lines.map { $0.body["metadata"]["place"].number } == (0..<count).map(Double.init))
            let slugs = made.lines.compactMap { $0.body["slug"].string }
            let claimed = try await system.api.batch(Self.claims, slugs.map { Self.walletClaim(payer, on: $0) })
            #expect(claimed.lines.map(\.index) == Array(0..<count))
            #expect(claimed.lines.allSatisfy { $0.status == 200 && $0.body["status"].string == "SETTLED" })
            #expect(claimed.lines.map { $0.body["slug"].string } == slugs)
            #expect(try await system.balance(of: payee).available == "1500.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `one bad line harms no other, and is told what a request of its own would be`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let scene = try await BatchScene(system)
            for (path, lines) in [(Self.creations, scene.creations), (Self.claims, scene.claims)] {
                let good = lines.filter { $0.status < 300 }.count
                let batch = try await system.api.batch(path, lines.map(\.line))
                #expect(batch.answer.status == 200)
                #expect(batch.lines.count == lines.count)
                for (answer, expected) in zip(batch.lines, lines) {
                    #expect(answer.status == expected.status, "\(expected.line.prefix(200)): \(answer.json)")
                    #expect(answer.errorCode == expected.code, "\(expected.line.prefix(200)): \(answer.json)")
                }
                #expect(batch.lines.filter { $0.status < 300 }.count == good)
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a line's idempotency key is the same key on the route of its own`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 10_000), try await system.makeWallet())
            let keyed = Self.creation(payee, #""idempotencyKey":"link-1""#)
            let twice = try await system.api.batch(Self.creations, [keyed, keyed])
            #expect(twice.lines.map(\.status) == [201, 201])
            #expect(twice.lines[0].body == twice.lines[1].body)
            #expect(twice.lines.map { $0.json["replayed"] } == [.null, .boolean(true)])
            let alone = try await system.api.post(
                "/v1/payment-links", Self.creation(payee), headers: ["idempotency-key": "link-1"])
            #expect(alone.json == twice.lines[0].body)
            #expect(alone.header("idempotent-replayed") == "true")
            let other = try await system.api.batch(
                Self.creations, [Self.creation(payee, #""description":"Other","idempotencyKey":"link-1""#)])
            #expect(other.lines.first?.errorCode == "IDEMPOTENCY_KEY_REUSE")
            let slug = try #require(alone.json["slug"].string)
            let claim = Self.walletClaim(payer, on: slug, #""idempotencyKey":"claim-1""#)
            let claimed = try await system.api.batch(Self.claims, [claim, claim])
            #expect(claimed.lines.map(\.status) == [200, 200])
            #expect(claimed.lines[0].body == claimed.lines[1].body)
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 1)
            #expect(try await system.balance(of: payee).available == "1.00")
            let header = try await system.api.batch(Self.creations, [keyed], headers: ["idempotency-key": "x"])
            #expect(header.answer.status == 400 && header.answer.errorCode == "VALIDATION_ERROR")
        }
    }

    @Test func `a line is answered before the next is sent`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let (lines, sender) = AsyncStream.makeStream(of: String.self)
            sender.yield(Self.creation(payee))
            let seen = Mutex<[Int]>([])
            try await system.api.stream(Self.creations, lines) { line in
                let count = seen.withLock { seen in
                    seen.append(line.index)
                    return seen.count
                }
                if count < 6 { sender.yield(Self.creation(payee)) } else { sender.finish() }
            }
            #expect(seen.withLock(\.self) == Array(0..<6))
        }
    }

    @Test func `lines that come piece by piece are decided in their order`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            for _ in 0..<5 {
                let payer = try await system.makeWallet(funds: 3_000)
                let made = try await system.api.batch(Self.creations, Array(repeating: Self.creation(payee), count: 60))
                let (lines, sender) = AsyncStream.makeStream(of: String.self)
                for line in made.lines { sender.yield(Self.walletClaim(payer, on: line.body["slug"].string ?? "")) }
                sender.finish()
                let statuses = Mutex<[Int]>([])
                try await system.api.stream(Self.claims, lines) { line in statuses.withLock { $0.append(line.status) } }
                let expected = Array(repeating: 200, count: 30) + Array(repeating: 402, count: 30)
                #expect(statuses.withLock(\.self) == expected, "who comes first is paid first")
            }
        }
    }

    @Test func `a batch has 10,000 lines at most, and the line after that says so`() async throws {
        try await TestSystem.run([]) { system, _ in
            let answer = try await system.api.send(
                "POST", Self.creations, body: Array(String(repeating: "{}\n", count: 10_050).utf8),
                headers: ["content-type": "application/x-ndjson"])
            let lines = answer.body.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 10_002, "the last line is the summary")
            let ends = API.lines(of: Array(lines.dropLast().suffix(2).joined(separator: [UInt8(ascii: "\n")])))
            #expect(ends.map(\.index) == [9_999, 10_000])
            #expect(ends.map(\.status) == [400, 413])
            #expect(ends.map(\.errorCode) == ["VALIDATION_ERROR", "PAYLOAD_TOO_LARGE"])
        }
    }

    @Test func `lines that are not waited for are promised, and their addresses tell`() async throws {
        try await TestSystem.run([]) { system, _ in
            let worker = try await system.start(.claimWorker)
            let (payer, payee) = (try await system.makeWallet(funds: 10_000), try await system.makeWallet())
            let links = try await RaceTests.all(5) { _ in try await system.makeLink(to: payee) }
            await worker.stop()
            let batch = try await system.api.batch(
                Self.claims, links.map { Self.walletClaim(payer, on: $0.slug) }, headers: ["prefer": "respond-async"])
            #expect(batch.answer.header("preference-applied") == "respond-async")
            #expect(batch.lines.map(\.status) == Array(repeating: 202, count: 5))
            let heir = try await system.start(.claimWorker)
            for line in batch.lines {
                let address = try #require(line.json["location"].string)
                let claim = try await system.api.with(key: nil).get(address, headers: ["prefer": "wait=20"])
                #expect(claim.status == 200 && claim.json["status"].string == "SETTLED")
            }
            await heir.kill()
        }
    }

    @Test func `a batch is no way round the rate limit`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let grant = KeyGrant(permissions: [.paymentsWrite], rateLimit: 10)
            let key = try await TestSystem.makeKey(.sandbox, of: system.organization, in: system.pool, grant: grant)
            let start = ContinuousClock.now
            let batch = try await system.api.with(key: key)
                .batch(Self.creations, Array(repeating: Self.creation(payee), count: 100))
            let seconds = Double((ContinuousClock.now - start) / .seconds(1))
            let made = batch.lines.filter { $0.status == 201 }
            let refused = batch.lines.filter { $0.status == 429 }
            #expect(made.count + refused.count == 100)
            #expect(made.count >= 1 && Double(made.count) <= 10 * (1 + seconds), "\(made.count) in \(seconds) s")
            #expect(refused.allSatisfy { $0.errorCode == "RATE_LIMIT_EXCEEDED" && $0.json["retryAfter"] != .null })
        }
    }

    @Test func `a batch that nobody reads is not read on, and its sender is let go`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_SLOW_PEER_TIMEOUT": "1s"]) { system, _ in
            let payee = try await system.makeWallet()
            let long = String(repeating: "d", count: 1_024)
            let line = Self.creation(payee, #""description":"\#(long)""#)
            let socket = try await RawSocket.connect(to: system.api.baseURL)
            try await socket.write(
                """
                POST \(Self.creations) HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(system.api.key ?? "")\r
                content-type: application/x-ndjson\r\ncontent-length: \(10_000 * (line.utf8.count + 1))\r\n\r\n
                """)
            async let sent = socket.writeUntilStopped(line + "\n", atMost: 10_000)
            #expect(await socket.isClosed(within: .seconds(30)), "a sender that never reads is let go")
            let count = await sent
            #expect(try await system.number("SELECT count(*) FROM payment_links") < 10_000, "\(count) lines were taken")
            #expect(try await system.api.batch(Self.creations, [Self.creation(payee)]).lines.map(\.status) == [201])
        }
    }

    @Test func `as many batches as there are slots are worked on, and others are told to come back`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_MAX_BATCHES": "1"]) { system, _ in
            let payee = try await system.makeWallet()
            let (lines, sender) = AsyncStream.makeStream(of: String.self)
            sender.yield(Self.creation(payee))
            try await system.api.stream(Self.creations, lines) { _ in
                let other = try await system.api.batch(Self.creations, [Self.creation(payee)])
                #expect(other.answer.status == 503 && other.answer.errorCode == "OVERLOADED")
                #expect(other.answer.header("retry-after") != nil)
                sender.finish()
            }
            let isFree = try await eventually {
                try await system.api.batch(Self.creations, [Self.creation(payee)]).answer.status == 200
            }
            #expect(isFree)
        }
    }

    @Test func `without a broker each line is refused for now, and nothing is promised`() async throws {
        try await TestSystem.run([.claimWorker], ownServers: true) { system, _ in
            let payee = try await system.makeWallet()
            let rabbitMQ = try #require(system.servers.own?.rabbitMQ)
            await rabbitMQ.kill()
            let batch = try await system.api.batch(
                Self.creations, Array(repeating: Self.creation(payee), count: 3) + ["{}"])
            #expect(batch.answer.status == 200)
            #expect(batch.lines.map(\.status) == [503, 503, 503, 400])
            #expect(batch.lines.prefix(3).allSatisfy { $0.errorCode == "QUEUE_UNAVAILABLE" })
            #expect(batch.lines.prefix(3).allSatisfy { $0.json["retryAfter"].number == 1 })
        }
    }

    @Test func `what is not lines is refused as a whole`() async throws {
        try await TestSystem.run([]) { system, _ in
            for path in [Self.creations, Self.claims] {
                let json = try await system.api.post(path, "{}")
                #expect(json.status == 415 && json.errorCode == "UNSUPPORTED_MEDIA_TYPE")
                let empty = try await system.api.batch(path, [])
                #expect(empty.answer.status == 200 && empty.lines.isEmpty)
            }
        }
    }

    static func creation(_ wallet: WalletID, _ members: String = "") -> String {
        #"{"walletId":"\#(wallet)","amount":"1.00"\#(members.isEmpty ? "" : "," + members)}"#
    }

    static func walletClaim(_ payer: WalletID, on slug: String, _ members: String = "") -> String {
        claim(TestSystem.walletClaim(payer), on: slug, members)
    }

    /// A claim's body, with its slug and further members.
    static func claim(_ body: String, on slug: String, _ members: String = "") -> String {
        let added = #""slug":"\#(slug)"\#(members.isEmpty ? "" : "," + members),"#
        return "{" + added + body.drop { $0 != "{" }.dropFirst().replacing("\n", with: " ")
    }
}
