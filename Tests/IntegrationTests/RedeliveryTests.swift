import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import RabbitMQ
import Sealing
import Testing
import TestSupport

/// A job may be delivered any number of times: the effect is one.
@Suite(.timeLimit(.minutes(5))) struct RedeliveryTests {
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
            #expect(try await system.isDrained())
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
            #expect(try await system.isDrained([system.topology.outcomeQueue]))
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

    @Test func `a settlement delivered twice is settled once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let queue = system.topology.settlementQueue(.ach)
            let link = try await system.makeLink(to: payee)
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            #expect(try await eventually { try await system.depth(of: queue) == 1 })
            let settlement = try await system.withAdministration { administration in
                let delivery = try #require(try await administration.get(queue: queue))
                try await administration.acknowledge(delivery.tag)
                return delivery
            }
            let message = OutgoingMessage(
                exchange: settlement.exchange, routingKey: settlement.routingKey, body: settlement.body,
                messageId: settlement.messageId, type: settlement.type)
            try await system.publish([message, message])
            let worker = try await system.start(.settlementWorker)
            #expect(try await eventually { try await system.balance(of: payee).available == "10.00" })
            try await system.publish([message])
            #expect(try await system.isDrained())
            #expect(try await system.balance(of: payee) == ("10.00", "0.00"))
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.settled'") == 1)
            #expect(try await system.breaches() == [])
            await worker.kill()
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

    /// How what a worker has in hand comes to be delivered once more.
    enum Loss: CaseIterable {
        case connections, worker
    }

    /// Deliveries are acknowledged in their order: while one batch is held up, none of those that have overtaken it is.
    @Test(arguments: Loss.allCases)
    func `batches that have overtaken another are delivered once more, and settled once`(loss: Loss) async throws {
        try await TestSystem.run([], ownServers: true) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            let maker = try await system.start(.claimWorker)
            var links: [TestSystem.Link] = []
            for _ in 0..<120 { links.append(try await system.makeLink(to: payee)) }
            await maker.stop()
            var jobs: [OutgoingMessage] = []
            for link in links { jobs.append(try await Self.job(.wallet, on: link, payer: payer, system)) }
            try await system.publish(jobs)
            let first = try #require(LinkID(links[0].id))
            let worker = try await system.pool.withTransaction { transaction in
                let lock = Statement("test_lock_link", "SELECT id FROM payment_links WHERE id = $1 FOR UPDATE")
                _ = try await transaction.run([Query(lock, [.uuid(first.bits)])])
                let worker = try await system.start(
                    .claimWorker, ["PAYLINKS_BATCH_LIMIT": "20", "PAYLINKS_LOCK_TIMEOUT": "60s"])
                // All but those of the first batch, and what fills no batch: less than one each.
                #expect(try await eventually { try await system.number("SELECT count(*) FROM claims") == 100 })
                #expect(try await system.messageCount(in: [system.topology.claimQueue]) == 120)
                switch loss {
                case .connections: _ = try await system.servers.control(["close_all_connections", "a test"])
                case .worker: await worker.kill()
                }
                return worker
            }
            if loss == .worker { _ = try await system.start(.claimWorker) }
            #expect(try await system.isDrained())
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 120)
            #expect(try await system.balance(of: payee) == ("1200.00", "0.00"))
            #expect(try await system.breaches() == [])
            if loss == .connections { #expect(await worker.stop() == .exited(0)) }
        }
    }

    // MARK: - Messages

    /// A claim's job, as a gateway would publish it; two on one link are equal unless they are told apart.
    static func job(
        _ method: ClaimMethod, on link: TestSystem.Link, payer: WalletID, transactionId: TransactionID? = nil,
        number: Int = 0, _ system: TestSystem
    ) async throws -> OutgoingMessage {
        let slug = try #require(Slug(link.slug))
        let id = AcceptedIdentifiers(digestKey: system.digestKey).mintClaim(for: slug, at: .now())
        let request = ClaimRequest(
            claimId: id, transactionId: transactionId ?? .mint(at: .now()), slug: slug,
            payer: try system.payer(method, wallet: payer, claim: id), recipientEmail: nil,
            authority: .init(organizationId: system.organization, environment: .sandbox, walletScope: nil),
            digest: try RequestDigests(digestKey: system.digestKey).digest(of: Array("\(link.slug) \(number)".utf8)),
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
