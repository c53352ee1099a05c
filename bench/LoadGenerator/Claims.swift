import ArgumentParser
import AsyncHTTPClient
import Foundation
import PaylinksClient
import Synchronization

/// Who claims what: the links, and where the money comes from.
struct ClaimOptions: ParsableArguments {
    @Option(help: "Where the system is.")
    var baseURL: String

    @Option(help: "The key that pays from wallets; without one payers pay by bank account.")
    var apiKey: String?

    @Option(help: "A file of slugs, one a line.")
    var slugs: String

    @Option(help: "How many slugs to skip.")
    var first = 0

    @Option(help: "A file of wallets to pay from, one a line; used in turn.")
    var payers: String?

    @Option(help: "How many connections to keep at most.")
    var connections = 64

    func source() throws -> ClaimSource {
        ClaimSource(
            slugs: Lines([UInt8](try Data(contentsOf: URL(fileURLWithPath: slugs)))), first: first,
            payers: try payers.map { Lines([UInt8](try Data(contentsOf: URL(fileURLWithPath: $0)))) })
    }

    /// Runs `body` with the package's own client, over so many connections; whatever fails is told, not tried again.
    func withClient<Value>(_ body: (PaylinksClient) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.connectionPool.retryConnectionEstablishment = false
        let httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = PaylinksClient(baseURL: baseURL, apiKey: apiKey, maxRetries: 0, httpClient: httpClient)
        let result: Result<Value, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        try await httpClient.shutdown()
        return try result.get()
    }
}

/// The claims, by their number.
struct ClaimSource: Sendable {
    let slugs: Lines
    let first: Int
    let payers: Lines?

    func slug(_ index: Int) -> String { String(decoding: slugs.line(first + index), as: UTF8.self) }

    func claim(_ index: Int) -> NewClaim {
        guard let payers else {
            return NewClaim(
                from: .ach(routingNumber: "021000021", accountNumber: "1234567890", accountName: "Acme Corp"))
        }
        return NewClaim(from: .wallet(id: String(decoding: payers.line(index), as: UTF8.self)))
    }
}

/// Claims links at times that were fixed beforehand, through the package's own client.
struct Claims: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Claims links on a schedule, as a program with the Swift client does.")

    @OptionGroup var options: ClaimOptions

    @Option(help: "RATE:SECONDS, in the order in which they follow one another.", transform: Phase.parse)
    var phase: [Phase]

    func run() async throws {
        let loop = ClaimLoop(schedule: Schedule(phases: phase), claims: try options.source())
        try await options.withClient { try await loop.run($0) }.print()
    }
}

/// Sends what is due, and notes what comes back; latencies count from when a claim was due.
final class ClaimLoop: Sendable {
    private let schedule: Schedule
    private let claims: ClaimSource
    private let tally: Mutex<Tally>
    private let lost = Atomic<Int>(0)

    init(schedule: Schedule, claims: ClaimSource) {
        self.schedule = schedule
        self.claims = claims
        tally = Mutex(Tally(phases: schedule.phases))
    }

    func run(_ client: PaylinksClient) async throws -> Report {
        let start = ContinuousClock.now
        try await withThrowingDiscardingTaskGroup { group in
            for index in 0..<schedule.count {
                let due = schedule.due(index)
                let moment = start + .nanoseconds(Int64(due.nanoseconds))
                if moment > .now { try await Task.sleep(until: moment, tolerance: .zero) }
                group.addTask { await self.send(index, due, client, start) }
            }
        }
        let lost = lost.load(ordering: .relaxed)
        return tally.withLock {
            $0.report(due: schedule.count, sent: schedule.count, answered: schedule.count - lost, lost: lost)
        }
    }

    private func send(
        _ index: Int, _ due: Schedule.Due, _ client: PaylinksClient, _ start: ContinuousClock.Instant
    ) async {
        let sent = Self.nanoseconds(since: start)
        tally.withLock { $0.noteSent(now: sent) }
        let status = await status(of: index, client)
        guard let status else { return _ = lost.add(1, ordering: .relaxed) }
        let now = Self.nanoseconds(since: start)
        tally.withLock {
            $0.note(status: status, phase: due.phase, due: due.nanoseconds, sent: sent, now: now)
        }
    }

    private static func nanoseconds(since start: ContinuousClock.Instant) -> UInt64 {
        UInt64((ContinuousClock.now - start) / .nanoseconds(1))
    }

    /// The answer's status; nil where there was none.
    private func status(of index: Int, _ client: PaylinksClient) async -> Int? {
        do {
            let claim = try await client.paymentLinks.claim(slug: claims.slug(index), claims.claim(index))
            return claim.status == .processing ? 202 : 200
        } catch {
            return error.refusal?.status
        }
    }
}
