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
