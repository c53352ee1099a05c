import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import RabbitMQ
import Testing
import TestSupport

/// The operators' command line, as its users run it: the executable itself on a whole system.
@Suite struct CommandLineTests {
    @Test func `a new database is migrated once, and found current the second time`() async throws {
        try await TestSystem.run([]) { system, _ in
            let name = system.databaseName + "_new"
            let url = try #require(system.databaseURL.replacing(last: system.databaseName, with: name))
            _ = try await system.rows("CREATE DATABASE \(name)")
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await Self.migrateTwice(url, system))
            } catch {
                outcome = .failure(error)
            }
            _ = try await system.rows("DROP DATABASE \(name) WITH (FORCE)")
            try outcome.get()
        }
    }

    @Test func `a schema that is newer than the program is refused`() async throws {
        try await TestSystem.run([]) { system, _ in
            _ = try await system.rows("INSERT INTO schema_migrations VALUES (1000, 'of tomorrow') RETURNING number")
            let run = try await system.paylinks("migrate")
            #expect(run.status == .exited(1))
            #expect(run.output.contains("the schema is at step 1000"), "\(run.output)")
        }
    }

    @Test func `a check of the schema changes nothing, and tells whether it is this version's`() async throws {
        try await TestSystem.run([]) { system, _ in
            let current = try await system.paylinks("migrate", "--check")
            #expect(current.status == .exited(0) && current.output == "the schema is current\n")
            _ = try await system.rows("DELETE FROM schema_migrations WHERE number > 3 RETURNING number")
            let old = try await system.paylinks("migrate", "--check", "--json")
            #expect(old.status == .exited(1) && old.json["version"].number == 3, "\(old.output)")
            #expect(try await system.number("SELECT count(*) FROM schema_migrations") == 3)
        }
    }

    private static func migrateTwice(_ url: String, _ system: TestSystem) async throws {
        let new = ["PAYLINKS_DATABASE_URL": url]
        let early = try await system.paylinks("audit", settings: new)
        #expect(early.status != .exited(0), "an empty database is no system: \(early.output)")
        let first = try await system.paylinks("migrate", "--json", settings: new)
        #expect(first.status == .exited(0), "\(first.output)")
        #expect(first.json.elements.map { $0["number"].number } == (1...first.json.elements.count).map(Double.init))
        let second = try await system.paylinks("migrate", settings: new)
        #expect(second.status == .exited(0))
        #expect(second.output == "the schema is current\n")
        let third = try await system.paylinks("migrate", "--json", settings: new)
        #expect(third.json == .array([]))
        #expect(try await system.paylinks("audit", settings: new).status == .exited(0))
    }

    @Test func `a key that is made works, is listed without its secret, and is refused soon after it is revoked`()
        async throws
    {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_KEY_CACHE_TTL": "2s"]) { system, _ in
            let made = try await system.paylinks(
                "organizations", "create", "Acme", "--display-name", "Acme Inc", "--json")
            #expect(made.status == .exited(0), "\(made.output)")
            let organization = try #require(made.json["id"].string)
            #expect(made.json["displayName"].string == "Acme Inc")
            let organizations = try await system.paylinks("organizations", "list", "--json").json.elements
            #expect(organizations.map { $0["id"].string } == ["\(system.organization)", organization])
            let created = try await system.paylinks("keys", "create", organization, "--name", "till", "--json")
            let secret = try #require(created.json["secret"].string)
            let id = try #require(created.json["key"]["id"].string)
            #expect(secret.hasPrefix("wg_test_"))
            let api = system.api.with(key: secret)
            let wallet = try await api.post("/v1/wallets", #"{"name":"Till"}"#)
            #expect(wallet.json["organizationId"].string == organization)

            let listed = try await system.paylinks("keys", "list", organization, "--json")
            #expect(listed.json.elements.map { $0["id"].string } == [id])
            #expect(listed.json[0]["status"].string == "ACTIVE")
            #expect(!listed.output.contains(secret))

            let revoked = try await system.paylinks("keys", "revoke", organization, id, "--json")
            #expect(
                revoked.json
                    == .object(["id": .text(id), "status": .text("REVOKED"), "revoked": .array([.text(id)])]))
            let isRefused = try await eventually(within: .seconds(5)) {
                try await api.get("/v1/wallets").errorCode == "API_KEY_REVOKED"
            }
            #expect(isRefused)
            #expect(try await system.paylinks("keys", "list", organization).output.contains("REVOKED"))
        }
    }

    @Test func `a key is made for what it is asked for`() async throws {
        try await TestSystem.run([]) { system, _ in
            let own = "\(system.organization)"
            let reader = try await system.paylinks(
                "keys", "create", own, "--permissions", "payments:read", "wallets:read", "--json")
            #expect(reader.json["key"]["permissions"] == .array([.text("payments:read"), .text("wallets:read")]))
            let secret = try #require(reader.json["secret"].string)
            let api = system.api.with(key: secret)
            #expect(try await api.get("/v1/payment-links").status == 200)
            #expect(try await api.post("/v1/wallets", "{}").errorCode == "PERMISSION_DENIED")
            let live = try await system.paylinks("keys", "create", own, "--live")
            #expect(live.output.hasPrefix("wg_live_"), "\(live.output)")
            #expect(live.output.split(separator: "\n").count == 1, "the secret alone, for a script to take")
        }
    }

    @Test func `an audit ends with 0 while the books are right, and with 1 and the rule when a row is not`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 5_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(payer)).status == 200)
            let clean = try await system.paylinks("audit", "--json")
            #expect(clean.status == .exited(0), "\(clean.output)")
            #expect(clean.json.elements.count > 10)
            #expect(clean.json.elements.allSatisfy { $0["breaches"].number == 0 })
            _ = try await system.rows(
                "UPDATE wallets SET available = available + 1 WHERE id = $1 RETURNING id", [.uuid(payer.bits)])
            let breached = try await system.paylinks("audit")
            #expect(breached.status == .exited(1))
            #expect(breached.output.contains("BREACH  balances_agree_with_entries: 1 rows."), "\(breached.output)")
            #expect(breached.output.contains("        \(payer)\n"), "by the wallet's own id: \(breached.output)")
            let findings = try await system.paylinks("audit", "--json").json.elements
                .filter { $0["breaches"].number != 0 }
            #expect(findings.map { $0["name"].string } == ["balances_agree_with_entries"])
        }
    }

    // MARK: - Settlements

    @Test func `what a rail works on is listed, sent again word for word, and settled once by what is reported`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            var claims: [String] = []
            for body in [TestSystem.achClaim(), TestSystem.usdcClaim()] {
                let link = try await system.makeLink(to: payee)
                let claim = try await system.api.post(link.claimPath, body)
                claims.append(try #require(claim.json["claimId"].string))
            }
            let queues = [system.topology.settlementQueue(.ach), system.topology.settlementQueue(.usdc)]
            #expect(try await eventually { try await system.messageCount(in: queues) == 2 })
            let listed = try await system.paylinks("settlements", "list", "--json")
            #expect(listed.json.elements.map { $0["claimId"].string } == claims, "\(listed.output)")
            #expect(!listed.output.contains("estination"), "accounts stay where they are")
            let first = try await system.paylinks("settlements", "list", "--limit", "1")
            #expect(first.output.hasSuffix("there may be more: go on with --after \(claims[0])\n"), "\(first.output)")
            let rest = try await system.paylinks("settlements", "list", "--after", claims[0], "--json")
            #expect(rest.json.elements.map { $0["claimId"].string } == [claims[1]], "\(rest.output)")
            let ach = try await system.paylinks("settlements", "list", "--method", "ach")
            #expect(ach.output.hasPrefix(claims[0] + "\tSANDBOX\tach\t") && ach.output.contains("not submitted"))
            let older = try await system.paylinks("settlements", "list", "--older-than", "1h")
            #expect(older.output == "No settlements are pending of those that the options select.\n")

            let resent = try await system.paylinks("settlements", "resend", "--all", "--json")
            #expect(resent.json == .object(["resent": .number(2)]), "\(resent.output)")
            #expect(try await system.paylinks("settlements", "resend", claims[0]).output == "resent 1\n")
            let bodies = try await Self.bodies(of: queues, system)
            #expect(bodies.map { $0.count } == [3, 2])
            #expect(bodies.allSatisfy { Set($0).count == 1 }, "the same bytes each time")

            for _ in 0..<2 {
                let settled = try await system.paylinks(
                    "settlements", "report", claims[0], "settled", "--reference", "T1")
                #expect(settled.status == .exited(0), "\(settled.output)")
            }
            let failed = try await system.paylinks(
                "settlements", "report", claims[1], "failed", "--code", "NEVER_SENT", "--json")
            #expect(failed.json["statusBefore"].string == "AWAITING_PAYMENT", "\(failed.output)")
            let isSettled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status IN ('SETTLED', 'FAILED')") == 2
            }
            #expect(isSettled)
            #expect(try await system.balance(of: payee).available == "10.00")
            #expect(try await system.paylinks("settlements", "list").output == "No settlements are pending.\n")
            let late = try await system.paylinks("settlements", "resend", claims[0])
            #expect(late.status == .exited(64) && late.output.contains("nothing was sent"), "\(late.output)")
            #expect(try await system.breaches() == [])
        }
    }

    /// Takes what the queues hold.
    private static func bodies(of queues: [String], _ system: TestSystem) async throws -> [[[UInt8]]] {
        try await system.withAdministration { administration in
            var bodies: [[[UInt8]]] = []
            for queue in queues {
                bodies.append([])
                while let message = try await administration.get(queue: queue) {
                    bodies[bodies.count - 1].append(message.body)
                    try await administration.acknowledge(message.tag)
                }
            }
            return bodies
        }
    }

    // MARK: - Dead letters

    @Test func `dead letters are counted and shown, and stay where they are`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (queue, id) = (system.topology.claimQueue, try await Self.plant(system))
            let list = try await system.paylinks("dead-letters", "list", "--json")
            #expect(list.json.elements.count == system.topology.workQueues.count)
            for count in list.json.elements {
                #expect(count["deadLetters"].number == (count["queue"].string == queue ? 2 : 0), "\(list.output)")
            }
            let shown = try await system.paylinks("dead-letters", "show", queue, "--json").json.elements
            #expect(Set(shown.map { $0["messageId"].string }) == [id, "poison"])
            #expect(shown.contains { $0["reason"].string == "planted" })
            #expect(shown.contains { $0["reason"].string?.contains("claimId") == true })
            let one = try await system.paylinks("dead-letters", "show", queue, "--id", "poison", "--bodies")
            #expect(one.output.contains(#"{"version":1}"#))
            #expect(!one.output.contains(id))
            #expect(try await eventually { try await system.depth(of: system.topology.deadQueue(of: queue)) == 2 })
        }
    }

    @Test func `a look at one dead letter leaves those behind it alone, and the listing tells how often each was out`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (queue, id) = (system.topology.claimQueue, try await Self.plant(system))
            let dead = system.topology.deadQueue(of: queue)
            for _ in 0..<3 {
                let one = try await system.paylinks("dead-letters", "show", queue, "--id", id)
                #expect(one.output.hasPrefix(id), "\(one.output)")
                #expect(try await eventually { try await system.depth(of: dead) == 2 })
            }
            let shown = try await system.paylinks("dead-letters", "show", queue)
            #expect(shown.output.contains("\(id)\tdeliveries=3\tplanted\n"), "\(shown.output)")
            #expect(shown.output.contains("poison\tdeliveries=0\t"), "\(shown.output)")
        }
    }

    @Test func `a prefix that no system has is told, and nothing is declared for it`() async throws {
        try await TestSystem.run([]) { system, _ in
            let absent = JobTopology(prefix: system.databaseName + "-absent.")
            for arguments in [["list"], ["show", absent.claimQueue], ["replay", absent.claimQueue]] {
                let run = try await Program.run(
                    "paylinks", ["dead-letters"] + arguments + ["--queue-prefix", absent.prefix],
                    environment: system.environment)
                #expect(run.status == .exited(64))
                #expect(run.output.contains("no queues with the prefix \(absent.prefix)"), "\(run.output)")
            }
            for queue in absent.workQueues {
                await #expect(throws: RabbitMQError.self) { try await system.depth(of: queue) }
            }
        }
    }

    @Test func `replayed dead letters are done if their cause is mended, and come back if not`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (queue, id) = (system.topology.claimQueue, try await Self.plant(system))
            let dead = system.topology.deadQueue(of: queue)
            let replayed = try await system.paylinks("dead-letters", "replay", queue, "--json")
            #expect(replayed.json == .object(["replayed": .number(2)]), "\(replayed.output)")
            let settled = try await eventually {
                try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'") == 1
            }
            #expect(settled)
            #expect(try await eventually { try await system.depth(of: dead) == 1 })
            let few = try await system.paylinks("dead-letters", "replay", queue, "--limit", "1")
            #expect(few.output == "replayed 1, the limit: there may be more\n")
            #expect(try await eventually { try await system.depth(of: dead) == 1 })
            let again = try await system.paylinks("dead-letters", "replay", queue, "--id", id)
            #expect(again.output == "replayed 0\n", "what is done is no dead letter any more")
            let kept = try await system.paylinks("dead-letters", "discard", queue, "--id", id)
            #expect(kept.output == "discarded 0\n")
            let discarded = try await system.paylinks("dead-letters", "discard", queue)
            #expect(discarded.output == "discarded 1\n")
            #expect(try await eventually { try await system.depth(of: dead) == 0 })
            #expect(try await system.breaches() == [])
        }
    }

    /// Puts a good job and one that cannot be read among the claims' dead letters, and returns the good one's id.
    private static func plant(_ system: TestSystem) async throws -> String {
        let payer = try await system.makeWallet(funds: 5_000)
        let link = try await system.makeLink(to: try await system.makeWallet())
        let good = buried(try await RedeliveryTests.job(.wallet, on: link, payer: payer, system), system)
        let poison = OutgoingMessage(
            exchange: system.topology.jobsExchange, routingKey: "claim", body: Array(#"{"version":1}"#.utf8),
            messageId: "poison")
        try await system.publish([good, poison])
        let dead = system.topology.deadQueue(of: system.topology.claimQueue)
        #expect(try await eventually { try await system.depth(of: dead) == 2 })
        return try #require(good.messageId)
    }

    /// A job on its way straight to the dead letters, as a worker would have sent it there.
    private static func buried(_ job: OutgoingMessage, _ system: TestSystem) -> OutgoingMessage {
        var letter = job
        letter.exchange = system.topology.deadLetterExchange
        letter.routingKey = system.topology.deadQueue(of: system.topology.claimQueue)
        letter.headers[JobTopology.reasonHeader] = .string("planted")
        return letter
    }
}

extension String {
    /// The text with the last occurrence of a part replaced; `nil` when there is none.
    fileprivate func replacing(last part: String, with other: String) -> String? {
        range(of: part, options: .backwards).map { replacingCharacters(in: $0, with: other) }
    }
}
