import PaymentLinks
import Storage
import Testing
import TestSupport

/// Who may do what: every route that is not public, asked by everybody who may not.
@Suite struct AccessTests {
    @Test func `every route asks for its permission, and tells nobody else's objects from nothing`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let subjects = try await AccessSubjects(system)
            let strangers = try await Strangers(system)
            for route in AccessRoute.all(subjects) {
                for stranger in strangers.everywhere { try await route.check(stranger, system) }
                try await route.checkPermission(system)
                if route.objectCode != nil { try await route.checkReach(strangers, system) }
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the public routes need no key, and a claim refuses one that does not count`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let payers = system.api.with(key: nil)
            #expect(try await payers.get("/v1/payment-links/claim/\(link.slug)").status == 200)
            let unknown = system.api.with(key: "wg_test_" + String(repeating: "x", count: 33))
            let refused = try await unknown.post(link.claimPath, TestSystem.achClaim())
            #expect(refused.status == 401)
            #expect(refused.errorCode == "UNAUTHORIZED")
            let claim = try await payers.post(link.claimPath, TestSystem.achClaim())
            #expect(claim.status == 200)
            let id = try #require(claim.json["claimId"].string)
            #expect(try await payers.get("/v1/payment-links/claim/\(link.slug)/claims/\(id)").status == 200)
        }
    }

    @Test func `a key is not told of a wrong body before it is told that it may not ask`() async throws {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let powerless = try await TestSystem.makeKey(
                .sandbox, of: system.organization, in: system.pool, grant: KeyGrant(permissions: []))
            let requests: [(String, String, String?)] = [
                ("POST", "/v1/payment-links", "{"), ("PATCH", "/v1/payment-links/lnk_1", "{"),
                ("GET", "/v1/payment-links?limit=0", nil), ("POST", "/v1/wallets", "{"),
                ("PATCH", "/v1/wallets/\(wallet)", "{"), ("GET", "/v1/wallets?limit=0", nil),
                ("GET", "/v1/wallets/\(wallet)/transactions?limit=0", nil),
                ("GET", "/v1/wallets/\(wallet)/holds?status=x", nil), ("POST", "/v1/wallets/\(wallet)/fund", "{"),
                ("POST", "/v1/sandbox/fund", "{"), ("POST", "/v1/api-keys", "{"), ("PATCH", "/v1/api-keys/key_1", "{"),
                ("POST", "/v1/webhooks", "{"), ("GET", "/v1/events?limit=0", nil),
            ]
            for (method, path, body) in requests {
                let bytes = body.map { Array($0.utf8) }
                let anonymous = try await system.api.with(key: nil).send(method, path, body: bytes)
                #expect(anonymous.status == 401, "\(method) \(path): \(anonymous.text)")
                let known = try await system.api.with(key: powerless).send(method, path, body: bytes)
                #expect(known.status == 403, "\(method) \(path): \(known.text)")
            }
        }
    }

    @Test func `a key gives out no more than it has`() async throws {
        try await TestSystem.run([]) { system, _ in
            let (wallet, other) = (try await system.makeWallet(), try await system.makeWallet())
            let grant = KeyGrant(permissions: [.keysWrite, .paymentsRead], walletScope: [wallet])
            let narrow = system.api.with(
                key: try await TestSystem.makeKey(.sandbox, of: system.organization, in: system.pool, grant: grant))
            let greedy = [
                #""permissions":["payments:write"]"#, #""permissions":["payments:read"],"walletScope":["\#(other)"]"#,
                #""permissions":["payments:read"],"walletScope":["\#(wallet)","\#(other)"]"#,
            ]
            for members in greedy {
                let answer = try await narrow.post("/v1/api-keys", #"{"name":"Child",\#(members)}"#)
                #expect(answer.status == 403, "\(members): \(answer.text)")
                #expect(answer.errorCode == "PERMISSION_DENIED")
            }
            let live = try await narrow.post(
                "/v1/api-keys", #"{"name":"Child","permissions":["payments:read"],"environment":"PRODUCTION"}"#)
            #expect(live.errorCode == "ENVIRONMENT_MISMATCH")
            let child = try await narrow.post("/v1/api-keys", #"{"name":"Child","permissions":["payments:read"]}"#)
            #expect(child.status == 201)
            #expect(child.json["walletScope"].elements == [.text("\(wallet)")], "bounds are taken over")
            let id = try #require(child.json["id"].string)
            let raised = try await narrow.patch("/v1/api-keys/\(id)", #"{"permissions":["wallets:write"]}"#)
            #expect(raised.errorCode == "PERMISSION_DENIED")
        }
    }
}
