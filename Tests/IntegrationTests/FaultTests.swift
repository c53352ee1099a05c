import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import Synchronization
import Testing
import TestSupport

/// Each part is killed and comes back under load: what was answered 2xx is there, once, and the books are right.
@Suite(.serialized) struct FaultTests {
    /// How long each part's test keeps up the load.
    private static let duration = Duration.seconds(60)

    @Test(arguments: ["gateway", "worker", "broker", "database"])
    func `a part is killed and restarted under load, and nothing that was promised is lost`(part: String) async throws {
        try await TestSystem.run([.claimWorker, .claimWorker, .settlementWorker, .expiryWorker], ownServers: true) {
            system, processes in
            let ledger = Promises()
            let payers = try await Self.wallets(8, system, funds: 1_000_000_000)
            let payees = try await Self.wallets(8, system)
            let end = ContinuousClock.now + Self.duration
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        await Self.payUntil(end, system, from: payers[index % 8], to: payees[index % 8], index, ledger)
                    }
                }
                group.addTask { try await Self.breakRepeatedly(part, until: end, system, processes) }
                try await group.waitForAll()
            }
            try await Self.settleDown(system)
            let promised = ledger.promised
            #expect(promised.count > 50, "the load should have come through: \(promised.count)")
            let kept = try await system.number(
                "SELECT count(*) FROM claims WHERE status IN ('PENDING', 'SETTLED') AND id = ANY($1::uuid[])",
                [.uuids(promised.map(\.bits))])
            #expect(kept == promised.count)
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status = 'PENDING'") == 0)
            #expect(try await system.breaches() == [])
            if let server = ["broker": "rabbitmq", "database": "postgres"][part] {
                let text = try await processes[0].operations.get("/metrics").text
                #expect(Self.reconnects(to: server, in: text) > 0, "the metrics should tell of the outage")
            }
            print("\(part) killed under load: \(promised.count) claims promised, all kept; \(ledger.unanswered) unanswered")
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

    @Test func `a worker that is asked to stop under load finishes what it has in hand`() async throws {
        try await TestSystem.run([.claimWorker]) { system, processes in
            let ledger = Promises()
            let payer = try await system.makeWallet(funds: 1_000_000_000)
            let payee = try await system.makeWallet()
            let end = ContinuousClock.now + .seconds(4)
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    group.addTask { await Self.payUntil(end, system, from: payer, to: payee, index * 3, ledger) }
                }
                group.addTask {
                    try? await Task.sleep(for: .seconds(1))
                    let heir = try? await system.start(.claimWorker)
                    let status = await processes[0].stop()
                    #expect(status == .exited(0))
                    try? await Task.sleep(for: end - .now + .seconds(2))
                    await heir?.stop()
                }
            }
            #expect(ledger.unanswered == 0)
            #expect(try await system.breaches() == [])
        }
    }

    // MARK: - Load

    /// What the system has promised to payers.
    private final class Promises: Sendable {
        private let state = Mutex<(claims: [ClaimID], unanswered: Int)>(([], 0))

        var promised: [ClaimID] { state.withLock { $0.claims } }
        var unanswered: Int { state.withLock { $0.unanswered } }

        func note(_ answer: API.Answer?) {
            state.withLock { state in
                if let answer, answer.status == 200 || answer.status == 202,
                    let id = answer.json["claimId"].string.flatMap({ ClaimID($0) })
                {
                    state.claims.append(id)
                } else {
                    state.unanswered += 1
                }
            }
        }
    }

    /// Creates a link and pays it, again and again; an error is a fault of the moment, and the next try is another link.
    private static func payUntil(
        _ end: ContinuousClock.Instant, _ system: TestSystem, from payer: WalletID, to payee: WalletID, _ index: Int,
        _ promises: Promises
    ) async {
        var round = index
        while ContinuousClock.now < end {
            round += 1
            let body = RaceTests.body([.wallet, .ach, .usdc][round % 3], payer: payer)
            guard let link = try? await system.makeLink(to: payee) else {
                try? await Task.sleep(for: .milliseconds(50))
                continue
            }
            promises.note(try? await system.api.post(link.claimPath, body, headers: ["prefer": "wait=2"]))
        }
    }

    /// What a role's metrics say of connections made anew.
    private static func reconnects(to server: String, in metrics: String) -> Double {
        let name = "paylinks_reconnects_total{server=\"\(server)\"} "
        let line = metrics.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Double($0.dropFirst(name.count)) } ?? 0
    }

    private static func breakRepeatedly(
        _ part: String, until end: ContinuousClock.Instant, _ system: TestSystem, _ processes: [RoleProcess]
    ) async throws {
        while ContinuousClock.now + .seconds(6) < end {
            try await Task.sleep(for: .seconds(3))
            switch part {
            case "gateway":
                await system.gateway.kill()
                try await system.gateway.start()
            case "worker":
                await processes[0].kill()
                try await processes[0].start()
            case "broker":
                await system.servers.own?.rabbitMQ.kill()
                try await system.servers.own?.rabbitMQ.restart()
            default:
                await system.servers.own?.postgres.kill()
                try await system.servers.own?.postgres.restart()
            }
        }
    }

    /// Waits until everything that was accepted has been worked off.
    private static func settleDown(_ system: TestSystem) async throws {
        let isSettled = try await eventually(within: .seconds(60), every: .milliseconds(200)) {
            (try? await system.number("SELECT count(*) FROM claims WHERE status = 'PENDING'")) == 0
        }
        #expect(isSettled, "everything should settle without a hand")
        #expect(try await RedeliveryTests.isDrained(system))
    }

    private static func wallets(_ count: Int, _ system: TestSystem, funds: Int64 = 0) async throws -> [WalletID] {
        var wallets: [WalletID] = []
        for _ in 0..<count { wallets.append(try await system.makeWallet(funds: funds)) }
        return wallets
    }
}
