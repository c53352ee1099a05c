import APIGateway
import HTTPTypes
import Logging
import NIOCore
import PaymentLinks
import Postgres
import Storage
import Synchronization
import Testing

@Suite("Batches")
struct BatchTests {
    private static func lines(_ parts: [String], longest: Int = 8) -> [LineSplitter.Line] {
        var splitter = LineSplitter(longest: longest)
        var lines: [LineSplitter.Line] = []
        for part in parts {
            splitter.append(ByteBuffer(string: part))
            while let line = splitter.next() { lines.append(line) }
        }
        if let line = splitter.finish() { lines.append(line) }
        return lines
    }

    private static func text(_ text: String) -> LineSplitter.Line { .text(Array(text.utf8)) }

    private static let cuts: [([String], [LineSplitter.Line])] = [
        ([], []), ([""], []), (["a\nb\n"], [text("a"), text("b")]), (["a\nb"], [text("a"), text("b")]),
        (["a", "b\nc", "\n"], [text("ab"), text("c")]), (["a\r\nb"], [text("a\r"), text("b")]),
        (["\n \n\t\r\na\n\n"], [text("a")]), (["12345678\n"], [text("12345678")]),
        (["123456789\na\n"], [.tooLong, text("a")]), (["1234", "5678", "9", "\na"], [.tooLong, text("a")]),
        (["123456789"], [.tooLong]), (["123456789", "0", "\n\n12345678"], [.tooLong, text("12345678")]),
    ]

    private static let dues: [([String], Int)] = [
        ([], 0), (["a\nb\n"], 0), (["\n"], 1), (["\n \n\t\r\na\n\n"], 4), (["a\r\n\r\n"], 1), (["   "], 0),
        (["123456789\n"], 1), (["1234567890123456\n"], 2), (["1234", "5678", "9012", "3456", "7"], 2),
        (["123456789\n", "12345678\n", "\n"], 2),
    ]

    @Test(arguments: dues.indices)
    func `Blank lines count, and so do the bytes of a line that is too long`(_ index: Int) {
        var splitter = LineSplitter(longest: 8)
        var dues = 0
        for part in Self.dues[index].0 {
            splitter.append(ByteBuffer(string: part))
            while splitter.next() != nil {}
            dues += splitter.takeDues()
        }
        #expect(dues == Self.dues[index].1, "\(Self.dues[index].0)")
        #expect(splitter.takeDues() == 0, "they are counted once")
    }

    @Test(arguments: cuts.indices)
    func `Bytes are cut into lines, however they arrive`(_ index: Int) {
        let (parts, lines) = Self.cuts[index]
        #expect(Self.lines(parts) == lines)
        #expect(Self.lines(parts.joined().map { String($0) }) == lines, "one character at a time")
    }

    @Test func `Answers are due in the order of the chunks, whoever is first`() {
        var window = BatchWindow<String>(limit: 3)
        #expect([window.begin(), window.begin(), window.begin()] == [0, 1, 2])
        #expect(!window.hasRoom)
        #expect(window.finish(2, "c") == [])
        #expect(window.finish(1, "b") == [])
        #expect(!window.hasRoom, "what is not written takes room")
        #expect(window.finish(0, "a") == ["a", "b", "c"])
        #expect(window.hasRoom && window.isEmpty)
        #expect(window.begin() == 3)
        #expect(window.finish(3, "d") == ["d"])
    }

    @Test func `A slot is free again once nobody holds it`() throws {
        let slots = FairSlots(limit: 1)
        var held = slots.take(for: nil)
        #expect(held != nil && slots.take(for: nil) == nil && slots.takenCount == 1)
        held = nil
        #expect(slots.takenCount == 0)
        #expect(slots.take(for: nil) != nil)
    }

    @Test func `Who asks to wait is told at once what is known when too many wait already`() async throws {
        let polling = Polling(slots: FairSlots(limit: 2))
        let subject = RateLimiter.Subject.organization(.mint(at: .now()), .sandbox)
        let isDecided = Atomic(false)
        let (asked, open) = AsyncStream<Void>.makeStream()
        let wait: @Sendable (Duration) async throws -> Bool = { limit in
            try await polling.value(within: limit, every: .milliseconds(5), for: subject, until: { $0 }) {
                open.yield()
                return isDecided.load(ordering: .relaxed)
            }
        }
        #expect(try await !wait(.zero), "who does not ask to wait does not")
        async let first = wait(.seconds(30))
        var count = 0
        // One of the call before, and two of this one: it has its slot.
        for await _ in asked {
            count += 1
            if count == 3 { break }
        }
        let start = ContinuousClock.now
        #expect(try await !wait(.seconds(30)))
        #expect(ContinuousClock.now - start < .seconds(20))
        isDecided.store(true, ordering: .relaxed)
        #expect(try await first)
        #expect(try await wait(.seconds(30)), "the slot is free again")
    }

    @Test(.timeLimit(.minutes(1)))
    func `Who reads details ends when the task is cancelled, as when another service fails`()
        async throws
    {
        let reader = SlugReader<Bool> { _ in [:] }
        let running = Task { try await reader.run() }
        try await Task.sleep(for: .milliseconds(50))
        running.cancel()
        try await running.value
    }

    @Test func `Nobody has more than half of the slots`() throws {
        let slots = FairSlots(limit: 4)
        let (one, other) = (
            RateLimiter.Subject.organization(.mint(at: .now()), .sandbox),
            RateLimiter.Subject.organization(.mint(at: .now()), .sandbox)
        )
        var held = [slots.take(for: one), slots.take(for: one), slots.take(for: one)]
        held += [slots.take(for: other), slots.take(for: other), slots.take(for: other)]
        #expect(held.map { $0 != nil } == [true, true, false, true, true, false])
        #expect(slots.takenCount == 4 && slots.take(for: nil) == nil)
        held.removeFirst()
        #expect(slots.take(for: other) == nil && slots.take(for: one) != nil)
        withExtendedLifetime(held) {}
    }

    @Test func `A line's answer says what an answer of its own would`() throws {
        var buffer = ByteBuffer()
        Answer(status: .created, json: Array("{}".utf8)).write(to: &buffer, at: 0)
        Answer.accepted(Array("{}".utf8), at: "/a").write(to: &buffer, at: 1)
        Answer(status: .ok, json: Array("{}".utf8)).replayed(true).write(to: &buffer, at: 2)
        #expect(
            String(buffer: buffer) == """
                {"index":0,"status":201,"body":{}}
                {"index":1,"status":202,"location":"/a","retryAfter":1,"body":{}}
                {"index":2,"status":200,"replayed":true,"body":{}}

                """)
    }

    @Test func `A claim's line names every wrong field, its slug too`() throws {
        let fields = try JSONValue.object(from: Array(#"{"method":"cash","slug":1}"#.utf8))
        let error = #expect(throws: InvalidRequest.self) { try ClaimLine(fields) }
        #expect(error?.fields.map(\.field) == ["slug", "method", "destination"])
        let unknown = try JSONValue.object(
            from: Array(
                #"{"slug":"x","method":"wallet","destination":{"type":"WALLET","walletId":"\#(WalletID.mint(at: .now()))"}}"#
                    .utf8))
        #expect(throws: Refusal.self) { try ClaimLine(unknown) }
    }
}

@Suite("Slow peers")
struct BodyPatienceTests {
    private let start = NIODeadline.now()

    @Test func `Only time in which the body is waited for counts`() {
        var patience = BodyPatience(limit: .seconds(10))
        patience.begin(at: start)
        #expect(patience.isActive && !patience.isOver(at: start + .seconds(100)), "nobody wants to read")
        patience.waits(at: start + .seconds(100))
        #expect(patience.rest(at: start + .seconds(104)) == .seconds(6))
        patience.received(1, at: start + .seconds(104))
        #expect(patience.rest(at: start + .seconds(500)) == .seconds(6))
        patience.waits(at: start + .seconds(500))
        #expect(!patience.isOver(at: start + .seconds(505)))
        #expect(patience.isOver(at: start + .seconds(506)), "a byte now and then brings no time")
    }

    @Test func `Every 64 KiB bring the whole time anew`() {
        var patience = BodyPatience(limit: .seconds(10))
        patience.begin(at: start)
        for second in 1...100 {
            let now = start + .seconds(Int64(second) * 9)
            patience.waits(at: now - .seconds(9))
            #expect(!patience.isOver(at: now))
            patience.received(65_536, at: now)
        }
        patience.end()
        #expect(!patience.isActive)
    }
}

@Suite("Idempotency keys in flight")
struct KeysInFlightTests {
    @Test func `Equal requests are seen while one runs, and forgotten after`() throws {
        let keys = KeysInFlight()
        let (one, two) = (
            try #require(Digest(bytes: .init(repeating: 1, count: 32))),
            try #require(Digest(bytes: .init(repeating: 2, count: 32)))
        )
        #expect(!keys.begin(one, one))
        #expect(keys.begin(one, one))
        #expect(!keys.begin(one, two), "another body is another request")
        #expect(!keys.begin(nil, one))
        #expect(keys.count == 2)
        keys.end(nil, one)
        for digest in [one, one, two] { keys.end(one, digest) }
        #expect(keys.count == 0)
        #expect(!keys.begin(one, one))
    }
}
