import Foundation
import PaylinksClient
import Synchronization
import Testing
import TestSupport

/// Batches against a server that answers, and breaks off, as each test says.
@Suite("How batches are sent")
struct ClientBatchTests {
    private static let refused =
        #""status":429,"retryAfter":2,"body":{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"No."}}"#

    /// A claim's answer that shows which line it answers.
    private static func answer(_ line: TestSupport.JSONValue) -> LineServer.Reply {
        .answer(
            """
            "status":200,"body":{"claimId":"clm_1","transactionId":null,"slug":"\(line["slug"].string ?? "")",\
            "method":null,"status":"PROCESSING","amount":null,"currency":null,"link":{"status":null},\
            "instructions":null,"createdAt":null,"settledAt":null,"failure":null}
            """)
    }

    private static func lines(_ range: Range<Int>) -> [NewClaimLine] {
        range.map { NewClaimLine(slug: "s\($0)", NewClaim(from: .wallet(id: "wal_1"))) }
    }

    /// The same, under the keys k0, k1 and so on.
    private static func keyedLines(_ range: Range<Int>) -> [NewClaimLine] {
        zip(range, lines(range)).map { number, line in
            var line = line
            line.idempotencyKey = "k\(number)"
            return line
        }
    }

    private static func withServer(
        maxRetries: Int = 4, timeout: Duration = .seconds(30), _ script: @escaping LineServer.Script,
        _ body: (PaymentLinks, LineServer, Pauses) async throws -> Void
    ) async throws {
        let server = try await LineServer.start(script)
        let pauses = Pauses()
        let transport = Transport(
            baseURL: server.baseURL, apiKey: "wg_test_x", timeout: timeout,
            policy: RetryPolicy(maxRetries: maxRetries), httpClient: API.client, sleep: { pauses.add($0) })
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(PaylinksClient(transport: transport).paymentLinks, server, pauses))
        } catch {
            outcome = .failure(error)
        }
        await server.stop()
        try outcome.get()
    }

    private static func slugs(_ results: BatchResults<Claim>) async throws -> [String] {
        try await results.reduce(into: []) { $0.append(try $1.get().slug) }
    }

    @Test("A stream that breaks is taken up with the lines that have no answer, under the same keys")
    func broken() async throws {
        let breaks: LineServer.Script = { $1 == 2 && $2 < 2 ? .silence : Self.answer($0) }
        try await Self.withServer(breaks) { links, server, pauses in
            var slugs: [String] = []
            for try await result in links.claimBatch(Self.lines(0..<6)) {
                slugs.append(try result.get().slug)
                if [1, 3].contains(result.index) { try await server.hangUp() }
            }
            #expect(slugs == (0..<6).map { "s\($0)" })
            let received = server.received
            #expect(received.map { $0.first?["slug"].string } == ["s0", "s2", "s4"])
            #expect(received[2].map { $0["slug"].string } == ["s4", "s5"])
            let keys = Dictionary(grouping: received.joined()) { $0["slug"].string ?? "" }
                .mapValues { Set($0.map { $0["idempotencyKey"].string }) }
            #expect(keys.count == 6 && keys.values.allSatisfy { $0.count == 1 && !$0.contains(nil) })
            #expect(Set(keys.values.joined()).count == 6)
            #expect(pauses.all.count == 2)
        }
    }

    @Test(
        "An answer that ends without its summary was cut off",
        arguments: [
            (LineServer.Reply.stop, "cut off"), (.leaveOut, "some lines have no answer"),
        ])
    func cutOff(reply: LineServer.Reply, message: String) async throws {
        let script: LineServer.Script = { line, _, _ in line["slug"].string == "s1" ? reply : Self.answer(line) }
        try await Self.withServer(maxRetries: 1, script) { links, server, _ in
            var slugs: [String] = []
            let error = await #expect(throws: PaylinksError.self) {
                for try await result in links.claimBatch(Self.keyedLines(0..<2)) { slugs.append(try result.get().slug) }
            }
            #expect(slugs == ["s0"])
            #expect(error?.idempotencyKeys == ["k1"])
            #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
            #expect(server.received.count == 2)
        }
    }

    @Test("A line has its own key, or one that is made for it, and its result tells which")
    func keys() async throws {
        try await Self.withServer({ line, _, _ in Self.answer(line) }) { links, server, _ in
            var lines = Self.lines(0..<2)
            lines[0].idempotencyKey = "order-17"
            let keys: [String] = try await links.claimBatch(lines).reduce(into: []) { $0.append($1.idempotencyKey) }
            #expect(keys[0] == "order-17" && keys[1].wholeMatch(of: /[0-9a-f]{32}-1/) != nil)
            #expect(server.received.joined().map { $0["idempotencyKey"].string } == keys)
        }
    }

    @Test("A line that is told to try again is sent again alone, and those behind it wait for their turn")
    func refusedLine() async throws {
        let once: LineServer.Script = { $1 == 1 && $2 == 0 ? .answer(Self.refused) : Self.answer($0) }
        try await Self.withServer(once) { links, server, pauses in
            let slugs = try await Self.slugs(links.claimBatch(Self.lines(0..<3)))
            #expect(slugs == ["s0", "s1", "s2"])
            #expect(server.received.map(\.count) == [3, 1] && server.received[1][0] == server.received[0][1])
            #expect(pauses.all.count == 1 && pauses.all[0] >= .seconds(2))
        }
        let always: LineServer.Script = { line, _, _ in
            line["slug"].string == "s1" ? .answer(Self.refused) : Self.answer(line)
        }
        try await Self.withServer(maxRetries: 2, always) { links, server, _ in
            let results = try await links.claimBatch(Self.lines(0..<3)).reduce(into: []) { $0.append($1) }
            #expect(results.map(\.status) == [200, 429, 200] && results.map(\.index) == [0, 1, 2])
            #expect(throws: Refusal.self) { try results[1].get() }
            #expect(server.received.map(\.count) == [3, 1, 1])
        }
    }

    @Test(
        "A stream that breaks for good, or leaves lines out, ends with its error after every result that came",
        arguments: [LineServer.Reply.hangUp, .stop])
    func brokenForGood(_ end: LineServer.Reply) async throws {
        let breaks: LineServer.Script = { line, _, request in
            guard line["slug"].string == "s2" else { return Self.answer(line) }
            return request == 0 && end == .hangUp ? .silence : end
        }
        try await Self.withServer(breaks) { links, server, _ in
            var iterator = links.claimBatch(Self.lines(0..<4)).makeAsyncIterator()
            for slug in ["s0", "s1"] {
                let result = try await iterator.next()
                #expect(try result?.get().slug == slug)
            }
            if end == .hangUp { try await server.hangUp() }
            let error = await #expect(throws: PaylinksError.self) { try await iterator.next() }
            if case .noAnswer = error {} else { Issue.record("\(String(describing: error))") }
            #expect(error?.idempotencyKey?.hasSuffix("-2") == true)
            #expect(server.received.count == 5)
        }
    }

    @Test("A line that was refused once, and whose later tries all break off, is not known rather than refused")
    func staleRefusal() async throws {
        let script: LineServer.Script = { line, index, request in
            if request > 0 { return .hangUp }
            return index == 1 ? .answer(Self.refused) : Self.answer(line)
        }
        try await Self.withServer(maxRetries: 2, script) { links, server, _ in
            var iterator = links.claimBatch(Self.keyedLines(0..<3)).makeAsyncIterator()
            let first = try await iterator.next()
            #expect(try first?.get().slug == "s0")
            let error = await #expect(throws: PaylinksError.self) { try await iterator.next() }
            if case .noAnswer(_, ["k1", "k2"]) = error {} else { Issue.record("\(String(describing: error))") }
            #expect(server.received.map(\.count) == [3, 1, 1])
        }
    }

    @Test("A batch that is walked through twice sends the same keys twice, and another batch others")
    func twice() async throws {
        try await Self.withServer({ line, _, _ in Self.answer(line) }) { links, server, _ in
            let batch = links.claimBatch(Self.lines(0..<3))
            for _ in 0..<2 {
                let slugs = try await Self.slugs(batch)
                #expect(slugs == ["s0", "s1", "s2"])
            }
            _ = try await Self.slugs(links.claimBatch(Self.lines(0..<3)))
            let keys = server.received.joined().compactMap { $0["idempotencyKey"].string }
            #expect(keys.count == 9 && keys[0..<3] == keys[3..<6] && Set(keys).count == 6)
        }
    }

    @Test("One line to be tried again does not hold up those that have no room behind it", .timeLimit(.minutes(1)))
    func full() async throws {
        let once: LineServer.Script = { $1 == 0 && $2 == 0 ? .answer(Self.refused) : Self.answer($0) }
        try await Self.withServer(once) { links, _, _ in
            let slugs = try await Self.slugs(links.claimBatch(Self.lines(0..<3_000)))
            #expect(slugs == (0..<3_000).map { "s\($0)" })
        }
    }

    @Test("Nor does it where the source waits for its last line's result", .timeLimit(.minutes(1)))
    func fullAndQuiet() async throws {
        let once: LineServer.Script = { $1 == 500 && $2 == 0 ? .answer(Self.refused) : Self.answer($0) }
        try await Self.withServer(once) { links, server, _ in
            let (source, lines) = AsyncStream.makeStream(of: NewClaimLine.self)
            for line in Self.lines(0..<1_025) { lines.yield(line) }
            var indexes: [Int] = []
            for try await result in links.claimBatch(source) {
                indexes.append(result.index)
                // All room is taken soon after the first result, unless the source was so slow that the request ended.
                if result.index == 0 {
                    _ = try await eventually(within: .seconds(1)) { server.received.joined().count == 1_025 }
                }
                if result.index == 1_024 { lines.finish() }
            }
            #expect(indexes == Array(0..<1_025))
        }
    }

    @Test("A server that falls silent is not waited for without end", .timeLimit(.minutes(1)))
    func silence() async throws {
        let once: LineServer.Script = { $1 == 1 && $2 == 0 ? .silence : Self.answer($0) }
        try await Self.withServer(timeout: .milliseconds(300), once) { links, server, _ in
            let slugs = try await Self.slugs(links.claimBatch(Self.lines(0..<3)))
            #expect(slugs == ["s0", "s1", "s2"])
            #expect(server.received.count == 2)
        }
        let always: LineServer.Script = { line, _, _ in line["slug"].string == "s1" ? .silence : Self.answer(line) }
        try await Self.withServer(maxRetries: 0, timeout: .milliseconds(300), always) { links, _, _ in
            await #expect(throws: PaylinksError.timedOut(idempotencyKeys: ["k1", "k2"])) {
                try await Self.slugs(links.claimBatch(Self.keyedLines(0..<3)))
            }
        }
    }

    @Test("A batch that is cancelled tells the keys of its unanswered lines", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let always: LineServer.Script = { line, _, _ in line["slug"].string == "s1" ? .silence : Self.answer(line) }
        try await Self.withServer(always) { links, server, _ in
            // Awaited below, once it is cancelled.
            let task = Task { try await Self.slugs(links.claimBatch(Self.keyedLines(0..<2))) }
            _ = try await eventually { server.received.joined().count == 2 }
            task.cancel()
            let error = await #expect(throws: PaylinksError.self) { try await task.value }
            if case .cancelled = error {} else { Issue.record("\(String(describing: error))") }
            #expect(error?.idempotencyKeys.last == "k1")
        }
    }

    @Test("A source is read no further ahead than there is room, and no more once the reader has gone")
    func backPressure() async throws {
        let taken = Atomic<Int>(0)
        try await Self.withServer({ line, _, _ in Self.answer(line) }) { links, server, _ in
            let source = AsyncStream<NewClaimLine> {
                let number = taken.add(1, ordering: .relaxed).oldValue
                return Self.lines(number..<number + 1)[0]
            }
            var count = 0
            for try await result in links.claimBatch(source) {
                #expect(result.index == count)
                count += 1
                #expect(taken.load(ordering: .relaxed) <= count + 1025)
                if count == 12_000 { break }
            }
            #expect(server.received.allSatisfy { $0.count <= 10_000 } && server.received.count >= 2)
            #expect(taken.load(ordering: .relaxed) <= 12_000 + 1025)
        }
    }

    @Test("A source may wait for the result of its last line")
    func lockStep() async throws {
        try await Self.withServer({ line, _, _ in Self.answer(line) }) { links, _, _ in
            let (source, lines) = AsyncStream.makeStream(of: NewClaimLine.self)
            lines.yield(Self.lines(0..<1)[0])
            var indexes: [Int] = []
            for try await result in links.claimBatch(source) {
                indexes.append(result.index)
                if result.index == 2 { lines.finish() } else { lines.yield(Self.lines(0..<1)[0]) }
            }
            #expect(indexes == [0, 1, 2])
        }
    }

    @Test("A source that fails ends the batch with its own error, after the results of its lines")
    func failingSource() async throws {
        struct Empty: Error {}
        try await Self.withServer({ line, _, _ in Self.answer(line) }) { links, _, _ in
            let (source, lines) = AsyncThrowingStream.makeStream(of: NewClaimLine.self)
            lines.yield(Self.lines(0..<1)[0])
            lines.finish(throwing: Empty())
            var iterator = links.claimBatch(source).makeAsyncIterator()
            let result = try await iterator.next()
            #expect(try result?.get().slug == "s0")
            await #expect(throws: Empty.self) { try await iterator.next() }
        }
    }

    @Test("A batch that is refused whole is told so, and a batch without lines sends nothing")
    func refusedWhole() async throws {
        let server = try await WebhookReceiver.start { _ in
            .init(401, body: #"{"error":{"code":"UNAUTHORIZED","message":"No."}}"#)
        }
        let links = PaylinksClient(baseURL: "http://127.0.0.1:\(server.port)", httpClient: API.client).paymentLinks
        let error = await #expect(throws: PaylinksError.self) {
            try await Self.slugs(links.claimBatch(Self.lines(0..<3)))
        }
        #expect(error?.refusal?.code == "UNAUTHORIZED")
        #expect(server.received.count == 1)
        let slugs = try await Self.slugs(links.claimBatch([]))
        #expect(slugs == [])
        #expect(server.received.count == 1)
        await server.stop()
    }
}
