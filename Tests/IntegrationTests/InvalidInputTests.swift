import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// Wrong input of every kind is refused by name, and leaves nothing behind.
@Suite struct InvalidInputTests {
    @Test func `every wrong request is refused by name, all of its fields at once, and writes nothing`() async throws {
        try await TestSystem.run(settings: ["PAYLINKS_LOG_LEVEL": "trace"]) { system, processes in
            let subjects = try await Self.subjects(system)
            let requests =
                WrongRequest.creations(subjects) + WrongRequest.claims(subjects) + WrongRequest.others(subjects)
            let before = try await Self.counts(system)
            for request in requests { try await request.check(system.api) }
            #expect(try await Self.counts(system) == before)
            #expect(try await system.api.get("/v1/payment-links/\(subjects.linkId)").json["status"].string == "ACTIVE")
            for process in processes + [system.gateway] {
                let log = await process.logText
                #expect(!log.isEmpty && !log.contains(WrongRequest.accountNumber), "\(process.role.rawValue)")
            }
            #expect(try await system.breaches() == [])
            print("\(requests.count) wrong requests refused by name")
        }
    }

    @Test func `the most that is allowed is taken`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet(currency: .usdc)
            for body in Self.largest(wallet) {
                let answer = try await system.api.send("POST", "/v1/payment-links", body: body)
                #expect(answer.status == 201, "\(answer.text)")
            }
            let amounts = [("0.01", "USD"), ("9999999999.99", "USD"), ("0.000001", "USDC"), ("9999999999.99", "USDC")]
            for (amount, currency) in amounts {
                let answer = try await system.api.post(
                    "/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"\#(amount)","currency":"\#(currency)"}"#)
                #expect(answer.status == 201, "\(amount): \(answer.text)")
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a caller's own request id is echoed, by refusals too, and one that cannot be is replaced`() async throws
    {
        try await TestSystem.run([]) { system, _ in
            for path in ["/v1/payment-links", "/v1/nothing", "/v1/payment-links?limit=0"] {
                let own = try await system.api.get(path, headers: ["x-request-id": "order-17/a"])
                #expect(own.header("request-id") == "order-17/a")
                let long = String(repeating: "x", count: 129)
                let unusable = try await system.api.get(path, headers: ["x-request-id": long])
                let id = try #require(unusable.header("request-id"))
                #expect(ULID(id) != nil, "\(id)")
            }
            let anonymous = try await system.api.with(key: nil).get("/v1/wallets", headers: ["x-request-id": "mine"])
            #expect(anonymous.status == 401)
            #expect(anonymous.header("request-id") == "mine")
        }
    }

    @Test func `an idempotency key with another body is refused, and the first outcome stays`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 10_000), try await system.makeWallet())
            let link = try await system.makeLink(to: payee)
            let bodies = [
                (
                    "/v1/payment-links", #"{"walletId":"\#(payee)","amount":"1.00"}"#,
                    #"{"walletId":"\#(payee)","amount":"2.00"}"#
                ),
                (link.claimPath, TestSystem.walletClaim(payer), TestSystem.achClaim()),
                ("/v1/wallets", #"{"name":"A"}"#, #"{"name":"B"}"#),
                ("/v1/wallets/\(payee)/fund", #"{"amount":"1.00"}"#, #"{"amount":"2.00"}"#),
            ]
            let key = ["idempotency-key": String(repeating: "k", count: 255)]
            for (path, body, other) in bodies {
                let first = try await system.api.post(path, body, headers: key)
                #expect((200...201).contains(first.status), "\(path): \(first.text)")
                let before = try await Self.counts(system, but: "claims")
                let reused = try await system.api.post(path, other, headers: key)
                #expect(reused.status == 409, "\(path): \(reused.text)")
                #expect(reused.errorCode == "IDEMPOTENCY_KEY_REUSE")
                WrongRequest.checkEnvelope(reused, of: path)
                let again = try await system.api.post(path, body, headers: key)
                #expect(again.text == first.text)
                #expect(again.header("idempotent-replayed") == "true")
                #expect(
                    try await Self.counts(system, but: "claims") == before, "a refused claim is all that may be written"
                )
            }
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status <> 'REFUSED'") == 1)
            #expect(try await system.breaches() == [])
        }
    }

    // MARK: - What is there

    private static func subjects(_ system: TestSystem) async throws -> WrongRequest.Subjects {
        let wallet = try await system.makeWallet()
        let link = try await system.makeLink(to: wallet)
        let stranger = OrganizationID.mint(at: .now())
        let foreignWallet = try await system.makeWallet(of: try await system.makeOrganization(stranger))
        let key = try await TestSystem.makeKey(.sandbox, of: stranger, in: system.pool)
        let foreign = try await system.api.with(key: key).post(
            "/v1/payment-links", #"{"walletId":"\#(foreignWallet)","amount":"1.00"}"#)
        return WrongRequest.Subjects(
            wallet: wallet, linkId: link.id, slug: link.slug, foreignWallet: foreignWallet,
            foreignLinkId: try #require(foreign.json["id"].string))
    }

    /// How many rows there are of everything that a request could have made.
    private static func counts(_ system: TestSystem, but exception: String? = nil) async throws -> [String: Int] {
        let tables = [
            "payment_links", "claims", "transactions", "entries", "events", "wallets", "api_keys", "idempotency_keys",
        ]
        var counts: [String: Int] = [:]
        for table in tables where table != exception {
            counts[table] = try await system.number("SELECT count(*) FROM \(table)")
        }
        return counts
    }

    /// Creations with every field as long as it may be, and one as long as a body may be.
    private static func largest(_ wallet: WalletID) -> [[UInt8]] {
        let required = #""walletId":"\#(wallet)","amount":"1.00""#
        let keys = (10..<60).map { "\"\($0)\(String(repeating: "k", count: 62))\":1" }.joined(separator: ",")
        let emails = WrongRequest.array((0..<100).map { WrongRequest.quoted("payer\($0)@example.com") })
        let wallets = WrongRequest.array((0..<100).map { _ in WrongRequest.quoted("\(wallet)") })
        let members = [
            #""description":\#(WrongRequest.letters(1_024))"#, #""maxUses":1"#, #""metadata":{\#(keys)}"#,
            #""metadata":{"note":\#(WrongRequest.letters(500))}"#,
            #""recipientRestrictions":{"emails":\#(emails),"walletIds":\#(wallets)}"#,
            #""expiresAt":"\#(Timestamp.now().advanced(by: .seconds(3_652 * 86_400)).iso8601)""#,
            #""idempotencyKey":\#(WrongRequest.letters(255))"#,
            #""metadata":{"n":\#(String(repeating: "9", count: 64))}"#,
        ]
        return members.map { Array("{\(required),\($0)}".utf8) } + [WrongRequest.blankObject(bytes: 65_536, required)]
    }
}

extension TestSystem {
    /// Makes an organization beside the test's own.
    func makeOrganization(_ id: OrganizationID) async throws -> OrganizationID {
        try await OrganizationStore(pool: pool).insert(id, name: "Other", displayName: "Other Payee", at: .now())
        return id
    }
}
