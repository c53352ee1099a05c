import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import RabbitMQ
import Sealing
import Testing
import TestSupport

/// A job may be delivered any number of times, and its worker may die at any step: the effect is one.
@Suite struct RedeliveryTests {
    @Test(arguments: [ClaimMethod.wallet, .ach, .usdc])
    func `every job delivered twice has one effect`(method: ClaimMethod) async throws {
        try await TestSystem.run([.claimWorker, .claimWorker, .settlementWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            var jobs: [OutgoingMessage] = []
            for _ in 0..<100 {
                let link = try await system.makeLink(to: payee)
                jobs.append(try await Self.job(method, on: link, payer: payer, system))
            }
            try await system.publish(jobs + jobs)
            try await system.publish(jobs.reversed())
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 100
            }
            #expect(settled)
            #expect(try await Self.isDrained(system))
            #expect(try await system.number("SELECT count(*) FROM claims") == 100)
            #expect(try await system.number("SELECT count(*) FROM transactions WHERE kind = 'CLAIM'") == 100)
            #expect(try await system.balance(of: payee) == ("1000.00", "0.00"))
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `every outcome delivered twice and out of order moves the ledger once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            let kinds: [SettlementOutcome.Kind] = [.settled, .settled, .submitted, .returned, .returned, .settled]
            for kind in kinds { try await system.publish([Self.outcome(kind, of: id, system)]) }
            let failed = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'FAILED'") == 1
            }
            #expect(failed)
            #expect(try await eventually { try await system.depth(of: system.topology.outcomeQueue) == 0 })
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            let steps = try await system.number("SELECT count(DISTINCT step) FROM entries")
            #expect(steps == 3)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a return beyond the available balance becomes a debt, not a negative balance`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let other = try await system.makeWallet()
            let link = try await system.makeLink(to: payee, amount: "10.00")
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
            try await system.publish([Self.outcome(.settled, of: id, system)])
            #expect(try await eventually { try await system.balance(of: payee).available == "10.00" })
            let spent = try await system.makeLink(to: other, amount: "7.00")
            #expect(try await system.api.post(spent.claimPath, TestSystem.walletClaim(payee)).status == 200)
            try await system.publish([Self.outcome(.returned, of: id, system)])
            #expect(try await eventually { try await system.balance(of: payee).available == "0.00" })
            #expect(try await system.api.get("/v1/wallets/\(payee)/balance").json["debt"].string == "7.00")
            #expect(try await system.breaches() == [])
        }
    }

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
            #expect(await doomed.waitForExit() == .signalled(9))
            let heirs = [
                try await system.start(.claimWorker), try await system.start(.settlementWorker),
                try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "500ms"]),
            ]
            let claim = try await answer
            #expect(claim.status == 200)
            #expect(claim.json["link"]["status"].string == "CLAIMED")
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1
            }
            #expect(settled)
            #expect(try await Self.isDrained(system))
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
            #expect(try await system.balance(of: payee) == ("10.00", "0.00"))
            #expect(try await system.breaches() == [])
            for heir in heirs { await heir.kill() }
        }
    }

    @Test func `a poison job among 250 good ones is alone in the dead letters`() async throws {
        try await TestSystem.run([]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            let maker = try await system.start(.claimWorker)
            var jobs: [OutgoingMessage] = []
            for _ in 0..<250 {
                jobs.append(try await Self.job(.wallet, on: try await system.makeLink(to: payee), payer: payer, system))
            }
            let first = try await system.makeLink(to: payee)
            let done = try await system.api.post(first.claimPath, TestSystem.walletClaim(payer))
            let taken = try #require(done.json["transactionId"].string.flatMap { TransactionID($0) })
            let last = try await system.makeLink(to: payee)
            await maker.stop()
            let poison = try await Self.job(.wallet, on: last, payer: payer, transactionId: taken, system)
            jobs.insert(poison, at: 125)
            jobs.insert(Self.unreadable(system), at: 30)
            try await system.publish(jobs)
            let worker = try await system.start(.claimWorker)
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 251
            }
            #expect(settled)
            let dead = system.topology.deadQueue(of: system.topology.claimQueue)
            #expect(try await eventually { try await system.depth(of: dead) == 2 })
            let reasons = try await system.withAdministration { administration in
                var reasons: [String] = []
                while let letter = try await administration.get(queue: dead) {
                    if case .string(let reason)? = letter.headers[JobTopology.reasonHeader] { reasons.append(reason) }
                }
                return reasons
            }
            #expect(reasons.count == 2)
            #expect(reasons.contains { $0.contains("23505") }, "Postgres' own word on the id: \(reasons)")
            #expect(reasons.contains { $0.contains("claimId") }, "the field that is missing: \(reasons)")
            #expect(try await system.breaches() == [])
            await worker.kill()
        }
    }

    // MARK: - Messages

    /// A claim's job, as a gateway would publish it.
    static func job(
        _ method: ClaimMethod, on link: TestSystem.Link, payer: WalletID, transactionId: TransactionID? = nil,
        _ system: TestSystem
    ) async throws -> OutgoingMessage {
        let slug = try #require(Slug(link.slug))
        let id = AcceptedIdentifiers(digestKey: system.digestKey).mintClaim(for: slug, at: .now())
        let request = ClaimRequest(
            claimId: id, transactionId: transactionId ?? .mint(at: .now()), slug: slug,
            payer: try system.payer(method, wallet: payer, claim: id), recipientEmail: nil,
            authority: .init(organizationId: system.organization, environment: .sandbox, walletScope: nil),
            digest: try RequestDigests(digestKey: system.digestKey).digest(of: Array(link.slug.utf8)),
            idempotencyKey: nil)
        return system.topology.message(request, replyTo: nil, traceparent: nil)
    }

    private static func unreadable(_ system: TestSystem) -> OutgoingMessage {
        OutgoingMessage(
            exchange: system.topology.jobsExchange, routingKey: "claim", body: Array(#"{"version":1}"#.utf8),
            messageId: "unreadable")
    }

    static func outcome(_ kind: SettlementOutcome.Kind, of id: ClaimID, _ system: TestSystem) -> OutgoingMessage {
        system.topology.message(
            SettlementOutcome(
                settlementId: id, kind: kind, code: kind == .returned ? "R01" : nil, reason: nil, reference: "trace",
                occurredAt: .now()))
    }

    /// Whether every work queue but the webhooks' is empty, ready or unacknowledged, after a while.
    static func isDrained(_ system: TestSystem) async throws -> Bool {
        let queues = system.topology.workQueues.filter { $0 != system.topology.webhookQueue }
        return try await eventually {
            for queue in queues where try await system.depth(of: queue) > 0 { return false }
            return true
        }
    }
}

extension TestSystem {
    func payer(_ method: ClaimMethod, wallet: WalletID, claim: ClaimID) throws -> ClaimRequest.Payer {
        switch method {
        case .wallet: .wallet(wallet)
        case .ach:
            .ach(
                sealedDestination: try sealer.seal(
                    .ach(
                        ACHAccount(
                            routingNumber: try RoutingNumber("021000021"),
                            accountNumber: try AccountNumber("1234567890"), accountName: try AccountName("Acme"))),
                    for: claim))
        case .usdc:
            .usdc(
                sealedDestination: try sealer.seal(
                    .usdc(
                        USDCAccount(
                            address: try EVMAddress("0x00000000000000000000000000000000000000aa"), chain: .ethereum)),
                    for: claim), chain: .ethereum)
        }
    }
}
