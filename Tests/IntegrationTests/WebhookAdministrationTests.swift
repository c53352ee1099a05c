import Foundation
import PaymentLinks
import Postgres
import Storage
import TestSupport
import Testing

/// What owners do with their endpoints, over HTTP.
@Suite(.serialized) struct WebhookAdministrationTests {
    @Test func `an endpoint is made, shown without its secret, changed, rotated and removed`() async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook", #""description":"Orders""#)
            let path = "/v1/webhooks/\(hook.id)"
            let shown = try await system.api.get(path)
            #expect(shown.status == 200)
            #expect(!shown.json.names.contains("secret"))
            #expect(shown.json["events"].elements == [.text("*")])
            #expect(shown.json["description"].string == "Orders")
            let changed = try await system.api.patch(path, #"{"enabled":false,"events":["wallet.funded"]}"#)
            #expect(changed.json["enabled"].boolean == false)
            #expect(changed.json["events"].elements == [.text("wallet.funded")])
            let rotated = try await system.api.send("POST", path + "/rotate-secret")
            #expect(rotated.status == 200)
            #expect(rotated.json["secret"].string?.hasPrefix("whsec_") == true)
            #expect(rotated.json["secret"].string != hook.secret)
            #expect(try await system.api.delete(path).status == 204)
            #expect(try await system.api.get(path).errorCode == "WEBHOOK_NOT_FOUND")
            #expect(try await system.api.get("/v1/webhooks").json["data"].elements.isEmpty)
        }
    }

    @Test(arguments: [
        (#"{}"#, "url", "REQUIRED"),
        (#"{"url":7}"#, "url", "NOT_A_STRING"),
        (#"{"url":"ftp://example.com"}"#, "url", "INVALID_SCHEME"),
        (#"{"url":"https://10.0.0.1/"}"#, "url", "ADDRESS_NOT_ALLOWED"),
        (#"{"url":"https://a:b@example.com/"}"#, "url", "USER_INFO_NOT_ALLOWED"),
        (#"{"url":"https://2130706433/"}"#, "url", "INVALID_URL"),
        (#"{"url":"https://example.com/","events":[]}"#, "events", "INVALID_LENGTH"),
        (#"{"url":"https://example.com/","events":["payment_link.claimd"]}"#, "events[0]", "UNKNOWN_EVENT"),
        (#"{"url":"https://example.com/","enabled":"yes"}"#, "enabled", "NOT_A_BOOLEAN"),
    ])
    func `a wrong field is named`(body: String, field: String, code: String) async throws {
        try await TestSystem.run([]) { system, _ in
            let answer = try await system.api.post("/v1/webhooks", body)
            #expect(answer.status == 400)
            #expect(answer.errorCode == "VALIDATION_ERROR")
            #expect(answer.json["error"]["details"]["fields"][0]["field"].string == field)
            #expect(answer.json["error"]["details"]["fields"][0]["code"].string == code)
        }
    }

    @Test func `a body that is no JSON object is refused where none is needed, and nothing is done`() async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook")
            let delivery = "dlv_01JQRGX5R0A1B2C3D4E5F6G7H8"
            let paths = [
                "\(hook.id)/rotate-secret", "\(hook.id)/test", "\(hook.id)/deliveries/\(delivery)/redeliver",
                "dlq/\(delivery)/retry", "dlq/\(delivery)/discard",
            ]
            let changed = "SELECT count(*) FROM webhooks WHERE updated_at > created_at"
            for path in paths {
                let malformed = try await system.api.post("/v1/webhooks/" + path, "{bad")
                #expect((malformed.status, malformed.errorCode) == (400, "INVALID_JSON"), "\(path)")
                let text = try await system.api.post(
                    "/v1/webhooks/" + path, "{}", headers: ["content-type": "text/plain"])
                #expect((text.status, text.errorCode) == (415, "UNSUPPORTED_MEDIA_TYPE"), "\(path)")
            }
            #expect(try await system.number(changed) == 0)
        }
    }

    @Test func `an endpoint beyond the most that there may be is refused by name`() async throws {
        try await TestSystem.run([]) { system, _ in
            for _ in 0..<100 { _ = try await system.makeWebhook("http://127.0.0.1:9/hook") }
            let answer = try await system.api.post("/v1/webhooks", #"{"url":"http://127.0.0.1:9/hook"}"#)
            #expect((answer.status, answer.errorCode) == (400, "VALIDATION_ERROR"))
            #expect(answer.json["error"]["details"]["fields"][0]["field"].string == "url")
            #expect(answer.json["error"]["details"]["fields"][0]["code"].string == "TOO_MANY")
        }
    }

    @Test func `secrets rest sealed, and are in no log`() async throws {
        try await TestSystem.run([.webhookWorker]) { system, processes in
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let path = "/v1/webhooks/\(hook.id)"
            let rotated = try await system.api.send("POST", path + "/rotate-secret")
            _ = try await system.api.send("POST", path + "/test")
            #expect(receiver.received.count == 1)
            let row = try await system.rows("SELECT secret, previous_secret FROM webhooks")[0]
            for (column, secret) in [(0, try #require(rotated.json["secret"].string)), (1, hook.secret)] {
                let sealed = try row.bytes(column)
                let key = try #require(Data(base64Encoded: String(secret.dropFirst(6))))
                #expect(sealed.count > 50)
                #expect(sealed.firstRange(of: Array(secret.utf8)) == nil && sealed.firstRange(of: Array(key)) == nil)
                for process in processes + [system.gateway] { #expect(await !process.logText.contains(secret)) }
            }
            await receiver.stop()
        }
    }

    @Test func `nobody without a key learns what is wrong with a request`() async throws {
        try await TestSystem.run([]) { system, _ in
            let one = "/v1/webhooks/hook_nonsense"
            let requests = [
                ("POST", "/v1/webhooks"), ("GET", "/v1/webhooks?limit=x"), ("GET", one), ("PATCH", one),
                ("DELETE", one),
                ("POST", one + "/rotate-secret"), ("POST", one + "/test"), ("POST", one + "/replay"),
                ("GET", one + "/deliveries?status=x&limit=x"), ("POST", one + "/deliveries/x/redeliver"),
                ("GET", "/v1/webhooks/dlq?offset=x"), ("POST", "/v1/webhooks/dlq/x/retry"),
                ("POST", "/v1/webhooks/dlq/x/discard"), ("GET", "/v1/events?cursor=x"),
            ]
            let powerless = try await TestSystem.makeKey(
                .sandbox, of: system.organization, in: system.pool, grant: KeyGrant(permissions: []))
            for (key, code) in [(nil, "UNAUTHORIZED"), (powerless, "PERMISSION_DENIED")] {
                for (method, path) in requests {
                    let body = method == "GET" ? nil : Array("{broken".utf8)
                    let answer = try await system.api.with(key: key).send(method, path, body: body)
                    #expect(answer.errorCode == code, "\(method) \(path): \(answer.text)")
                }
            }
        }
    }

    @Test func `another organization's endpoint is not there, and another environment's is refused`() async throws {
        try await TestSystem.run([]) { system, _ in
            let hook = try await system.makeWebhook("http://127.0.0.1:9/hook")
            let stranger = try await system.makeOrganization()
            let strangerKey = try await TestSystem.makeKey(.sandbox, of: stranger, in: system.pool)
            let liveKey = try await TestSystem.makeKey(.production, of: system.organization, in: system.pool)
            for path in ["/v1/webhooks/\(hook.id)", "/v1/webhooks/\(hook.id)/deliveries"] {
                #expect(try await system.api.with(key: strangerKey).get(path).errorCode == "WEBHOOK_NOT_FOUND")
                #expect(try await system.api.with(key: liveKey).get(path).errorCode == "ENVIRONMENT_MISMATCH")
            }
        }
    }

    @Test func `a test is sent at once, and says what it brought`() async throws {
        try await TestSystem.run([.webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start { _ in .init(202) }
            let hook = try await system.makeWebhook(receiver.url)
            let test = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/test")
            #expect(test.status == 200)
            #expect(test.json["delivered"].boolean == true)
            #expect(test.json["statusCode"].number == 202)
            #expect(test.json["durationMs"].number != nil)
            try WebhookDeliveryTests.verify(try #require(receiver.received.first), hook.secret)
            await receiver.stop()
            let unreached = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/test")
            #expect(unreached.json["delivered"].boolean == false)
            #expect(unreached.json["statusCode"] == .null)
            #expect(unreached.json["error"].string == "connection failed")
            #expect(receiver.received.count == 1, "a test is attempted once")
        }
    }

    @Test func `events are replayed since a time, and one delivery is sent again`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker, .expiryWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            // What another endpoint has received is spread, and comes to the next one by the replay alone.
            let earlier = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(earlier.url)
            for _ in 0..<5 { _ = try await system.makeLink(to: wallet) }
            #expect(try await eventually { earlier.received.count == 5 })
            let receiver = try await WebhookReceiver.start()
            let hook = try await system.makeWebhook(receiver.url)
            let replay = try await system.api.post(
                "/v1/webhooks/\(hook.id)/replay", #"{"since":"2020-01-01T00:00:00Z"}"#)
            #expect(replay.status == 202)
            #expect(replay.json["replayed"].number == 5)
            #expect(try await eventually { receiver.received.count == 5 })
            let delivery = try await system.api.get("/v1/webhooks/\(hook.id)/deliveries").json["data"][0]
            let id = try #require(delivery["id"].string)
            let again = try await system.api.send("POST", "/v1/webhooks/\(hook.id)/deliveries/\(id)/redeliver")
            #expect(again.status == 202)
            #expect(try await eventually { receiver.received.count == 6 })
            await receiver.stop()
            await earlier.stop()
        }
    }

    @Test func `the feed gives every event once, in order, and waits for the next`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            var links: [String] = []
            for _ in 0..<7 { links.append(try await system.makeLink(to: wallet).id) }
            var told: [String] = []
            var ids: [String] = []
            var cursor = ""
            let isRead = try await eventually {
                let page = try await system.api.get("/v1/events?limit=3\(cursor)")
                ids += page.json["data"].elements.compactMap { $0["id"].string }
                told += page.json["data"].elements.compactMap { $0["data"]["linkId"].string }
                if let next = page.json["cursor"].string { cursor = "&cursor=\(next)" }
                return ids.count >= 7
            }
            #expect(isRead)
            #expect(Set(ids).count == 7)
            #expect(told == links)
            let path = "/v1/events?limit=3\(cursor)"
            async let waiting = system.api.get(path, headers: ["Prefer": "wait=10"])
            try await Task.sleep(for: .milliseconds(300))
            _ = try await system.makeLink(to: wallet)
            #expect(try await waiting.json["data"].elements.count == 1)
        }
    }
}
