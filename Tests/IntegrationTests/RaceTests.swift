import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import Testing
import TestSupport

/// Many at once: one wins, and everybody is told the truth.
@Suite(.serialized) struct RaceTests {
    @Test func `of 500 concurrent claims of one link one wins`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let payee = try await system.makeWallet("Payee")
            let link = try await system.makeLink(to: payee)
            let payers = try await Self.all(50) { _ in try await system.makeWallet(funds: 100_000) }
            let answers = try await Self.all(500) { index in
                try await system.api.post(
                    link.claimPath, TestSystem.walletClaim(payers[index % 50]),
                    headers: ["idempotency-key": "claim-\(index)"])
            }
            #expect(answers.count { $0.status == 200 } == 1)
            #expect(answers.count { $0.status == 409 && $0.errorCode == "LINK_ALREADY_CLAIMED" } == 499)
            let events = try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.claimed'")
            #expect(events == 1)
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test(arguments: [ClaimMethod.wallet, .ach, .usdc])
    func `50 equal claims with one idempotency key have one effect and 50 equal answers`(
        method: ClaimMethod
    ) async throws {
        try await TestSystem.run([.claimWorker, .claimWorker, .settlementWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 100_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            let body = Self.body(method, payer: payer)
            let answers = try await Self.all(50) { _ in
                try await system.api.post(link.claimPath, body, headers: ["idempotency-key": "same"])
            }
            #expect(answers.map(\.status) == Array(repeating: 200, count: 50))
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.count { $0.header("idempotent-replayed") == "true" } == 49)
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a retry without a key that equals the winner gets the winner's outcome`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 100_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            let first = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            let second = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            #expect(first.status == 200)
            #expect(second.text == first.text)
            #expect(second.header("idempotent-replayed") == "true")
            let other = try await system.api.post(link.claimPath, TestSystem.achClaim())
            #expect(other.errorCode == "LINK_ALREADY_CLAIMED")
        }
    }

    @Test func `ten claims on one payer's wallet spend no more than it has`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 5_500)
            let payee = try await system.makeWallet()
            let links = try await Self.all(10) { _ in try await system.makeLink(to: payee) }
            let answers = try await Self.all(10) { index in
                try await system.api.post(links[index].claimPath, TestSystem.walletClaim(payer))
            }
            #expect(answers.count { $0.status == 200 } == 5)
            #expect(answers.count { $0.status == 402 && $0.errorCode == "INSUFFICIENT_FUNDS" } == 5)
            #expect(try await system.balance(of: payer).available == "5.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `claim, cancel and expiry fired together end in one state with its event, 1,000 times`() async throws {
        try await TestSystem.run([.claimWorker, .expiryWorker], settings: ["PAYLINKS_EXPIRY_MAX_SLEEP": "5ms"]) {
            system, _ in
            let payer = try await system.makeWallet(funds: 100_000_000)
            let payee = try await system.makeWallet()
            var counts: [String: Int64] = [:]
            var rounds = 0
            // More rounds than that only where one of the three has not won yet.
            while rounds < 20 || (counts.count < 3 && rounds < 100) {
                try await Self.round(of: 50, system, payer: payer, payee: payee)
                counts = try await Self.countStates(system)
                rounds += 1
            }
            #expect(counts.values.reduce(0, +) == Int64(rounds) * 50)
            #expect(
                counts.keys.sorted() == ["CANCELLED", "CLAIMED", "EXPIRED"], "every outcome should occur: \(counts)")
            #expect(try await system.breaches() == [])
        }
    }

    /// Creates links that expire at about the time that they are claimed and cancelled.
    private static func round(of count: Int, _ system: TestSystem, payer: WalletID, payee: WalletID) async throws {
        let links = try await all(count) { _ in try await system.makeLink(to: payee) }
        let expiry = Timestamp.now().advanced(by: .milliseconds(150))
        try await system.moveEnd(of: links, to: .milliseconds(150))
        _ = try await all(count * 2) { index in
            let link = links[index / 2]
            let jitter = expiry.duration(since: .now()) + .milliseconds(Int.random(in: -40...10))
            try await Task.sleep(for: max(jitter, .zero))
            return index.isMultiple(of: 2)
                ? try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
                : try await system.api.patch("/v1/payment-links/\(link.id)")
        }
    }

    /// How many links ended in each state, once none is active any more.
    private static func countStates(_ system: TestSystem) async throws -> [String: Int64] {
        let isOver = try await eventually {
            try await system.number("SELECT count(*) FROM payment_links WHERE status = 'ACTIVE'") == 0
        }
        #expect(isOver)
        let states = try await system.rows("SELECT status, count(*) FROM payment_links GROUP BY status")
        return Dictionary(uniqueKeysWithValues: try states.map { (try $0.text(0), try $0.int64(1)) })
    }

    static func body(_ method: ClaimMethod, payer: WalletID) -> String {
        switch method {
        case .wallet: TestSystem.walletClaim(payer)
        case .ach: TestSystem.achClaim()
        case .usdc: TestSystem.usdcClaim()
        }
    }

    /// Does something `count` times at once, and returns the results in order.
    static func all<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for index in 0..<count { group.addTask { (index, try await body(index)) } }
            var results: [(Int, Value)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
