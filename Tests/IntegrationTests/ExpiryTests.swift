import Foundation
import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import RabbitMQ
import Testing
import TestSupport

/// Links expire on time: all of them, none early, each once.
@Suite(.serialized) struct ExpiryTests {
    /// 100,000 in a long run.
    private static let linkCount =
        ProcessInfo.processInfo.environment["PAYLINKS_CHAOS_SECONDS"] == nil ? 20_000 : 100_000

    @Test func `links due in one second all expire once, none early, with one of three workers killed`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let tap = try await WireTap.open(system)
            try await Self.insertLinks(Self.linkCount, dueIn: "8 seconds", wallet: wallet, system)
            var workers: [RoleProcess] = []
            for _ in 0..<3 { workers.append(try await system.start(.expiryWorker)) }
            let isUnderWay = try await eventually(within: .seconds(60)) {
                try await Self.count(system, "status = 'EXPIRED'") > Self.linkCount / 20
            }
            #expect(isUnderWay)
            await workers[0].kill()
            let isDone = try await eventually(within: .seconds(120), every: .milliseconds(200)) {
                try await Self.count(system, "status = 'ACTIVE'") == 0
            }
            #expect(isDone)
            #expect(try await Self.count(system, "status = 'EXPIRED'") == Self.linkCount)
            #expect(try await Self.count(system, "expired_at < expires_at") == 0)
            let events = try await system.number(
                "SELECT count(DISTINCT link_id) FROM events WHERE type = 'payment_link.expired'")
            #expect(events == Self.linkCount)
            #expect(
                try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.expired'")
                    == Self.linkCount)
            let isEmpty = try await eventually(within: .seconds(60)) {
                try await system.number("SELECT count(*) FROM outbox") == 0
            }
            #expect(isEmpty)
            let isTold = try await eventually(within: .seconds(30), every: .seconds(1)) {
                try Self.expiredLinks(tap.messages).count == Self.linkCount
            }
            #expect(isTold, "an event of each, whoever was killed before it could tell")
            await tap.close()
            try await Self.report(system)
            #expect(try await system.breaches().filter { !$0.hasPrefix("created_events") } == [])
            for worker in workers { await worker.kill() }
        }
    }

    @Test func `a link past its time reads as expired and cannot be claimed, with no expiry worker at all`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let link = try await system.makeLink(to: wallet)
            let path = "/v1/payment-links/\(link.id)"
            #expect(try await system.api.get(path).json["status"].string == "ACTIVE")
            try await system.moveEnd(of: [link])
            #expect(try await system.api.get(path).json["status"].string == "EXPIRED")
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            #expect(claim.status == 410)
            #expect(claim.errorCode == "LINK_EXPIRED")
            let cancel = try await system.api.patch(path)
            #expect(cancel.status == 409)
            #expect(cancel.errorCode == "LINK_NOT_ACTIVE")
            let expired = try await system.api.get("/v1/payment-links?status=EXPIRED")
            #expect(expired.json["data"].elements.count == 1)
            #expect(try await system.api.get("/v1/payment-links?status=ACTIVE").json["data"].elements.isEmpty)
        }
    }

    @Test func `events that a worker could not publish are relayed later`() async throws {
        try await TestSystem.run([.claimWorker]) { system, processes in
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            await processes[0].stop()
            _ = try await system.rows(
                """
                INSERT INTO outbox (id, topic, part_ids, created_at)
                SELECT id, type, ARRAY[id], clock_timestamp() - interval '1 minute' FROM events
                ON CONFLICT DO NOTHING
                """)
            let before = try await system.depth(of: system.topology.webhookQueue)
            let relay = try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "1ms"])
            #expect(try await eventually { try await system.number("SELECT count(*) FROM outbox") == 0 })
            #expect(try await system.depth(of: system.topology.webhookQueue) > before)
            await relay.kill()
        }
    }

    @Test func `more settlements than a connection takes on at once are relayed all the same`() async throws {
        try await TestSystem.run([]) { system, _ in
            _ = try await system.rows(
                """
                INSERT INTO outbox (id, topic, part_ids, bodies, created_at)
                SELECT ids[1], 'settlement.ach', ids, bodies, clock_timestamp() - interval '1 minute'
                FROM (
                    SELECT array_agg(gen_random_uuid()) AS ids, array_agg('{}'::text) AS bodies
                    FROM generate_series(1, 40) AS row CROSS JOIN generate_series(1, 256) AS part
                    GROUP BY row
                ) AS rows
                """)
            let relay = try await system.start(.expiryWorker, ["PAYLINKS_RELAY_AFTER": "1ms"])
            #expect(try await eventually { try await system.number("SELECT count(*) FROM outbox") == 0 })
            #expect(try await system.depth(of: system.topology.settlementQueue(.ach)) == 40 * 256)
            await relay.kill()
        }
    }

    /// The links that messages told the expiry of.
    private static func expiredLinks(_ messages: [Delivery]) throws -> Set<String> {
        let events = try messages.filter { $0.routingKey == "payment_link.expired" }.flatMap { try $0.events() }
        return Set(try events.compactMap { try JSONValue($0.body)["data"]["linkId"].string })
    }

    /// Writes links straight into the table: making them one by one is not what is tested.
    private static func insertLinks(
        _ count: Int, dueIn interval: String, wallet: WalletID, _ system: TestSystem
    ) async throws {
        _ = try await system.rows(
            """
            INSERT INTO payment_links (
                id, organization_id, environment, wallet_id, slug, amount, currency, metadata, expires_at,
                request_digest, created_at, updated_at
            )
            SELECT gen_random_uuid(), $1, 'SANDBOX', $2,
                substr(md5(number::text), 1, 20), 100, 'USD', '{}',
                clock_timestamp() + interval '\(interval)' + (number % 1000) * interval '1 millisecond',
                '\\x00', now(), now()
            FROM generate_series(1, $3::bigint) AS number
            """,
            [.uuid(system.organization.bits), .uuid(wallet.bits), .int64(Int64(count))])
    }

    private static func count(_ system: TestSystem, _ condition: String) async throws -> Int {
        try await system.number("SELECT count(*) FROM payment_links WHERE \(condition)")
    }

    /// Tells how late the links expired; no time decides a test.
    private static func report(_ system: TestSystem) async throws {
        let row = try await system.rows(
            """
            SELECT
                (percentile_cont(0.5) WITHIN GROUP (ORDER BY late) * 1000)::bigint,
                (percentile_cont(0.99) WITHIN GROUP (ORDER BY late) * 1000)::bigint,
                (max(late) * 1000)::bigint
            FROM (SELECT extract(epoch FROM expired_at - expires_at) AS late FROM payment_links) AS expired
            """)[0]
        print(
            "lateness of \(linkCount) expirations: p50 \(try row.int64(0)) ms, p99 \(try row.int64(1)) ms, most \(try row.int64(2)) ms"
        )
    }
}
