import PaymentLinks
import Storage
import Testing
import TestSupport

/// Who may do what: every route that is not public, asked by everybody who may not.
@Suite struct AccessTests {
    @Test func `every route tells every caller exactly what is due, and nobody of another's objects`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let table = AccessTable(subjects: try await AccessSubjects(system))
            let strangers = try await Strangers(system)
            var cells = 0
            for route in table.routes {
                for column in AccessColumn.allCases {
                    let key = try await strangers.key(column, for: route.access)
                    try await route.check(column, key: key, system, table.subjects)
                    cells += 1
                }
            }
            for column in AccessColumn.allCases {
                let link = try await system.makeLink(to: table.subjects.wallet)
                let read = AccessTable.readClaim(table.subjects.claimId, on: table.subjects.claimed.slug)
                for route in [AccessTable.claim(on: link), read] {
                    let key = try await strangers.key(column, for: route.access)
                    try await route.check(column, key: key, system, table.subjects)
                    cells += 1
                }
            }
            #expect(try await system.breaches() == [])
            print("\(cells) cells of the authorisation matrix")
        }
    }

    @Test func `every route of the gateway has its row in the matrix`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let subjects = try await AccessSubjects(system)
            let rows =
                AccessTable(subjects: subjects).routes + [
                    AccessTable.claim(on: subjects.link),
                    AccessTable.readClaim(subjects.claimId, on: subjects.link.slug),
                ]
            let names = rows.map(\.name)
            #expect(Set(names).count == names.count)
            #expect(try GatewayRoutes.all().symmetricDifference(names) == [])
            #expect(names.count >= 40)
        }
    }

    @Test func `what is no key, or claims to come from elsewhere, is refused by every route that needs one`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let table = AccessTable(subjects: try await AccessSubjects(system))
            let distant = try await Strangers(system).key(.wrongAddress, for: .publicWithKey)
            for route in table.routes {
                guard case .permission = route.access else { continue }
                for nobody in Strangers.nobodies {
                    let answer = try await route.send(nobody.key, system, headers: nobody.headers)
                    #expect(answer.status == 401, "\(nobody.name) \(route.name): \(answer.text)")
                    #expect(answer.errorCode == "UNAUTHORIZED")
                }
                // Nobody's word on where it comes from is believed but a trusted proxy's.
                let forwarded = try await route.send(distant, system, headers: ["x-forwarded-for": "192.0.2.7"])
                #expect(forwarded.errorCode == "IP_NOT_ALLOWED", "\(route.name): \(forwarded.text)")
            }
        }
    }

    @Test func `behind a trusted proxy the caller's own address counts`() async throws {
        try await TestSystem.run([], settings: ["PAYLINKS_HTTP_TRUSTED_PROXIES": "127.0.0.0/8"]) { system, _ in
            let distant = system.api.with(
                key: try await Strangers(system).key(.wrongAddress, for: .publicWithKey))
            let cases = [
                ("192.0.2.7", 200), ("2001:db8::1", 200), ("198.51.100.1", 403), ("192.0.2.7, 198.51.100.1", 403),
            ]
            for (address, status) in cases {
                let answer = try await distant.get("/v1/wallets", headers: ["x-forwarded-for": address])
                #expect(answer.status == status, "\(address): \(answer.text)")
            }
            #expect(try await distant.get("/v1/wallets").status == 403)
        }
    }

    @Test func `a wallet cannot be spent by someone who only knows its id, on any route, batch included`() async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet("Payer", funds: 100_000)
            let payee = try await system.makeWallet("Payee")
            let strangers = try await Strangers(system)
            for attempt in SpendingAttempt.all {
                let key = try await strangers.key(attempt.column, for: .permission(.paymentsWrite))
                let link = try await system.makeLink(to: payee)
                try await attempt.check(from: payer, on: link, key: key, system)
            }
            #expect(try await system.balance(of: payer) == ("1000.00", "0.00"))
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status <> 'REFUSED'") == 0)
            let owner = try await strangers.key(.rightPermission, for: .permission(.paymentsWrite))
            let link = try await system.makeLink(to: payee)
            let batch = try await system.api.with(key: owner).batch(
                "/v1/payment-links/claims/batch", [BatchTests.walletClaim(payer, on: link.slug)])
            #expect(batch.lines.map(\.status) == [200], "its owner can")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a line of a batch reaches no further than a request of its own`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let strangers = try await Strangers(system)
            let words: [(AccessColumn, Int, String?)] = [
                (.otherOrganization, 404, "WALLET_NOT_FOUND"), (.otherEnvironment, 403, "ENVIRONMENT_MISMATCH"),
                (.otherWallet, 403, "WALLET_OUT_OF_SCOPE"), (.rightPermission, 201, nil),
            ]
            for (column, status, code) in words {
                let key = try await strangers.key(column, for: .permission(.paymentsWrite))
                let batch = try await system.api.with(key: key)
                    .batch("/v1/payment-links/batch", [BatchTests.creation(wallet), "{}"])
                #expect(batch.lines.map(\.status) == [status, 400], "\(column.rawValue)")
                #expect(batch.lines.first?.errorCode == code)
            }
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 1)
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
                ("PATCH", "/v1/webhooks/hook_1", "{"),
                ("GET", "/v1/webhooks/hook_1/deliveries?limit=0", nil), ("POST", "/v1/webhooks/hook_1/replay", "{"),
                ("GET", "/v1/webhooks/dlq?limit=0", nil), ("POST", "/v1/payment-links/batch", "{"),
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

/// Somebody who knows a wallet's id and would pay from it, by either route.
private struct SpendingAttempt {
    let column: AccessColumn
    /// How the claim is refused: as a whole where the key does not count, or by the worker.
    let status: Int
    let code: String
    let isWhole: Bool

    static let all: [SpendingAttempt] =
        [.noKey, .wrongPermission, .noPermission, .otherOrganization, .otherEnvironment, .otherWallet]
        .map { SpendingAttempt(column: $0, status: 401, code: "WALLET_AUTHORIZATION_REQUIRED", isWhole: false) } + [
            SpendingAttempt(column: .expired, status: 401, code: "UNAUTHORIZED", isWhole: true),
            SpendingAttempt(column: .revoked, status: 401, code: "API_KEY_REVOKED", isWhole: true),
            SpendingAttempt(column: .wrongAddress, status: 403, code: "IP_NOT_ALLOWED", isWhole: true),
        ]

    func check(from payer: WalletID, on link: TestSystem.Link, key: String?, _ system: TestSystem) async throws {
        let api = system.api.with(key: key)
        let alone = try await api.post(link.claimPath, TestSystem.walletClaim(payer))
        #expect(alone.status == status && alone.errorCode == code, "\(column.rawValue): \(alone.text)")
        let batch = try await api.batch(
            "/v1/payment-links/claims/batch", [BatchTests.walletClaim(payer, on: link.slug)])
        if column == .noKey {
            #expect(batch.answer.status == 401 && batch.answer.errorCode == "UNAUTHORIZED", "\(batch.answer.text)")
        } else if isWhole {
            #expect(batch.answer.status == status && batch.answer.errorCode == code, "\(batch.answer.text)")
        } else {
            #expect(batch.lines.map(\.status) == [status], "\(column.rawValue): \(batch.answer.text)")
            #expect(batch.lines.first?.errorCode == code)
        }
    }
}
