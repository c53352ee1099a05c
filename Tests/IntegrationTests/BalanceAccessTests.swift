import PaymentLinks
import Storage
import Testing
import TestSupport

/// Who may open a wallet to others, and who may read what it holds.
@Suite struct BalanceAccessTests {
    @Test func `opening a wallet to public claims takes payments:write and wallets:write, closing it wallets:write`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet(funds: 10_000)
            let path = "/v1/wallets/\(wallet)"
            let (writer, payer, both) = (
                system.api.with(key: try await system.key(KeyGrant(permissions: [.walletsWrite]))),
                system.api.with(key: try await system.key(KeyGrant(permissions: [.paymentsWrite]))),
                system.api.with(key: try await system.key(KeyGrant(permissions: [.walletsWrite, .paymentsWrite])))
            )
            for (api, permission) in [(writer, "payments:write"), (payer, "wallets:write")] {
                for answer in [
                    try await api.patch(path, #"{"allowPublicClaims":true}"#),
                    try await api.post("/v1/wallets", #"{"name":"Open","allowPublicClaims":true}"#),
                ] {
                    #expect(answer.status == 403 && answer.errorCode == "PERMISSION_DENIED", "\(answer.text)")
                    #expect(answer.json["error"]["message"].string == "Missing required permission: \(permission)")
                }
            }
            let link = try await system.makeLink(to: try await system.makeWallet())
            let stolen = try await system.api.with(key: nil).post(link.claimPath, TestSystem.walletClaim(wallet))
            #expect(stolen.status == 401, "\(stolen.text)")
            #expect(
                try await both.patch(path, #"{"allowPublicClaims":true}"#).json["allowPublicClaims"].boolean == true)
            #expect(try await both.post("/v1/wallets", #"{"name":"Open","allowPublicClaims":true}"#).status == 201)
            #expect(try await writer.patch(path, #"{"allowPublicClaims":false}"#).status == 200, "closing harms nobody")
            #expect(try await writer.post("/v1/wallets", #"{"name":"Shut","allowPublicClaims":false}"#).status == 201)
        }
    }

    @Test func `a key that was revoked elsewhere opens no wallet, although its gateway remembers it`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_KEY_CACHE_TTL": "60s"]) { system, _ in
            let wallet = try await system.makeWallet()
            let api = system.api.with(
                key: try await system.key(KeyGrant(permissions: [.walletsRead, .walletsWrite, .paymentsWrite])))
            #expect(try await api.get("/v1/wallets/\(wallet)").status == 200)
            _ = try await system.rows(
                "UPDATE api_keys SET revoked_at = now() WHERE cardinality(permissions) = 3 RETURNING id")
            #expect(try await api.get("/v1/wallets/\(wallet)").status == 200, "remembered for a minute")
            let bodies = [
                try await api.patch("/v1/wallets/\(wallet)", #"{"allowPublicClaims":true}"#),
                try await api.post("/v1/wallets", #"{"name":"Open","allowPublicClaims":true}"#),
                try await api.patch("/v1/organization", #"{"reopenAfterReturn":true}"#),
            ]
            for answer in bodies { #expect(answer.errorCode == "API_KEY_REVOKED", "\(answer.text)") }
        }
    }

    @Test func `a key that was revoked elsewhere sets up no webhook endpoint, although its gateway remembers it`()
        async throws
    {
        try await TestSystem.run([], settings: ["PAYLINKS_KEY_CACHE_TTL": "60s"]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook").id
            let api = system.api.with(
                key: try await system.key(KeyGrant(permissions: [.webhooksRead, .webhooksWrite])))
            #expect(try await api.get("/v1/webhooks").status == 200)
            _ = try await system.rows(
                "UPDATE api_keys SET revoked_at = now() WHERE cardinality(permissions) = 2 RETURNING id")
            let answers = [
                try await api.post("/v1/webhooks", #"{"url":"http://127.0.0.1:9/mine"}"#),
                try await api.patch("/v1/webhooks/\(hook)", #"{"url":"http://127.0.0.1:9/mine"}"#),
                try await api.send("POST", "/v1/webhooks/\(hook)/rotate-secret"),
            ]
            for answer in answers { #expect(answer.errorCode == "API_KEY_REVOKED", "\(answer.text)") }
        }
    }

    @Test func `without wallets:read, every balance in every body is null`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet(funds: 100)
            let blind = system.api.with(
                key: try await system.key(
                    KeyGrant(permissions: Set(Permission.allCases).subtracting([.walletsRead]))))
            let path = "/v1/wallets/\(wallet)"
            for body in [
                try await blind.post("/v1/wallets", #"{"name":"A"}"#), try await blind.patch(path, #"{"name":"B"}"#),
                try await blind.send("POST", "\(path)/freeze"), try await blind.send("POST", "\(path)/unfreeze"),
            ] {
                #expect((200...201).contains(body.status), "\(body.text)")
                #expect(body.json.names.isSuperset(of: ["balance", "debt"]))
                #expect(body.json["balance"] == .null && body.json["debt"] == .null, "\(body.text)")
            }
            for (route, body) in [
                ("\(path)/fund", #"{"amount":"1.00","idempotencyKey":"a"}"#),
                ("\(path)/fund", #"{"amount":"1.00","idempotencyKey":"a"}"#),
                ("/v1/sandbox/fund", #"{"walletId":"\#(wallet)","amount":"1.00"}"#),
            ] {
                let funded = try await blind.post(route, body)
                #expect(
                    funded.json.names.contains("newBalance") && funded.json["newBalance"] == .null, "\(funded.text)")
            }
            let link = try await system.makeLink(to: try await system.makeWallet(), amount: "500.00")
            let claim =
                #"{"method":"wallet","destination":{"type":"WALLET","walletId":"\#(wallet)"},"idempotencyKey":"k"}"#
            #expect(
                try await system.api.post(link.claimPath, claim).json["error"]["details"]["balance"].string == "3.00")
            let replayed = try await blind.post(link.claimPath, claim)
            #expect(replayed.errorCode == "INSUFFICIENT_FUNDS" && replayed.json["error"]["details"]["balance"] == .null)
            #expect(replayed.json["error"]["details"].names == ["walletId", "requested", "balance", "debt"])
            let events = try await blind.get("/v1/events?limit=100").json["data"].elements
                .filter { $0["event"].string == "wallet.funded" }
            #expect(events.count >= 2 && events.allSatisfy { $0["data"]["newBalance"] == .null })
            #expect(events.allSatisfy { $0["data"]["amount"] != .null })
            for route in ["", "/balance", "/transactions", "/holds"] {
                #expect(try await blind.get(path + route).errorCode == "PERMISSION_DENIED")
            }
        }
    }

    @Test func `an endpoint that was set up without wallets:read is sent events without balances`() async throws {
        try await TestSystem.run([.webhookWorker]) { system, _ in
            let blind = system.api.with(
                key: try await system.key(KeyGrant(permissions: [.webhooksRead, .webhooksWrite])))
            let receivers = [
                try await WebhookReceiver.start(), try await WebhookReceiver.start(), try await WebhookReceiver.start(),
            ]
            let events = #""events":["wallet.funded"]"#
            for (receiver, api) in zip(receivers, [system.api, blind, system.api]) {
                #expect(try await api.post("/v1/webhooks", #"{"url":"\#(receiver.url)",\#(events)}"#).status == 201)
            }
            let last = try #require(
                try await system.api.get("/v1/webhooks").json["data"].elements
                    .first { $0["url"].string == receivers[2].url })
            let path = "/v1/webhooks/\(last["id"].string ?? "")"
            #expect(try await blind.patch(path, #"{"url":"\#(receivers[2].url)?moved"}"#).status == 200)
            let wallet = try await system.makeWallet()
            #expect(try await system.api.post("/v1/wallets/\(wallet)/fund", #"{"amount":"2.00"}"#).status == 200)
            for (receiver, balance) in zip(receivers, [JSONValue.text("2.00"), .null, .null]) {
                #expect(try await eventually { receiver.received.count == 1 })
                let data = try JSONValue(try #require(receiver.received.first).body)["data"]
                #expect(data.names.contains("newBalance") && data["newBalance"] == balance)
                #expect(data["amount"].string == "2.00")
                await receiver.stop()
            }
        }
    }
}
