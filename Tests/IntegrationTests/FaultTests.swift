import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import RabbitMQ
import Synchronization
import Testing
import TestSupport

/// Each part is killed and comes back under load: what was answered 2xx is there, once, and the books are right.
@Suite(.serialized) struct FaultTests {
    /// What is killed, and comes back.
    enum Part: String, CaseIterable {
        case gateway
        case worker
        case settlementWorker = "settlement worker"
        case expiryWorker = "expiry worker"
        case broker
        case database

        /// What the metrics call a server; `nil` for a role.
        var server: String? { [.broker: "rabbitmq", .database: "postgres"][self] }
    }

    /// What is killed in turn under one load: in a long run each part by itself, else the roles, and the servers.
    static let parts: [[Part]] =
        longRun == nil
        ? [[.gateway, .worker, .settlementWorker, .expiryWorker], [.broker, .database]] : Part.allCases.map { [$0] }

    private static let duration = longRun ?? .seconds(40)

    /// How long each part is killed again and again, where a run of this kind is asked for.
    private static let longRun = ProcessInfo.processInfo.environment["PAYLINKS_CHAOS_SECONDS"]
        .flatMap { Int($0) }.map { Duration.seconds($0) }

    @Test(arguments: parts)
    func `parts are killed and restarted under load, and nothing that was promised is lost`(parts: [Part]) async throws
    {
        try await TestSystem.run([.claimWorker, .claimWorker, .settlementWorker, .expiryWorker], ownServers: true) {
            system, processes in
            let promises = Promises()
            let payers = try await Self.wallets(8, system, funds: 1_000_000_000)
            let payees = try await Self.wallets(8, system)
            let till = try await system.makeWallet()
            let end = ContinuousClock.now + Self.duration
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        let (payer, payee) = (payers[index % 8], payees[index % 8])
                        await Self.payUntil(end, system, from: payer, to: payee, index, promises)
                    }
                }
                group.addTask { await Self.fundAndCancelUntil(end, system, till, promises) }
                group.addTask { try await Self.breakInTurn(parts, until: end, system, processes) }
                try await group.waitForAll()
            }
            try await Self.settleDown(system)
            for promise in Promise.allCases {
                let ids = promises.ids(promise)
                let least = [.claim, .link].contains(promise) ? 50 : 1
                #expect(ids.count > least, "the load should have come through: \(promise) \(ids.count)")
                #expect(try await system.number(promise.kept, [.uuids(ids)]) == ids.count, "\(promise)")
            }
            // The last may have been done without an answer; any other was asked for until there was one.
            let cents = try await system.number("SELECT available FROM wallets WHERE id = $1", [.uuid(till.bits)])
            let answered = promises.ids(.funding).count
            #expect((answered...answered + 1).contains(cents / 100), "\(answered) answered, \(cents / 100) done")
            #expect(promises.refusals == [])
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status = 'PENDING'") == 0)
            #expect(try await system.breaches() == [])
            for server in parts.compactMap(\.server) {
                let text = try await processes[0].operations.get("/metrics").text
                #expect(Self.reconnects(to: server, in: text) > 0, "the metrics should tell of the outage")
            }
            print("\(parts.map(\.rawValue).joined(separator: ", ")) killed under load: \(promises.summary)")
        }
    }

    @Test func `a broker that is down is answered with 503 within the wait, and promises nothing`() async throws {
        try await TestSystem.run([.claimWorker], ownServers: true) { system, _ in
            let payee = try await system.makeWallet()
            let payer = try await system.makeWallet(funds: 100_000)
            let link = try await system.makeLink(to: payee)
            let own = try #require(system.servers.own)
            await own.rabbitMQ.kill()
            let start = ContinuousClock.now
            let claim = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            #expect(claim.status == 503)
            #expect(claim.errorCode == "QUEUE_UNAVAILABLE")
            #expect(claim.header("retry-after") != nil)
            #expect(ContinuousClock.now - start < .seconds(12))
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").status == 200, "reads need no broker")
            #expect(try await system.gateway.operations.get("/health/ready").status == 503)
            try await own.rabbitMQ.restart()
            try await system.gateway.waitUntilReady(within: .seconds(60))
            let again = try await eventually(within: .seconds(60), every: .milliseconds(200)) {
                try await system.api.post(link.claimPath, TestSystem.walletClaim(payer)).status == 200
            }
            #expect(again)
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a worker that is asked to stop finishes the batch in hand, and leaves the rest to others`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let payer = try await system.makeWallet(funds: 100_000)
            let maker = try await system.start(.claimWorker)
            let link = try await system.makeLink(to: try await system.makeWallet())
            await maker.stop()
            var jobs: [OutgoingMessage] = []
            // One of them claims the link, and each of the others is refused.
            for number in 0..<2_000 {
                jobs.append(try await RedeliveryTests.job(.wallet, on: link, payer: payer, number: number, system))
            }
            try await system.publish(jobs)
            let queue = system.topology.claimQueue
            // Whoever holds the link holds the first batch up, until the worker has been asked.
            let worker = try await system.pool.withTransaction { transaction in
                let lock = Statement("test_lock", "SELECT id FROM payment_links FOR UPDATE")
                _ = try await transaction.run([Query(lock)])
                let worker = try await system.start(
                    .claimWorker,
                    [
                        "PAYLINKS_BATCH_LIMIT": "100", "PAYLINKS_LOCK_TIMEOUT": "60s",
                    ])
                let isHeldUp = try await eventually {
                    try await system.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0
                }
                #expect(isHeldUp)
                // What it has in hand is bounded, however much waits.
                #expect(try await eventually { try await system.depth(of: queue) == jobs.count - 256 })
                kill(try #require(await worker.pid), SIGTERM)
                return worker
            }
            #expect(try await worker.waitForExit() == .exited(0))
            let decided = Set(try await system.rows("SELECT id FROM claims").map { ClaimID(bits: try $0.uuid(0)) })
            #expect(!decided.isEmpty)
            #expect(try await eventually { try await system.depth(of: queue) == jobs.count - decided.count })
            let left = try await system.withAdministration { administration in
                var left: Set<ClaimID> = []
                while let job = try await administration.get(queue: queue) {
                    left.insert(try ClaimJob.decode(job.body).claimId)
                }
                return left
            }
            #expect(left.count == jobs.count - decided.count)
            #expect(left.isDisjoint(with: decided), "what was decided is out of the queue")
            #expect(try await system.breaches() == [])
        }
    }

    // MARK: - Load

    /// What an answer promises.
    private enum Promise: CaseIterable {
        case link, claim, cancellation, funding

        /// How many of these ids are as they were promised.
        var kept: String {
            switch self {
            case .link: "SELECT count(*) FROM payment_links WHERE id = ANY($1::uuid[])"
            case .claim:
                "SELECT count(*) FROM claims WHERE status IN ('PENDING', 'SETTLED') AND id = ANY($1::uuid[])"
            case .cancellation:
                "SELECT count(*) FROM payment_links WHERE status = 'CANCELLED' AND id = ANY($1::uuid[])"
            case .funding: "SELECT count(*) FROM transactions WHERE kind = 'FUNDING' AND id = ANY($1::uuid[])"
            }
        }

        func id(_ json: JSONValue) -> UInt128? {
            switch self {
            case .link, .cancellation: json["id"].string.flatMap { LinkID($0) }?.bits
            case .claim: json["claimId"].string.flatMap { ClaimID($0) }?.bits
            case .funding: json["transactionId"].string.flatMap { TransactionID($0) }?.bits
            }
        }
    }

    /// What the system has promised, and what it has refused though there was no reason to.
    private final class Promises: Sendable {
        private struct State {
            var ids: [Promise: [UInt128]] = [:]
            var refusals: [String] = []
            var unansweredCount = 0
        }

        private let state = Mutex(State())

        var refusals: [String] { state.withLock { $0.refusals } }

        var summary: String {
            state.withLock { state in
                let counts = Promise.allCases.map { "\($0) \(state.ids[$0]?.count ?? 0)" }.joined(separator: ", ")
                return "\(counts) promised, all kept; \(state.unansweredCount) unanswered"
            }
        }

        func ids(_ promise: Promise) -> [UInt128] { state.withLock { $0.ids[promise] ?? [] } }

        /// An error is a fault of the moment, and so is a 5xx.
        func note(_ promise: Promise, _ answer: API.Answer?) {
            state.withLock { state in
                guard let answer, answer.status < 500 else {
                    state.unansweredCount += 1
                    return
                }
                if (200...299).contains(answer.status), let id = promise.id(answer.json) {
                    state.ids[promise, default: []].append(id)
                } else {
                    state.refusals.append("\(promise): \(answer.status) \(answer.text)")
                }
            }
        }
    }

    /// Creates a link and pays it, again and again; the next try is another link.
    private static func payUntil(
        _ end: ContinuousClock.Instant, _ system: TestSystem, from payer: WalletID, to payee: WalletID, _ index: Int,
        _ promises: Promises
    ) async {
        var round = index
        while ContinuousClock.now < end {
            round += 1
            let body = RaceTests.body([.wallet, .ach, .usdc][round % 3], payer: payer)
            guard let link = await makeLink(to: payee, system, promises) else { continue }
            promises.note(.claim, try? await system.api.post(link.claimPath, body, headers: ["prefer": "wait=2"]))
        }
    }

    /// Funds a wallet under a key until there is an answer, and cancels a link, again and again.
    private static func fundAndCancelUntil(
        _ end: ContinuousClock.Instant, _ system: TestSystem, _ wallet: WalletID, _ promises: Promises
    ) async {
        var round = 0
        while ContinuousClock.now < end {
            round += 1
            promises.note(.funding, await fund(wallet, key: "funding-\(round)", until: end, system))
            guard let link = await makeLink(to: wallet, system, promises) else { continue }
            promises.note(.cancellation, try? await system.api.patch("/v1/payment-links/\(link.id)"))
        }
    }

    private static func fund(
        _ wallet: WalletID, key: String, until end: ContinuousClock.Instant, _ system: TestSystem
    ) async -> API.Answer? {
        while ContinuousClock.now < end {
            let answer = try? await system.api.post(
                "/v1/wallets/\(wallet)/fund", #"{"amount":"1.00"}"#, headers: ["idempotency-key": key])
            if let answer, answer.status < 500, answer.errorCode != "IDEMPOTENCY_IN_PROGRESS" { return answer }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// A link that is noted; none, after a moment, when its making was not answered in time.
    private static func makeLink(
        to wallet: WalletID, _ system: TestSystem, _ promises: Promises
    ) async -> TestSystem.Link? {
        let answer = try? await system.api.post("/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"10.00"}"#)
        promises.note(.link, answer)
        let link = answer.flatMap { try? TestSystem.Link($0) }
        if link == nil { try? await Task.sleep(for: .milliseconds(50)) }
        return link
    }

    /// What a role's metrics say of connections made anew.
    private static func reconnects(to server: String, in metrics: String) -> Double {
        let name = "paylinks_reconnects_total{server=\"\(server)\"} "
        let line = metrics.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Double($0.dropFirst(name.count)) } ?? 0
    }

    /// Kills one part after the other, and again, each once the last is back; every part once at least.
    private static func breakInTurn(
        _ parts: [Part], until end: ContinuousClock.Instant, _ system: TestSystem, _ processes: [RoleProcess]
    ) async throws {
        var count = 0
        while ContinuousClock.now + .seconds(6) < end {
            try await Task.sleep(for: .seconds(3))
            try await restart(parts[count % parts.count], system, processes)
            count += 1
        }
        #expect(count >= parts.count, "the time should be enough to kill every part: \(count) kills")
    }

    private static func restart(_ part: Part, _ system: TestSystem, _ processes: [RoleProcess]) async throws {
        switch part {
        case .gateway: try await restart(system.gateway)
        case .worker: try await restart(processes[0])
        case .settlementWorker: try await restart(processes[2])
        case .expiryWorker: try await restart(processes[3])
        case .broker:
            await system.servers.own?.rabbitMQ.kill()
            try await system.servers.own?.rabbitMQ.restart()
        case .database:
            await system.servers.own?.postgres.kill()
            try await system.servers.own?.postgres.restart()
        }
    }

    private static func restart(_ process: RoleProcess) async throws {
        await process.kill()
        try await process.start()
    }

    /// Waits until everything that was accepted has been worked off.
    private static func settleDown(_ system: TestSystem) async throws {
        let isSettled = try await eventually(within: .seconds(60), every: .milliseconds(200)) {
            (try? await system.number("SELECT count(*) FROM claims WHERE status = 'PENDING'")) == 0
        }
        #expect(isSettled, "everything should settle without a hand")
        #expect(try await system.isDrained())
    }

    private static func wallets(_ count: Int, _ system: TestSystem, funds: Int64 = 0) async throws -> [WalletID] {
        var wallets: [WalletID] = []
        for _ in 0..<count { wallets.append(try await system.makeWallet(funds: funds)) }
        return wallets
    }
}
