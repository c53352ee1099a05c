import PaymentLinks
import Storage
import Testing
import TestSupport

/// An organization's keys have one share together in each environment, and other organizations keep theirs.
@Suite(.serialized) struct ShareTests {
    private struct Callers {
        /// Two keys of one organization.
        let one: [API]
        let other: API

        init(_ system: TestSystem, rateLimit: Int? = nil) async throws {
            let grant = KeyGrant(permissions: Set(Permission.allCases), rateLimit: rateLimit)
            one = [
                system.api.with(key: try await system.key(grant)), system.api.with(key: try await system.key(grant)),
            ]
            let organization = try await system.makeOrganization()
            other = system.api.with(key: try await TestSystem.makeKey(.sandbox, of: organization, in: system.pool))
        }
    }

    private static func openBatch(_ api: API, _ body: String) async throws -> RawSocket {
        let socket = try await RawSocket.connect(to: api.baseURL, isReading: true)
        try await socket.write(
            "POST /v1/payment-links/claims/batch HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Authorization: Bearer \(api.key ?? "")\r\nContent-Type: application/x-ndjson\r\n\r\n" + chunk(body))
        return socket
    }

    private static func chunk(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n" }

    @Test func `two keys of one organization have one organization's batches, and another keeps its own`() async throws
    {
        try await TestSystem.run([], settings: ["PAYLINKS_MAX_BATCHES": "4"]) { system, _ in
            let callers = try await Callers(system)
            var sockets: [RawSocket] = []
            for number in 0..<6 { sockets.append(try await Self.openBatch(callers.one[number % 2], "\n")) }
            #expect(try await eventually { sockets.count { $0.received.contains(" 503 ") } == 4 })
            #expect(sockets.count { $0.isOpen && !$0.received.contains(" 503 ") } == 2)
            for _ in 0..<2 { sockets.append(try await Self.openBatch(callers.other, "{}\n")) }
            #expect(try await eventually { sockets.suffix(2).allSatisfy { $0.received.contains("VALIDATION_ERROR") } })
            for socket in sockets { await socket.close() }
        }
    }

    @Test func `two keys of one organization have one organization's rate, and another keeps its own`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_RATE_LIMIT_PER_ORGANIZATION": "30"]) { system, _ in
            let callers = try await Callers(system)
            let start = ContinuousClock.now
            let answers = try await RaceTests.all(200) { try await callers.one[$0 % 2].get("/v1/wallets") }
            let seconds = Double((ContinuousClock.now - start) / .seconds(1))
            let served = answers.count { $0.status == 200 }
            #expect(served >= 30 && Double(served) <= 30 * (1 + seconds), "\(served) in \(seconds) s")
            #expect(answers.allSatisfy { $0.header("ratelimit-policy") == #""default";q=30;w=1"# })
            let others = try await RaceTests.all(20) { _ in try await callers.other.get("/v1/wallets") }
            #expect(others.allSatisfy { $0.status == 200 })
        }
    }

    @Test func `two keys of one organization have half of the places for requests, and another keeps the rest`()
        async throws
    {
        try await TestSystem.run([], settings: ["PAYLINKS_MAX_IN_FLIGHT": "8"]) { system, _ in
            let callers = try await Callers(system)
            let maker = try await system.start(.claimWorker)
            let wallet = try await system.makeWallet()
            let links = try await RaceTests.all(4) { _ in try await system.makeLink(to: wallet) }
            await maker.stop()
            async let waiting = RaceTests.all(4) { index in
                try await Self.claimOnceTaken(links[index], by: callers.one[index % 2])
            }
            let isFull = try await eventually {
                let answers = try await RaceTests.all(2) { try await callers.one[$0].get("/v1/wallets") }
                return answers.allSatisfy { $0.status == 503 && $0.errorCode == "OVERLOADED" }
            }
            #expect(isFull)
            let others = try await RaceTests.all(4) { _ in try await callers.other.get("/v1/wallets") }
            #expect(others.allSatisfy { $0.status == 200 })
            let anonymous = try await system.api.with(key: nil).get("/v1/payment-links/claim/\(links[0].slug)")
            #expect(anonymous.status == 200)
            let heir = try await system.start(.claimWorker)
            #expect(try await waiting.map(\.status) == [200, 200, 200, 200])
            #expect(try await eventually { try await callers.one[0].get("/v1/wallets").status == 200 })
            await heir.kill()
        }
    }

    @Test func `two keys of one organization have one organization's waits, and another keeps its own`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_MAX_IN_FLIGHT": "32"]) { system, _ in
            let callers = try await Callers(system)
            let wait = ["prefer": "wait=4"]
            @Sendable func isHeld(_ api: API) async throws -> Bool {
                let start = ContinuousClock.now
                #expect(try await api.get("/v1/events", headers: wait).status == 200)
                return ContinuousClock.now - start > .seconds(3)
            }
            async let own = RaceTests.all(8) { try await isHeld(callers.one[$0 % 2]) }
            async let others = RaceTests.all(4) { _ in try await isHeld(callers.other) }
            #expect(try await own.count { $0 } == 4, "half of the eight slots")
            #expect(try await others.count { $0 } == 4)
        }
    }

    /// Claims until the gateway takes it: those who look whether the share is used up take places of it.
    private static func claimOnceTaken(_ link: TestSystem.Link, by payer: API) async throws -> API.Answer {
        var answer: API.Answer
        repeat {
            answer = try await payer.post(link.claimPath, TestSystem.achClaim(), headers: ["prefer": "wait=30"])
        } while answer.status == 503
        return answer
    }

    @Test(arguments: ["\n", " \r\n"])
    func `blank lines of a batch count against the rate, and end a batch that cannot pay for them`(
        blank: String
    ) async throws {
        try await TestSystem.run([]) { system, _ in
            let callers = try await Callers(system, rateLimit: 20)
            let socket = try await Self.openBatch(
                callers.one[0], String(repeating: blank, count: 2_000) + "{}\n")
            try await socket.write("0\r\n\r\n")
            #expect(try await eventually { socket.received.contains("\r\n0\r\n\r\n") }, "\(socket.received)")
            #expect(socket.received.contains("\"status\":429") && socket.received.contains("Blank lines"))
            await socket.close()
        }
    }

    @Test func `a batch is read for as long as is configured, and says that the rest was not read`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_MAX_BATCH_DURATION": "1s"]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let socket = try await Self.openBatch(
                system.api, BatchTests.claim(TestSystem.achClaim(), on: link.slug) + "\n{\"slug\":")
            #expect(
                try await eventually { socket.received.contains("\"index\":0,\"status\":200") }, "\(socket.received)")
            #expect(
                try await eventually { socket.received.contains(#"{"index":1,"status":413,"body":{"error""#) },
                "\(socket.received)")
            #expect(socket.received.contains("The batch lasted too long"))
            #expect(try await eventually { socket.received.contains("\r\n0\r\n\r\n") }, "\(socket.received)")
            await socket.close()
        }
    }
}
