import Foundation
import PaymentLinks
import Postgres
import PrivateServers
import Storage
import TestSupport
import Testing

/// What the feed waits for, and what it does not.
@Suite(.serialized) struct FeedIndependenceTests {
    @Test func `a writing transaction of another program does not hold the feed back`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            _ = try await system.rows("CREATE TABLE foreign_table (number bigint)")
            let clock = ContinuousClock()
            try await system.pool.withTransaction { transaction in
                let write = Statement("foreign_write", "INSERT INTO foreign_table SELECT txid_current()")
                _ = try await transaction.run([Query(write)])
                var feed = FeedReader()
                let start = clock.now
                while clock.now - start < .seconds(3) {
                    let link = try await system.makeLink(to: payee)
                    let made = clock.now
                    let isTold = try await eventually(within: .seconds(5)) {
                        try await feed.readOn(system.api)
                        return feed.told[link.id] != nil
                    }
                    #expect(isTold && clock.now - made < .seconds(1))
                }
                _ = try await transaction.commit()
            }
        }
    }

    @Test func `a gateway whose role has grants on tables alone passes over no event`() async throws {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            try await system.withRestrictedGateway { restricted in
                let payee = try await system.makeWallet()
                let linkCount = 200
                let creating = Task {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 {
                            group.addTask {
                                for _ in 0..<(linkCount / 8) { _ = try await system.makeLink(to: payee) }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                defer { creating.cancel() }
                var feed = FeedReader()
                let isComplete = try await eventually(within: .seconds(60), every: .milliseconds(1)) {
                    try await feed.readOn(restricted)
                    return feed.told.count == linkCount
                }
                try await creating.value
                #expect(isComplete)
                #expect(feed.ids.count == linkCount && Set(feed.ids).count == linkCount)
                // It writes events itself, too.
                let link = try #require(feed.told.keys.first)
                #expect(try await restricted.patch("/v1/payment-links/\(link)", "{}").status == 200)
                try await feed.readOn(restricted)
                #expect(feed.told[link] == ["1 created", "2 cancelled"])
            }
        }
    }

    @Test func `a transaction that wrote events and does not end is told as the feed's lag`() async throws {
        try await TestSystem.run([.expiryWorker]) { system, processes in
            try await system.pool.withTransaction { transaction in
                let insert = Statement(
                    "held_event",
                    """
                    INSERT INTO events (id, organization_id, environment, type, body, created_at)
                    SELECT gen_random_uuid(), $1, 'SANDBOX', 'wallet.funded', '{}', now()
                    """)
                _ = try await transaction.run([Query(insert, [.uuid(system.organization.bits)])])
                let isHeld = try await eventually {
                    try await Self.lag(processes[0]) >= 1
                }
                #expect(isHeld)
                _ = try await transaction.commit()
            }
            #expect(try await eventually { try await Self.lag(processes[0]) == 0 })
        }
    }

    private static func lag(_ process: RoleProcess) async throws -> Double {
        let metrics = try await process.operations.get("/metrics").text
        let line = metrics.split(separator: "\n").first { $0.hasPrefix("paylinks_event_feed_lag_seconds ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) } ?? -1
    }
}

extension TestSystem {
    /// Runs `body` with one more gateway, whose database role has grants on tables and sees no other role's
    /// transactions.
    func withRestrictedGateway(_ body: (API) async throws -> Void) async throws {
        let role = "restricted_\(UInt64.random(in: 0 ... .max))"
        _ = try await rows("CREATE ROLE \(role)")
        _ = try await rows("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \(role)")
        var url = URLComponents(string: databaseURL)
        let option = URLQueryItem(name: "options", value: "-crole%3D\(role)")
        let others = url?.percentEncodedQueryItems ?? []
        url?.percentEncodedQueryItems = others + [option]
        let port = try LoopbackPort.free()
        let settings = ["PAYLINKS_DATABASE_URL": url?.string ?? databaseURL, "PAYLINKS_PORT": "\(port)"]
        let gateway = try await start(.gateway, settings)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(API(baseURL: "http://127.0.0.1:\(port)", key: api.key)))
        } catch {
            result = .failure(error)
        }
        await gateway.kill()
        _ = try await rows("DROP OWNED BY \(role)")
        _ = try await rows("DROP ROLE \(role)")
        try result.get()
    }
}
