import PaymentLinks
import PrivateServers
import Testing
import TestSupport

/// Production lists and takes only what a rail carries.
@Suite(.timeLimit(.minutes(5))) struct ProductionRailTests {
    /// A production link, with the caller that made it.
    private static func scene(_ system: TestSystem) async throws -> TestSystem.Link {
        let live = system.api.with(
            key: try await TestSystem.makeKey(.production, of: system.organization, in: system.pool))
        let wallet = try await live.post("/v1/wallets", #"{"name":"Live"}"#)
        let id = try #require(wallet.json["id"].string.flatMap { WalletID($0) })
        return try await system.makeLink(to: id, by: live)
    }

    private static func methods(_ slug: String, _ system: TestSystem) async throws -> [String] {
        try await system.api.with(key: nil).get("/v1/payment-links/claim/\(slug)").json["acceptedMethods"].elements
            .compactMap(\.string)
    }

    @Test func `without a rail, a production claim is refused on every path before anything is promised or stored`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await Self.scene(system)
            #expect(try await Self.methods(link.slug, system) == ["wallet"])
            for body in [TestSystem.achClaim(), TestSystem.usdcClaim()] {
                // The plain spelling takes the fast path, the other one the router.
                for headers in [[:], ["connection": "TE"], ["prefer": "respond-async"]] {
                    let answer = try await system.api.with(key: nil).post(link.claimPath, body, headers: headers)
                    #expect(answer.status == 422 && answer.errorCode == "RAIL_UNAVAILABLE", "\(answer.text)")
                    #expect(!answer.text.contains("0x") && answer.json["claimId"] == .null)
                }
            }
            let sandbox = try await system.makeLink(to: try await system.makeWallet())
            let lines = [
                BatchTests.claim(TestSystem.usdcClaim(), on: link.slug),
                BatchTests.claim(TestSystem.achClaim(), on: sandbox.slug),
                BatchTests.claim(TestSystem.achClaim(), on: link.slug),
            ]
            let batch = try await system.api.batch("/v1/payment-links/claims/batch", lines)
            #expect(batch.lines.map(\.status) == [422, 200, 422], "\(batch.answer.text)")
            #expect(batch.lines.map(\.errorCode) == ["RAIL_UNAVAILABLE", nil, "RAIL_UNAVAILABLE"])
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `with a rail of the operator's, production takes its method and no other`() async throws {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_PRODUCTION_RAILS": "ach"]) { system, _ in
            let link = try await Self.scene(system)
            #expect(try await Self.methods(link.slug, system) == ["ach", "wallet"])
            let refused = try await system.api.with(key: nil).post(link.claimPath, TestSystem.usdcClaim())
            #expect(refused.errorCode == "RAIL_UNAVAILABLE")
            let claim = try await system.api.with(key: nil).post(link.claimPath, TestSystem.achClaim())
            #expect(claim.status == 200 && claim.json["status"].string == "PENDING", "\(claim.text)")
            #expect(try await Self.methods(link.slug, system) == [])
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a rail for USDC sends payers to the configured address`() async throws {
        let address = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
        let settings = ["PAYLINKS_PRODUCTION_RAILS": "usdc,ach", "PAYLINKS_USDC_DEPOSIT_ADDRESS": address]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let link = try await Self.scene(system)
            let offer = try await system.api.with(key: nil).post(link.claimPath, TestSystem.usdcClaim())
            #expect(offer.json["instructions"]["payTo"].string == address, "\(offer.text)")
        }
    }

    @Test func `sandbox instructions name the configured address only, and without one there is no usdc`() async throws
    {
        let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
        for configured in ["", address] {
            let settings = ["PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS": configured]
            try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
                let link = try await system.makeLink(to: try await system.makeWallet())
                let methods = configured.isEmpty ? ["ach", "wallet"] : ["ach", "usdc", "wallet"]
                #expect(try await Self.methods(link.slug, system) == methods)
                let answer = try await system.api.with(key: nil).post(link.claimPath, TestSystem.usdcClaim())
                if configured.isEmpty {
                    #expect(answer.status == 422 && answer.errorCode == "RAIL_UNAVAILABLE", "\(answer.text)")
                    #expect(!answer.text.contains("0x"))
                } else {
                    #expect(answer.json["instructions"]["payTo"].string == address, "\(answer.text)")
                }
            }
        }
    }

    @Test func `the sandbox takes base-sepolia, and production does not`() async throws {
        let settings = [
            "PAYLINKS_PRODUCTION_RAILS": "usdc", "PAYLINKS_USDC_DEPOSIT_ADDRESS": TestSystem.sandboxDepositAddress,
        ]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let payer = system.api.with(key: nil)
            let body = TestSystem.usdcClaim().replacing(#""chain":"ethereum""#, with: #""chain":"Base-Sepolia""#)
            let sandbox = try await system.makeLink(to: try await system.makeWallet())
            let offer = try await payer.post(sandbox.claimPath, body)
            #expect(offer.status == 200 && offer.json["instructions"]["chainId"].integer == 84_532, "\(offer.text)")
            #expect(offer.json["instructions"]["chain"].string == "base-sepolia")
            let refused = try await payer.post(try await Self.scene(system).claimPath, body)
            #expect(refused.status == 422 && refused.errorCode == "RAIL_UNAVAILABLE", "\(refused.text)")
            #expect(refused.json["error"]["details"]["chain"].string == "base-sepolia")
        }
    }

    @Test func `links that cannot be claimed list no method`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 5_000), try await system.makeWallet())
            let links = [
                try await system.makeLink(to: payee), try await system.makeLink(to: payee),
                try await system.makeLink(to: payee), try await system.makeLink(to: payee),
            ]
            _ = try await system.api.post(links[0].claimPath, TestSystem.walletClaim(payer))
            _ = try await system.api.patch("/v1/payment-links/\(links[1].id)")
            try await system.moveEnd(of: [links[2]])
            for link in links.prefix(3) { #expect(try await Self.methods(link.slug, system) == []) }
            #expect(try await Self.methods(links[3].slug, system) == ["ach", "usdc", "wallet"])
        }
    }
}
