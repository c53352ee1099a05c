import Foundation
import Testing
import TestSupport

/// Mutated requests and pipelines, sent by both ways through the gateway: the answers must not differ.
///
/// `PAYLINKS_SEED` sets another seed than the suite's; each failure names its seed.
@Suite struct LaneComparisonTests {
    private static let requests = 400
    private static let pipelines = 100
    private static let seed =
        ProcessInfo.processInfo.environment["PAYLINKS_SEED"].flatMap { UInt64($0) } ?? 1
    /// No worker runs and nothing is waited for, so that each accepted job is answered with 202, whatever came before.
    private static let settings = ["PAYLINKS_CLAIM_WAIT": "0s"]

    @Test func `mutated requests and pipelines are answered alike by the fast path and by the router`() async throws {
        print("seed \(Self.seed): \(Self.requests) requests and \(Self.pipelines) pipelines by both ways")
        try await TestSystem.run([], settings: Self.settings) { system, _ in
            let worker = try await system.start(.claimWorker)
            let wallet = try await system.makeWallet()
            let body = #"{"walletId":"\#(wallet)","amount":"10.00"}"#
            let created = try await system.api.post("/v1/payment-links", body, headers: ["Prefer": "wait=20"])
            let link = try TestSystem.Link(created)
            await worker.stop()
            #expect(try await system.api.get("/v1/wallets").status == 200, "the key is known from now on")
            let count = Self.requests + Self.pipelines
            _ = try await RaceTests.all(8) { worker in
                for number in stride(from: worker, to: count, by: 8) {
                    var mutator = RequestMutator(
                        seed: Self.seed &+ UInt64(number), key: system.api.key ?? "", claimPath: link.claimPath,
                        wallet: "\(wallet)")
                    let requests = number < Self.requests ? [mutator.request()] : mutator.pipeline()
                    try await Self.compare(requests, number, system)
                }
            }
        }
    }

    private static func compare(_ requests: [MutatedRequest], _ number: Int, _ system: TestSystem) async throws {
        var answers: [[String]] = []
        for isDetoured in [false, true] {
            let text = requests.map { $0.text(detoured: isDetoured) }.joined()
            answers.append(try await Self.answers(to: text, system))
        }
        let text = requests.map { $0.text(detoured: false) }.joined()
        #expect(answers[0] == answers[1], "seed \(seed), number \(number):\n\(text.debugDescription)")
    }

    /// What comes back until the connection ends, answer by answer.
    private static func answers(to text: String, _ system: TestSystem) async throws -> [String] {
        let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
        try? await socket.write(text)
        try? await socket.endOutput()
        let isClosed = await socket.isClosed(within: .seconds(10))
        if !isClosed { await socket.close() }
        // A server may omit 100 once content has arrived, so it depends on the moment. (RFC 9110, 10.1.1)
        let answers = split(socket.received).filter { !$0.hasPrefix("HTTP/1.1 100 ") }
        return answers + (isClosed ? [] : ["the connection stays open"])
    }

    private static func split(_ text: String) -> [String] {
        let starts = text.ranges(of: #/HTTP/1\.[01] [0-9]{3} /#).map(\.lowerBound)
        return zip(starts, starts.dropFirst() + [text.endIndex]).map { normalized(String(text[$0..<$1])) }
    }

    /// An answer with its fields in order, and without what differs between equal requests.
    private static func normalized(_ answer: String) -> String {
        let end = answer.range(of: "\r\n\r\n") ?? answer.endIndex..<answer.endIndex
        let lines = answer[..<end.lowerBound].components(separatedBy: "\r\n")
        let fields = lines.dropFirst().map(normalizedField).sorted()
        let body = String(answer[end.upperBound...])
        return ([lines[0]] + fields + [withoutIdentifiers(body)]).joined(separator: "\n")
    }

    private static func normalizedField(_ line: String) -> String {
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return line }
        let (name, value) = (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
        switch name {
        case "date", "ratelimit": return name
        case "request-id" where value != "mine": return name
        default: return "\(name): \(withoutIdentifiers(value))"
        }
    }

    private static func withoutIdentifiers(_ text: String) -> String {
        text.replacing(/[0-9A-HJKMNP-TV-Z]{26}/, with: "ID").replacing(/[0-9a-hjkmnp-tv-z]{26}/, with: "SLUG")
            .replacing(/[0-9-]{10}T[0-9:.]{12}Z/, with: "TIME")
    }
}
