import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import Testing
import TestSupport

/// A worker may die at any step of its work: another one ends it, and the effect is one.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    @Test(arguments: ["before-commit", "after-commit", "after-publish"], [ClaimMethod.wallet, .ach, .usdc])
    func `a worker killed at any step leaves one effect and an empty queue`(
        step: String, method: ClaimMethod
    ) async throws {
        try await TestSystem.run([]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            let maker = try await system.start(.claimWorker)
            let link = try await system.makeLink(to: payee)
            await maker.stop()
            let doomed = try system.make(.claimWorker)
            try await doomed.start(["PAYLINKS_FAULT_POINT": step])
            async let answer = system.api.post(
                link.claimPath, RaceTests.body(method, payer: payer), headers: ["prefer": "wait=20"])
            #expect(try await doomed.waitForExit() == .signalled(9))
            let heirs = [
                try await system.start(.claimWorker), try await system.start(.settlementWorker),
                try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "500ms"]),
            ]
            let claim = try await answer
            #expect(claim.status == 200)
            #expect(method == .usdc || claim.json["link"]["status"].string == "CLAIMED")
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1
            }
            #expect(settled)
            #expect(try await system.isDrained())
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
            #expect(try await system.balance(of: payee) == ("10.00", "0.00"))
            #expect(try await system.breaches() == [])
            for heir in heirs { await heir.kill() }
        }
    }

    @Test(
        arguments: ["after-commit", "after-publish"],
        [[SettlementOutcome.Kind.settled], [.failed], [.settled, .returned]])
    func `a worker killed over the outcomes of a rail moves the ledger once`(
        step: String, kinds: [SettlementOutcome.Kind]
    ) async throws {
        try await TestSystem.run([]) { system, _ in
            let payee = try await system.makeWallet()
            let maker = try await system.start(.claimWorker)
            let link = try await system.makeLink(to: payee)
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            await maker.stop()
            try await system.publish(kinds.map { RedeliveryTests.outcome($0, of: id, system) })
            let doomed = try system.make(.claimWorker)
            try await doomed.start(["PAYLINKS_FAULT_POINT": step], untilReady: false)
            #expect(try await doomed.waitForExit() == .signalled(9))
            _ = try await system.start(.claimWorker)
            _ = try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "500ms"])
            #expect(try await system.isDrained([system.topology.outcomeQueue]))
            let isPaid = kinds == [.settled]
            #expect(try await system.rows("SELECT status FROM claims")[0].text(0) == (isPaid ? "SETTLED" : "FAILED"))
            #expect(try await system.balance(of: payee) == (isPaid ? "10.00" : "0.00", "0.00"))
            let events = "SELECT count(*) FROM events WHERE type = 'payment_link."
            #expect(try await system.number(events + "settled'") == (kinds.contains(.settled) ? 1 : 0))
            #expect(try await system.number(events + "claim_failed'") == (isPaid ? 0 : 1))
            #expect(try await eventually { try await system.number("SELECT count(*) FROM outbox") == 0 })
            #expect(try await system.breaches() == [])
        }
    }

    @Test(arguments: ["after-commit", "after-publish"])
    func `a worker killed over a creation leaves one link with one event, and its answer to another`(
        step: String
    ) async throws {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let doomed = try system.make(.claimWorker)
            try await doomed.start(["PAYLINKS_FAULT_POINT": step])
            async let answer = system.api.post(
                "/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"10.00"}"#, headers: ["prefer": "wait=20"])
            #expect(try await doomed.waitForExit() == .signalled(9))
            _ = try await system.start(.claimWorker)
            _ = try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "500ms"])
            let link = try TestSystem.Link(try await answer)
            #expect(try await system.isDrained())
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").status == 200)
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 1)
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.created'") == 1)
            #expect(try await eventually { try await system.number("SELECT count(*) FROM outbox") == 0 })
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a settlement in the hands of a worker that is killed is settled by another, once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let queue = system.topology.settlementQueue(.ach)
            let link = try await system.makeLink(to: payee)
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            #expect(try await eventually { try await system.depth(of: queue) == 1 })
            let doomed = try await system.start(.settlementWorker, ["PAYLINKS_SANDBOX_DELAY": "60s"])
            #expect(try await eventually { try await system.depth(of: queue) == 0 })
            #expect(try await system.messageCount(in: [queue]) == 1, "the worker holds it, unacknowledged")
            await doomed.kill()
            _ = try await system.start(.settlementWorker)
            #expect(try await eventually { try await system.balance(of: payee).available == "10.00" })
            #expect(try await system.isDrained())
            #expect(try await system.balance(of: payee) == ("10.00", "0.00"))
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.settled'") == 1)
            #expect(try await system.breaches() == [])
        }
    }
}
