import Jobs
import PaymentLinks
import Postgres
import TestSupport
import Testing

/// What shows that work waits while the process that should do it is frozen: the expiry worker measures it.
@Suite(.serialized) struct BacklogMetricTests {
    @Test func `a frozen claim worker shows in the depth of its queue, and a thawed one empties it`() async throws {
        try await TestSystem.run([.claimWorker, .expiryWorker], settings: ["PAYLINKS_PREFETCH": "4"]) { system, roles in
            let wallet = try await system.makeWallet()
            var links: [TestSystem.Link] = []
            for _ in 0..<12 { links.append(try await system.makeLink(to: wallet)) }
            let queue = #"{queue="\#(system.topology.claimQueue)"}"#
            #expect(try await eventually { try await roles[1].metric("paylinks_queue_consumers" + queue) == 1 })
            #expect(try await roles[1].metric("paylinks_queue_messages" + queue) == 0)
            await roles[0].freeze()
            for link in links {
                let claim = try await system.api.post(
                    link.claimPath, TestSystem.achClaim(), headers: ["prefer": "respond-async"])
                #expect(claim.status == 202)
            }
            let isShown = try await eventually {
                let depth = try await roles[1].metric("paylinks_queue_messages" + queue) ?? 0
                let age = try await roles[1].metric("paylinks_queue_backlog_seconds" + queue) ?? 0
                return depth >= 8 && age >= 2
            }
            #expect(isShown)
            await roles[0].thaw()
            let isEmpty = try await eventually(within: .seconds(30)) {
                let depth = try await roles[1].metric("paylinks_queue_messages" + queue)
                let age = try await roles[1].metric("paylinks_queue_backlog_seconds" + queue)
                return depth == 0 && age == 0
            }
            #expect(isEmpty)
        }
    }

    @Test func `work that rows keep shows its age while no worker does it`() async throws {
        try await TestSystem.run([.claimWorker, .expiryWorker]) { system, roles in
            let wallet = try await system.makeWallet()
            _ = try await system.makeWebhook("http://127.0.0.1:9/hook")
            let link = try await system.makeLink(to: wallet)
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            let overdue = try await system.makeLink(to: wallet)
            try await system.moveEnd(of: [overdue], to: .seconds(2))
            try await Self.holding(overdue, in: system) { () async throws in
                _ = try await system.rows(
                    """
                    INSERT INTO webhook_deliveries
                        (id, webhook_id, event_id, event_type, status, next_attempt_at, created_at)
                    SELECT gen_random_uuid(), id, gen_random_uuid(), 'payment_link.created', 'PENDING', now(), now()
                    FROM webhooks
                    RETURNING id
                    """)
                for name in ["expiry_oldest_overdue", "webhook_oldest_due", "settlement_oldest_pending"] {
                    let isRising = try await eventually {
                        try await roles[1].metric("paylinks_\(name)_seconds") ?? 0 >= 3
                    }
                    #expect(isRising, "\(name)")
                }
            }
            let text = try await roles[1].operations.get("/metrics").text
            for name in [
                "paylinks_queue_messages", "paylinks_queue_consumers", "paylinks_queue_backlog_seconds",
                "paylinks_expiry_oldest_overdue_seconds", "paylinks_webhook_oldest_due_seconds",
                "paylinks_settlement_oldest_pending_seconds", "paylinks_outbox_oldest_seconds",
            ] {
                #expect(text.contains("# HELP \(name) ") && text.contains("# TYPE \(name) gauge"), "\(name)")
            }
            #expect(try await eventually { try await roles[1].metric("paylinks_expiry_oldest_overdue_seconds") == 0 })
        }
    }

    /// Runs `body` while another session holds the link.
    private static func holding(
        _ link: TestSystem.Link, in system: TestSystem, _ body: () async throws -> Void
    ) async throws {
        let id = try #require(LinkID(link.id)).bits
        try await system.pool.withTransaction { transaction in
            _ = try await transaction.run([
                Query(
                    Statement("hold_link", "SELECT id FROM payment_links WHERE id = $1 FOR UPDATE"), [.uuid(id)])
            ])
            try await body()
            _ = try await transaction.commit()
        }
    }
}
