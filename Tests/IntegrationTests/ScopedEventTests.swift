import PaymentLinks
import Postgres
import Storage
import TestSupport
import Testing

/// What a key that reaches certain wallets sees of events and endpoints.
@Suite(.serialized) struct ScopedEventTests {
    private static let permissions: Set<Permission> = [.webhooksRead, .webhooksWrite, .paymentsWrite, .paymentsRead]

    private static func agent(_ wallets: [WalletID], _ system: TestSystem) async throws -> API {
        let grant = KeyGrant(permissions: permissions, walletScope: wallets)
        return system.api.with(
            key: try await TestSystem.makeKey(.sandbox, of: system.organization, in: system.pool, grant: grant))
    }

    /// An event of the whole organization.
    private static func insertDisabledWebhook(_ system: TestSystem) async throws {
        let (event, hook) = (EventID.mint(at: .now()), WebhookID.mint(at: .now()))
        let body = """
            {"id":"\(event)","event":"webhook.disabled","timestamp":"\(Timestamp.now().iso8601)",\
            "organizationId":"\(system.organization)","data":{"webhookId":"\(hook)"}}
            """
        _ = try await system.rows(
            """
            INSERT INTO events (id, organization_id, environment, type, body, created_at)
            VALUES ($1, $2, 'SANDBOX', 'webhook.disabled', $3, now())
            """, [.uuid(event.bits), .uuid(system.organization.bits), .text(body)])
    }

    @Test func `the feed of a scoped key has the events of its wallets, in order, and no others`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (own, other) = (try await system.makeWallet(funds: 500), try await system.makeWallet(funds: 10_000))
            let agent = try await Self.agent([own], system)
            let link = try await system.makeLink(to: own, amount: "1.00")
            _ = try await system.makeLink(to: other)
            _ = try await system.makeWebhook("http://127.0.0.1:9/hook")
            try await Self.insertDisabledWebhook(system)
            #expect(try await agent.post(link.claimPath, TestSystem.walletClaim(other)).status == 401)
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(other)).status == 200)
            var feed = FeedReader()
            try await feed.readOn(agent)
            #expect(feed.told == [link.id: ["1 created", "2 claimed", "3 settled"]])
            #expect(feed.ids.count == 4, "and the wallet's funding")
            var all = FeedReader()
            try await all.readOn(system.api)
            #expect(all.ids.count == 7)
        }
    }

    @Test func `a scoped key waits for the next event of its wallets, past those of others`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (own, other) = (try await system.makeWallet(), try await system.makeWallet())
            let agent = try await Self.agent([own], system)
            async let waiting = agent.get("/v1/events", headers: ["prefer": "wait=20"])
            for _ in 0..<3 { _ = try await system.makeLink(to: other) }
            let link = try await system.makeLink(to: own)
            let page = try await waiting
            #expect(page.json["data"].elements.map { $0["data"]["linkId"].string } == [link.id])
        }
    }

    @Test func `an endpoint that a scoped key registers gets the events of its wallets, also once the key is revoked`()
        async throws
    {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let (own, other) = (try await system.makeWallet(), try await system.makeWallet())
            let agent = try await Self.agent([own], system)
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url, by: agent)
            #expect(
                try await agent.get("/v1/webhooks/\(hook.id)").json["walletScope"].elements == [.text("\(own)")])
            _ = try await system.rows("UPDATE api_keys SET revoked_at = now() WHERE wallet_scope IS NOT NULL")
            var links: [String] = []
            for number in 0..<6 {
                let link = try await system.makeLink(to: number % 2 == 0 ? own : other)
                if number % 2 == 0 { links.append(link.id) }
            }
            #expect(try await eventually { receiver.received.count >= 3 })
            let replay = try await system.api.post(
                "/v1/webhooks/\(hook.id)/replay", #"{"since":"2020-01-01T00:00:00Z"}"#)
            #expect(replay.json["replayed"].integer == 3)
            #expect(try await eventually { receiver.received.count >= 6 })
            #expect(Set(receiver.received.compactMap { $0.json["data"]["linkId"].string }) == Set(links))
            await receiver.stop()
        }
    }

    @Test func `a scoped key sees and changes the endpoints within its scope alone`() async throws {
        try await TestSystem.run([]) { system, _ in
            let (first, second) = (try await system.makeWallet(), try await system.makeWallet())
            let (one, both) = (try await Self.agent([first], system), try await Self.agent([first, second], system))
            let narrow = try await system.makeWebhook("http://127.0.0.1:9/narrow", by: one)
            let wide = try await system.makeWebhook("http://127.0.0.1:9/wide", by: both)
            let open = try await system.makeWebhook("http://127.0.0.1:9/open")
            func listed(_ api: API) async throws -> Set<String> {
                Set(try await api.get("/v1/webhooks").json["data"].elements.compactMap { $0["id"].string })
            }
            #expect(try await listed(one) == [narrow.id])
            #expect(try await listed(both) == [narrow.id, wide.id])
            #expect(try await listed(system.api) == [narrow.id, wide.id, open.id])
            for hidden in [wide.id, open.id] {
                for answer in [
                    try await one.get("/v1/webhooks/\(hidden)"), try await one.get("/v1/webhooks/\(hidden)/deliveries"),
                    try await one.patch("/v1/webhooks/\(hidden)", #"{"enabled":false}"#),
                    try await one.send("POST", "/v1/webhooks/\(hidden)/rotate-secret"),
                    try await one.delete("/v1/webhooks/\(hidden)"),
                ] {
                    #expect((answer.status, answer.errorCode) == (403, "WALLET_OUT_OF_SCOPE"))
                }
            }
            #expect(try await one.patch("/v1/webhooks/\(narrow.id)", #"{"enabled":false}"#).status == 200)
            #expect(try await both.delete("/v1/webhooks/\(narrow.id)").status == 204)
        }
    }

    @Test func `dead deliveries of other wallets are not there for a scoped key`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (own, other) = (try await system.makeWallet(), try await system.makeWallet())
            let (agent, stranger) = (try await Self.agent([own], system), try await Self.agent([other], system))
            _ = try await system.makeLink(to: own)
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook", by: agent)
            let dead = DeliveryID.mint(at: .now())
            try await system.insertDeadDelivery(dead, to: try #require(WebhookID(hook.id)))
            #expect(try await stranger.get("/v1/webhooks/dlq").json["data"].elements.isEmpty)
            #expect(try await agent.get("/v1/webhooks/dlq").json["data"].elements.count == 1)
            for step in ["retry", "discard"] {
                #expect(try await stranger.send("POST", "/v1/webhooks/dlq/\(dead)/\(step)").status == 404)
            }
            #expect(try await agent.send("POST", "/v1/webhooks/dlq/\(dead)/discard").status == 200)
        }
    }
}
