import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import Storage
import TestSupport
import Testing

/// Each service works with a database user and a broker user of its own, and with no more rights than it needs.
@Suite(.timeLimit(.minutes(5))) struct LeastPrivilegeTests {
    private static let services = JobTopology(prefix: "").rights.map(\.service)

    @Test func `the whole system works when each service has only its own rights`() async throws {
        try await TestSystem.run([]) { system, _ in
            try await Self.restrict(system)
            await system.gateway.stop()
            try await system.gateway.start(Self.settings(of: "api-gateway", system))
            for role in [TestRole.claimWorker, .expiryWorker, .webhookWorker] {
                _ = try await system.start(role, Self.settings(of: Self.service(role), system))
            }
            let rail = try await system.start(.settlementWorker, Self.settings(of: "settlement-worker", system))
            try await Self.useEverything(system)
            await rail.stop()
            try await Self.endClaims(system)
            try await Self.prune(system)
            #expect(try await system.breaches() == [])
            try await Self.removeUsers(system)
        }
    }

    /// Creates, pays by every method, funds, cancels, expires, changes, and delivers.
    private static func useEverything(_ system: TestSystem) async throws {
        let receiver = try await WebhookReceiver.start()
        let hook = try await system.api.post("/v1/webhooks", #"{"url":"\#(receiver.url)"}"#)
        #expect(hook.status == 201, "\(hook.text)")
        let payer = try await system.makeWallet()
        let payee = try await system.makeWallet()
        let funded = try await system.api.post("/v1/wallets/\(payer)/fund", #"{"amount":"50.00"}"#)
        #expect(funded.status == 200 || funded.status == 201, "\(funded.text)")
        for body in [TestSystem.walletClaim(payer), TestSystem.achClaim(), TestSystem.usdcClaim()] {
            let claim = try await system.api.post(try await system.makeLink(to: payee).claimPath, body)
            #expect(claim.status == 200, "\(claim.text)")
        }
        let cancelled = try await system.makeLink(to: payee)
        #expect(try await system.api.send("PATCH", "/v1/payment-links/\(cancelled.id)").status == 200)
        let due = try await system.makeLink(to: payee)
        try await system.moveEnd(of: [due])
        let done = try await eventually {
            let expired = try await system.number("SELECT count(*) FROM payment_links WHERE status = 'EXPIRED'")
            let settled = try await system.number("SELECT count(*) FROM claims WHERE status = 'SETTLED'")
            let waiting = try await system.number(
                "SELECT count(*) FROM webhook_deliveries WHERE status <> 'DELIVERED'")
            return expired == 1 && settled == 3 && waiting == 0 && receiver.eventCount >= 10
        }
        #expect(done)
        await receiver.stop()
    }

    /// Releases a claim that no rail has submitted, and lets an offer expire.
    private static func endClaims(_ system: TestSystem) async throws {
        let payee = try await system.makeWallet()
        let link = try await system.makeLink(to: payee)
        let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
        #expect(claim.json["status"].string == "PENDING", "\(claim.text)")
        let released = try await system.api.post("/v1/payment-links/\(link.id)/release", "")
        #expect(released.status == 200 && released.json["status"].string == "ACTIVE", "\(released.text)")
        let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
        #expect(offer.json["status"].string == "AWAITING_PAYMENT", "\(offer.text)")
        _ = try await system.rows("UPDATE offers SET pay_before = clock_timestamp() - interval '1 second'")
        let hasExpired = "SELECT count(*) FROM claims WHERE status = 'EXPIRED'"
        #expect(try await eventually { try await system.number(hasExpired) == 1 })
    }

    /// Makes ended deliveries, keys, and results old, and has an expiry worker of the same rights remove them.
    private static func prune(_ system: TestSystem) async throws {
        let wallet = try await system.makeWallet()
        for _ in 0..<2 {
            let body = #"{"walletId":"\#(wallet)","amount":"1.00","idempotencyKey":"old"}"#
            #expect(try await system.api.post("/v1/payment-links", body).status == 201)
        }
        let old = [
            "idempotency_keys": "created_at", "job_results": "created_at",
            "webhook_deliveries WHERE status = 'DELIVERED'": "finished_at",
        ]
        for (rows, time) in old {
            let table = rows.prefix { $0 != " " }
            _ = try await system.rows("UPDATE \(table) SET \(time) = \(time) - interval '90 days'")
            #expect(try await system.number("SELECT count(*) FROM \(rows)") > 0, "\(rows)")
        }
        _ = try await system.start(.expiryWorker, settings(of: service(.expiryWorker), system))
        for rows in old.keys {
            let arePruned = try await eventually { try await system.number("SELECT count(*) FROM \(rows)") == 0 }
            #expect(arePruned, "\(rows)")
        }
    }

    @Test func `a service's user cannot touch what belongs to another service`() async throws {
        try await TestSystem.run([]) { system, _ in
            try await Self.restrict(system)
            let forbidden = [
                ("webhook-worker", "SELECT count(*) FROM claims"),
                ("webhook-worker", "UPDATE wallets SET available = 1"),
                ("webhook-worker", "SELECT count(*) FROM api_keys"), ("api-gateway", "DELETE FROM claims"),
                ("api-gateway", "INSERT INTO claims SELECT * FROM claims"), ("claim-worker", "SELECT * FROM api_keys"),
                ("claim-worker", "SELECT secret FROM webhooks"), ("expiry-worker", "UPDATE wallets SET available = 1"),
                ("expiry-worker", "INSERT INTO entries SELECT * FROM entries"),
            ]
            for (service, sql) in forbidden {
                let refusal = try await Self.refusal(of: sql, to: service, system)
                #expect(refusal.contains("permission denied"), "\(service): \(sql): \(refusal)")
            }
            try await Self.removeUsers(system)
        }
    }

    @Test func `every table is in the grants, and money is changed by the gateway and the claim worker alone`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let tables = try await system.rows(
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations'"
            ).map { try $0.text(0) }
            #expect(Set(ServiceGrants.all.flatMap(\.tables)) == Set(tables))
            let movers = ServiceGrants.all.filter { !$0.changedTables.isDisjoint(with: ["entries", "wallets"]) }
            #expect(movers.map(\.service) == ["api-gateway", "claim-worker"])
        }
    }

    /// What the database answers to a statement of the service's user; empty if it allows the statement.
    private static func refusal(of sql: String, to service: String, _ system: TestSystem) async throws -> String {
        let url = try #require(try settings(of: service, system)["PAYLINKS_DATABASE_URL"])
        let connection = PostgresConnection.start(
            PostgresConfiguration(connectionString: url, applicationName: "tests"), logger: TestSystem.logger)
        defer { Task { await connection.shutdown() } }
        do {
            _ = try await connection.run([Query(Statement("forbidden", sql))])
            return ""
        } catch {
            return "\(error)"
        }
    }

    // MARK: - Users

    private static func service(_ role: TestRole) -> String {
        switch role {
        case .gateway: "api-gateway"
        case .claimWorker: "claim-worker"
        case .expiryWorker: "expiry-worker"
        case .settlementWorker: "settlement-worker"
        case .webhookWorker: "webhook-worker"
        }
    }

    private static func databaseUser(_ service: String) -> String {
        "paylinks_" + service.replacing("-", with: "_")
    }

    private static func brokerUser(_ service: String, _ system: TestSystem) -> String {
        system.databaseName + "-" + service
    }

    /// Makes the users, grants their rights, and declares the queues, as an operator does.
    private static func restrict(_ system: TestSystem) async throws {
        for grants in ServiceGrants.all {
            let user = databaseUser(grants.service)
            if try await system.number("SELECT count(*) FROM pg_roles WHERE rolname = '\(user)'") == 0 {
                _ = try await system.rows("CREATE ROLE \(user) LOGIN PASSWORD 'secret'")
            }
        }
        for command in [["grants", "--apply"], ["queues", "declare"]] {
            let run = try await Program.run("paylinks", command, environment: system.environment)
            #expect(run.status == .exited(0), "\(run.output)")
        }
        for rights in system.topology.rights {
            let user = brokerUser(rights.service, system)
            _ = try await system.servers.control(["add_user", user, "secret"])
            _ = try await system.servers.control(
                ["set_permissions", user, rights.configure, rights.write, rights.read])
        }
    }

    private static func removeUsers(_ system: TestSystem) async throws {
        for grants in ServiceGrants.all {
            _ = try await system.rows("DROP OWNED BY \(databaseUser(grants.service))")
        }
        for service in services {
            _ = try await system.servers.control(["delete_user", brokerUser(service, system)])
        }
    }

    private static func settings(of service: String, _ system: TestSystem) throws -> [String: String] {
        func url(_ text: String, _ user: String) throws -> String {
            var parts = try #require(URLComponents(string: text))
            (parts.user, parts.password) = (user, "secret")
            return try #require(parts.string)
        }
        return [
            "PAYLINKS_DATABASE_URL": try url(system.databaseURL, databaseUser(service)),
            "PAYLINKS_AMQP_URL": try url(system.servers.amqpURL, brokerUser(service, system)),
            "PAYLINKS_DECLARE_QUEUES": "false",
        ]
    }
}
