import Jobs
import PaymentLinks
import Postgres
import RabbitMQ
import Sealing
import Testing
import TestSupport

/// Jobs that came in one message are decided each for itself: delivered again, refused or unreadable.
@Suite struct JobBatchTests {
    @Test(arguments: [ClaimMethod.wallet, .ach])
    func `a batch of claims published twice has one effect for each of them`(method: ClaimMethod) async throws {
        try await TestSystem.run([.claimWorker, .claimWorker, .settlementWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            var jobs: [OutgoingJob] = []
            for _ in 0..<30 {
                jobs.append(try await Self.job(method, on: try await system.makeLink(to: payee), payer: payer, system))
            }
            let batch = system.topology.message(jobs, of: .claim, replyTo: nil)
            try await system.publish([batch, batch])
            try await system.publish([system.topology.message(jobs.reversed(), of: .claim, replyTo: nil)])
            #expect(try await Self.settled(30, system))
            #expect(try await system.isDrained())
            #expect(try await system.number("SELECT count(*) FROM claims") == 30)
            #expect(try await system.number("SELECT count(*) FROM transactions WHERE kind = 'CLAIM'") == 30)
            #expect(try await system.balance(of: payee) == ("300.00", "0.00"))
            #expect(try await Self.deadLetters(system) == [])
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a batch of creations published twice makes each link once`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let jobs = try (0..<30).map { _ in try Self.creation(to: wallet, system) }
            let batch = system.topology.message(jobs, of: .creation, replyTo: nil)
            try await system.publish([batch, batch])
            #expect(try await system.isDrained())
            #expect(try await eventually { try await system.number("SELECT count(*) FROM payment_links") == 30 })
            #expect(
                try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.created'") == 30)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a job of a batch that cannot be read is a dead letter alone, and its neighbours are decided`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            var good: [OutgoingMessage] = []
            for _ in 0..<4 {
                let link = try await system.makeLink(to: payee)
                good.append(try await RedeliveryTests.job(.wallet, on: link, payer: payer, system))
            }
            var entries = good.map { Self.entry($0.messageId ?? "", $0.body) }
            entries.insert(Self.entry("poison", Array(#"{ "version":1 }"#.utf8)), at: 2)
            entries.append(Array(#"{"isAwaited":false}"#.utf8))
            try await system.publish([Self.batch(version: 1, entries, system)])
            #expect(try await Self.settled(4, system))
            let letters = try await Self.deadLetters(system, count: 2)
            let stray = try #require(letters.first { $0.messageId == nil })
            #expect(
                stray.type == "claim-batch" && stray.body == Array(#"{"version":1,"jobs":[{"isAwaited":false}]}"#.utf8))
            let letter = try #require(letters.first { $0.messageId != nil })
            #expect(letter.messageId == "poison" && letter.type == "claim")
            #expect(letter.body == Array(#"{ "version":1 }"#.utf8), "nothing of its neighbours")
            #expect(letter.headers["traceparent"] == .string("00-trace-poison"))
            #expect(letter.headers[JobTopology.countHeader] == nil)
            guard case .string(let reason)? = letter.headers[JobTopology.reasonHeader] else {
                Issue.record("the dead letter gives no reason")
                return
            }
            #expect(reason.contains("claimId"), "\(reason)")
            #expect(try await system.balance(of: payee) == ("40.00", "0.00"))
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a job of a batch that the database refuses is a dead letter alone, and is replayed alone`() async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            var jobs: [OutgoingJob] = []
            for _ in 0..<9 {
                jobs.append(try await Self.job(.wallet, on: try await system.makeLink(to: payee), payer: payer, system))
            }
            _ = try await system.rows(
                "ALTER TABLE claims ADD CONSTRAINT not_this_one CHECK (id <> '\(Self.uuid(jobs[4].id))')")
            try await system.publish([system.topology.message(jobs, of: .claim, replyTo: nil)])
            #expect(try await Self.settled(8, system))
            let letter = try #require(try await Self.deadLetters(system, count: 1).first)
            #expect(letter.messageId == ClaimID(jobs[4].id).description && letter.type == "claim")
            #expect(try ClaimJob.decode(letter.body).claimId.ulid == jobs[4].id)
            _ = try await system.rows("ALTER TABLE claims DROP CONSTRAINT not_this_one")
            let replayed = try await system.paylinks("dead-letters", "replay", system.topology.claimQueue)
            #expect(replayed.output == "replayed 1\n")
            #expect(try await Self.settled(9, system))
            #expect(try await Self.deadLetters(system) == [])
            #expect(try await system.balance(of: payee) == ("90.00", "0.00"))
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a batch that cannot be taken apart is a dead letter in whole, and none of its jobs is done`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 10_000_000)
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let job = try await RedeliveryTests.job(.wallet, on: link, payer: payer, system)
            let spoilt = Self.batch(version: 2, [Self.entry("a", job.body), Self.entry("b", job.body)], system)
            try await system.publish([spoilt])
            let letter = try #require(try await Self.deadLetters(system, count: 1).first)
            #expect(letter.body == spoilt.body && letter.type == "claim-batch")
            #expect(letter.headers[JobTopology.countHeader] == .int64(2))
            #expect(try await system.number("SELECT count(*) FROM claims") == 0)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `an outcome whose id no message can hold becomes a dead letter without it, and holds up no other`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let id = String(repeating: "x", count: 300)
            let entries = [id, "b"].map { Self.entry($0, Array("{}".utf8)) }
            var message = Self.batch(version: 1, entries, system)
            (message.exchange, message.routingKey) = (system.topology.settlementsExchange, "outcome")
            try await system.publish([message])
            let letters = try await Self.deadLetters(of: system.topology.outcomeQueue, system, count: 2)
            #expect(Set(letters.map(\.messageId)) == [nil, "b"])
            #expect(letters.allSatisfy { $0.body == Array("{}".utf8) && $0.headers[JobTopology.reasonHeader] != nil })
            #expect(try await system.isDrained())
        }
    }

    // MARK: - Messages

    private static func job(
        _ method: ClaimMethod, on link: TestSystem.Link, payer: WalletID, _ system: TestSystem
    ) async throws -> OutgoingJob {
        let message = try await RedeliveryTests.job(method, on: link, payer: payer, system)
        return OutgoingJob(try ClaimJob.decode(message.body), traceparent: nil, isAwaited: false)
    }

    private static func creation(to wallet: WalletID, _ system: TestSystem) throws -> OutgoingJob {
        var generator = SystemRandomNumberGenerator()
        let digest = try RequestDigests(digestKey: system.digestKey).digest(of: [])
        let creation = LinkCreation(
            linkId: .mint(at: .now()), organizationId: system.organization, environment: .sandbox, walletId: wallet,
            slug: .mint(using: &generator), amount: Money(minorUnits: 1_000, currency: .usd), description: nil,
            restrictions: nil, expiresAt: nil, metadataJSON: "{}", digest: digest,
            idempotencyKey: nil)
        return OutgoingJob(creation, traceparent: nil, isAwaited: false)
    }

    /// A batch's entry, of a job that need not be one.
    private static func entry(_ id: String, _ job: [UInt8]) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", id)
            writer.field("traceparent", "00-trace-\(id)")
            writer.field("isAwaited", false)
            writer.field("job", json: job[...])
        }
    }

    private static func batch(version: Int, _ entries: [[UInt8]], _ system: TestSystem) -> OutgoingMessage {
        let body = JSONWriter.object { writer in
            writer.field("version", version)
            writer.field("jobs", array: entries) { $0.raw($1[...]) }
        }
        return OutgoingMessage(
            exchange: system.topology.jobsExchange, routingKey: "claim", body: body, type: "claim-batch",
            headers: [JobTopology.countHeader: .int64(Int64(entries.count))])
    }

    static func uuid(_ id: ULID) -> String {
        let digits = String(id.bits, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    // MARK: - What became of them

    private static func settled(_ count: Int, _ system: TestSystem) async throws -> Bool {
        try await eventually {
            try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == count
        }
    }

    /// The claims' dead letters once there are so many; they stay where they are.
    private static func deadLetters(_ system: TestSystem, count: Int = 0) async throws -> [Delivery] {
        try await deadLetters(of: system.topology.claimQueue, system, count: count)
    }

    private static func deadLetters(
        of queue: String, _ system: TestSystem, count: Int
    ) async throws -> [Delivery] {
        let dead = system.topology.deadQueue(of: queue)
        #expect(try await eventually { try await system.depth(of: dead) == count })
        return try await system.withAdministration { administration in
            var letters: [Delivery] = []
            while letters.count < count, let letter = try await administration.get(queue: dead) {
                letters.append(letter)
            }
            for letter in letters { try await administration.requeue(letter.tag) }
            return letters
        }
    }
}
