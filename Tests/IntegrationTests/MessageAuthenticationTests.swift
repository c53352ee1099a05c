import Foundation
import Jobs
import PaymentLinks
import Testing
import TestSupport

/// A component that can write to a queue and has no key cannot spend a wallet or settle a claim.
@Suite struct MessageAuthenticationTests {
    private static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    private static let settings = [
        "PAYLINKS_JOB_KEYS": "k1:\(key(1))", "PAYLINKS_RAIL_KEYS": "ach:\(key(2)),usdc:\(key(3))",
        "PAYLINKS_REQUIRE_MACS": "true",
    ]

    @Test func `claims of every method settle when every message carries a MAC`() async throws {
        try await TestSystem.run(settings: Self.settings) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000)
            let payee = try await system.makeWallet()
            for body in [TestSystem.walletClaim(payer), TestSystem.achClaim(), TestSystem.usdcClaim()] {
                let claim = try await system.api.post(try await system.makeLink(to: payee).claimPath, body)
                #expect(claim.status == 200, "\(claim.text)")
            }
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 3
            }
            #expect(settled)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a forged job and a forged outcome become dead letters and move nothing`() async throws {
        try await TestSystem.run([.claimWorker], settings: Self.settings) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000)
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let job = try await RedeliveryTests.job(.wallet, on: link, payer: payer, system)
            let claim = try await system.api.post(
                try await system.makeLink(to: payee).claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            try await system.publish([job, RedeliveryTests.outcome(.settled, of: id, system)])
            let queues = [system.topology.claimQueue, system.topology.outcomeQueue].map(system.topology.deadQueue)
            let areDead = try await eventually { try await system.messageCount(in: queues) == 2 }
            #expect(areDead)
            #expect(try await system.balance(of: payer) == ("100.00", "0.00"))
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 0)
        }
    }

    @Test func `an outcome that another rail's key signed changes nothing`() async throws {
        try await TestSystem.run([.claimWorker], settings: Self.settings) { system, _ in
            let payee = try await system.makeWallet()
            let claim = try await system.api.post(
                try await system.makeLink(to: payee).claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            let rails = try OutcomeAuthenticator(
                keys: [
                    (name: "ach", key: Array(repeating: 2, count: 32)),
                    (name: "usdc", key: Array(repeating: 3, count: 32)),
                ])
            let outcome = SettlementOutcome(
                settlementId: id, kind: .settled, code: nil, reason: nil, reference: "r", occurredAt: .now())
            for rail in [ClaimMethod.usdc, .ach] {
                try await system.publish([system.topology.message([outcome]) { rails.mac(of: $0, rail: rail) }])
                #expect(try await system.isDrained([system.topology.outcomeQueue]))
                let settled = try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'")
                #expect(settled == (rail == .ach ? 1 : 0))
            }
        }
    }

    @Test func `unsigned messages are accepted until the setting requires MACs`() async throws {
        let lenient = Self.settings.merging(["PAYLINKS_REQUIRE_MACS": "false"]) { $1 }
        try await TestSystem.run([.claimWorker], settings: lenient) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            try await system.publish([try await RedeliveryTests.job(.wallet, on: link, payer: payer, system)])
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1
            }
            #expect(settled)
        }
    }
}
