import Jobs
import PaymentLinks
import Postgres
import TestSupport
import Testing
import Webhooks

/// Events reach endpoints: signed, in time, again until they are taken, and only where they belong.
@Suite(.serialized) struct WebhookDeliveryTests {
    private static let roles: [TestRole] = [.claimWorker, .expiryWorker, .webhookWorker]
    private static let quick = [
        "PAYLINKS_WEBHOOK_SCHEDULE": "0s,300ms,500ms", "PAYLINKS_WEBHOOK_TIMEOUT": "2s",
        "PAYLINKS_RELAY_AFTER": "100ms",
    ]

    @Test func `an event arrives signed, once, with its id in body and header`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let link = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { receiver.received.count == 1 })
            let request = try #require(receiver.received.first)
            #expect(request.target == "/hook")
            #expect(request.json["event"].string == "payment_link.created")
            #expect(request.json["data"]["linkId"].string == link.id)
            #expect(request.json["id"].string == request.header("webhook-id"))
            #expect(request.json.names == ["id", "event", "timestamp", "organizationId", "data"])
            try Self.verify(request, hook.secret)
            let listed = try await eventually {
                let list = try await system.api.get("/v1/webhooks/\(hook.id)/deliveries")
                let delivery = list.json["data"][0]
                return delivery["status"].string == "DELIVERED" && delivery["statusCode"].number == 200
            }
            #expect(listed)
            await receiver.stop()
        }
    }

    @Test func `an attempt that cannot be recorded takes no other with it, and is told of`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, processes in
            let (broken, sound) = (try await WebhookReceiver.start(), try await WebhookReceiver.start())
            let hook = try await system.makeWebhook(broken.url).id
            let other = try await system.makeWebhook(sound.url).id
            let id = try #require(WebhookID(hook))
            _ = try await system.rows(
                """
                ALTER TABLE webhook_deliveries ADD CONSTRAINT not_this_one
                CHECK (status <> 'DELIVERED' OR webhook_id <> '\(JobBatchTests.uuid(id.ulid))')
                """)
            let wallet = try await system.makeWallet()
            for _ in 0..<20 { _ = try await system.makeLink(to: wallet) }
            let delivered = "SELECT count(*) FROM webhook_deliveries WHERE status = 'DELIVERED'"
            #expect(try await eventually { try await system.number(delivered) == 20 })
            #expect(sound.received.count == 20, "each once, and none again because of a neighbour")
            #expect(try await eventually { await processes[2].logText.contains("an attempt cannot be recorded") })
            let waiting = try await system.api.get("/v1/webhooks/\(hook)/deliveries").json["data"][0]
            #expect(waiting["status"].string == "PENDING")
            let done = try await system.api.get("/v1/webhooks/\(other)/deliveries").json["data"][0]
            #expect(done["status"].string == "DELIVERED" && done["attempts"].number == 1)
            await broken.stop()
            await sound.stop()
        }
    }

    @Test func `how soon an endpoint is told is measured once for an event, not again when that is sent again`()
        async throws
    {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, processes in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url).id
            _ = try await system.makeLink(to: try await system.makeWallet())
            let deliveries = "/v1/webhooks/\(hook)/deliveries"
            let isTaken = try await eventually {
                try await system.api.get(deliveries).json["data"][0]["status"].string == "DELIVERED"
            }
            #expect(isTaken)
            let delivery = try #require(try await system.api.get(deliveries).json["data"][0]["id"].string)
            _ = try await system.api.send("POST", "\(deliveries)/\(delivery)/redeliver")
            #expect(try await eventually { receiver.received.count == 2 })
            let areCounted = try await eventually {
                let lines = try await processes[2].operations.get("/metrics").text.split(separator: "\n")
                return lines.contains("paylinks_webhook_attempt_duration_seconds_count 2")
                    && lines.contains("paylinks_webhook_first_attempt_seconds_count 1")
            }
            #expect(areCounted)
            await receiver.stop()
        }
    }

    @Test func `an endpoint that fails gets the same event again, then it is dead and can be retried`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let receiver = try await WebhookReceiver.start { number in
                number < 3 ? .init(302, headers: ["Location": "/elsewhere"], body: "moved") : .init(204)
            }
            let hook = try await system.makeWebhook(receiver.url, #""events":["payment_link.created"]"#)
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { try await Self.dead(system).count == 1 })
            let requests = receiver.received
            #expect(requests.count == 3)
            #expect(requests.allSatisfy { $0.target == "/hook" }, "redirects are not followed")
            #expect(Set(requests.map { $0.header("webhook-id") }).count == 1)
            let dead = try await Self.dead(system)[0]
            #expect(dead["attempts"].number == 3)
            #expect(dead["webhookId"].string == hook.id)
            #expect(dead["payload"]["event"].string == "payment_link.created")
            let id = try #require(dead["id"].string)
            let retry = try await system.api.send("POST", "/v1/webhooks/dlq/\(id)/retry")
            #expect(retry.json == .object(["id": .text(id), "status": .text("PENDING")]))
            #expect(try await eventually { receiver.received.count == 4 })
            #expect(try await eventually { try await Self.dead(system).isEmpty })
            await receiver.stop()
        }
    }

    @Test func `410 disables an endpoint, and its neighbours are told`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let gone = try await WebhookReceiver.start { _ in .init(410) }
            let other = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(gone.url)
            _ = try await system.makeWebhook(other.url, #""events":["webhook.disabled"]"#)
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { other.received.count == 1 })
            #expect(other.received[0].json["data"]["webhookId"].string == hook.id)
            #expect(other.received[0].json["data"]["reason"].string == "GONE")
            #expect(try await system.api.get("/v1/webhooks/\(hook.id)").json["enabled"].boolean == false)
            #expect(gone.received.count == 1)
            await gone.stop()
            await other.stop()
        }
    }

    @Test func `an endpoint that has failed for five days is disabled at its next failure`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let receiver = try await WebhookReceiver.start { _ in .init(500) }
            let hook = try await system.makeWebhook(receiver.url)
            _ = try await system.rows(
                "UPDATE webhooks SET failing_since = clock_timestamp() - interval '4 days 23 hours' RETURNING id")
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receiver.received.count == 3 })
            #expect(try await system.api.get("/v1/webhooks/\(hook.id)").json["enabled"].boolean == true)
            _ = try await system.rows(
                "UPDATE webhooks SET failing_since = clock_timestamp() - interval '5 days 1 second' RETURNING id")
            _ = try await system.makeLink(to: wallet)
            let isDisabled = try await eventually {
                try await system.api.get("/v1/webhooks/\(hook.id)").json["disabledReason"].string == "FAILING"
            }
            #expect(isDisabled)
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'webhook.disabled'") == 1)
            await receiver.stop()
        }
    }

    @Test func `a worker that is killed with deliveries in hand leaves them to another`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, processes in
            let receiver = try await WebhookReceiver.start { number in .init(number == 0 ? nil : 200) }
            _ = try await system.makeWebhook(receiver.url)
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { receiver.received.count == 1 })
            await processes[2].kill()
            let other = try await system.start(.webhookWorker)
            #expect(try await eventually(within: .seconds(60)) { receiver.received.count == 2 })
            #expect(Set(receiver.received.map { $0.header("webhook-id") }).count == 1)
            await other.kill()
            await receiver.stop()
        }
    }

    @Test func `an event reaches the endpoints of its own organization and environment, and no others`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let own = try await WebhookReceiver.start()
            let disabled = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(own.url)
            _ = try await system.makeWebhook(disabled.url, #""enabled":false"#)
            let strangers = [
                try await Stranger(system, of: system.organization, .production),
                try await Stranger(system, of: try await system.makeOrganization(), .sandbox),
            ]
            // Each makes an event of its own first, so that there is somebody to be told of it.
            for stranger in strangers {
                let link = try await system.makeLink(to: stranger.wallet, by: stranger.api)
                #expect(try await eventually { stranger.linkIds == [link.id] })
            }
            let wallet = try await system.makeWallet()
            var links: Set<String> = []
            for count in 1...2 {
                links.insert(try await system.makeLink(to: wallet).id)
                #expect(try await eventually { own.received.count == count })
            }
            #expect(Set(own.received.compactMap { $0.json["data"]["linkId"].string }) == links)
            for stranger in strangers {
                let since = #"{"since":"\#(Timestamp.now().advanced(by: .seconds(-3600)).iso8601)"}"#
                let replay = try await stranger.api.post("/v1/webhooks/\(stranger.hook)/replay", since)
                #expect(replay.json["replayed"].number == 1, "\(replay.text)")
                #expect(try await eventually { stranger.receiver.received.count == 2 })
                #expect(Set(stranger.linkIds).isDisjoint(with: links))
            }
            #expect(disabled.received.isEmpty)
            let told = try await system.rows(
                """
                SELECT DISTINCT webhook_id FROM webhook_deliveries
                WHERE event_id IN (SELECT id FROM events WHERE organization_id = $1 AND environment = 'SANDBOX')
                """, [.uuid(system.organization.bits)])
            #expect(try told.map { WebhookID(bits: try $0.uuid(0)).description } == [hook.id])
            for receiver in [own, disabled] + strangers.map(\.receiver) { await receiver.stop() }
        }
    }

    @Test func `an event that comes twice from the queue is delivered once`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let receiver = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(receiver.url)
            let wallet = try await system.makeWallet()
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receiver.received.count == 1 })
            let row = try await system.rows("SELECT id, body FROM events")[0]
            let part = OutboxMessage.Part(id: ULID(bits: try row.uuid(0)), body: try row.text(1))
            let event = try #require(OutboxMessage(topic: .event(.linkCreated), parts: [part]))
            for _ in 0..<2 { try await system.publish(system.topology.messages(event)) }
            // Whatever came of those stands in the queue before this one's event.
            _ = try await system.makeLink(to: wallet)
            #expect(try await eventually { receiver.eventCount == 2 })
            #expect(receiver.received.count == 2)
            #expect(try await system.number("SELECT count(*) FROM webhook_deliveries") == 2)
            // An attempt is recorded behind its answer.
            let attempts = "SELECT count(*) FROM webhook_attempts"
            #expect(try await eventually { try await system.number(attempts) >= 2 })
            #expect(try await system.number(attempts) == 2)
            await receiver.stop()
        }
    }

    @Test func `Retry-After is waited for`() async throws {
        try await TestSystem.run(Self.roles, settings: Self.quick) { system, _ in
            let receiver = try await WebhookReceiver.start { number in
                number == 0 ? .init(503, headers: ["Retry-After": "2"]) : .init(200)
            }
            _ = try await system.makeWebhook(receiver.url)
            _ = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await eventually { receiver.received.count == 2 })
            #expect(receiver.received[1].receivedAt - receiver.received[0].receivedAt >= .seconds(2))
            await receiver.stop()
        }
    }

    private static func dead(_ system: TestSystem) async throws -> [JSONValue] {
        try await system.api.get("/v1/webhooks/dlq?limit=10&offset=0").json["data"].elements
    }

    /// Computes the signatures once more, and compares.
    static func verify(_ request: WebhookReceiver.Received, _ secret: String) throws {
        let seconds = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
        let signature = WebhookSignature(current: try #require(WebhookSecret(secret)))
        let headers = signature.headers(
            id: try #require(request.header("webhook-id")), time: Timestamp(microseconds: seconds * 1_000_000),
            body: request.body)
        for (name, value) in headers { #expect(request.header(name.lowercased()) == value) }
    }
}

/// Somebody with an endpoint that wants everything, but to whom another's events do not belong.
private struct Stranger {
    let api: API
    let wallet: WalletID
    let receiver: WebhookReceiver
    let hook: String

    init(_ system: TestSystem, of organization: OrganizationID, _ environment: PaymentLinks.Environment) async throws {
        api = system.api.with(key: try await TestSystem.makeKey(environment, of: organization, in: system.pool))
        wallet = try await system.makeWallet(environment: environment, of: organization)
        receiver = try await WebhookReceiver.start()
        hook = try await system.makeWebhook(receiver.url, by: api).id
    }

    /// The links that it was told of.
    var linkIds: [String] { receiver.received.compactMap { $0.json["data"]["linkId"].string } }
}

extension TestSystem {
    /// Makes an endpoint over HTTP; further fields are JSON members.
    func makeWebhook(
        _ url: String, _ fields: String = "", by owner: API? = nil
    ) async throws -> (id: String, secret: String) {
        let answer = try await (owner ?? api).post(
            "/v1/webhooks", #"{"url":"\#(url)"\#(fields.isEmpty ? "" : "," + fields)}"#)
        guard answer.status == 201, let id = answer.json["id"].string, let secret = answer.json["secret"].string else {
            throw Unexpected(answer: answer)
        }
        return (id, secret)
    }
}
