import Jobs
import PaymentLinks
import Postgres
import Storage
import Testing
import TestSupport

/// Claims that are well-formed and must not win: each is refused by its own code, and remembered.
@Suite struct RefusalTests {
    @Test func `every refusal has its code, moves nothing, and is readable again at its claim's address`() async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let scene = try await RefusalScene(system)
            let refusals = try await scene.refusals()
            let before = try await scene.balances()
            for refusal in refusals { try await refusal.check(system) }
            #expect(try await scene.balances() == before)
            let remembered = try await system.number("SELECT count(*) FROM claims WHERE status = 'REFUSED'")
            #expect(remembered == 2 * refusals.count)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a claim that just meets its link's conditions wins`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let payer = try await system.makeWallet(funds: 2_000)
            let open = try await system.makeWallet(funds: 1_000, allowsPublicClaims: true)
            let scoped = try await TestSystem.makeKey(
                .sandbox, of: system.organization, in: system.pool,
                grant: KeyGrant(permissions: [.paymentsWrite], walletScope: [payer]))
            let restricted = try await system.makeLink(
                to: payee, #""recipientRestrictions":{"emails":["Payer@Example.com"],"walletIds":["\#(payer)"]}"#)
            let claims = [
                (restricted, TestSystem.walletClaim(payer, email: "payer@example.COM"), system.api.key),
                (try await system.makeLink(to: payee), TestSystem.walletClaim(open), nil),
                (try await system.makeLink(to: payee), TestSystem.walletClaim(payer), scoped),
                (try await system.makeLink(to: payee, amount: "1000000.00"), TestSystem.achClaim(), nil),
            ]
            for (link, body, key) in claims {
                let claim = try await system.api.with(key: key).post(link.claimPath, body)
                #expect(claim.status == 200, "\(body): \(claim.text)")
            }
            #expect(try await system.balance(of: payer).available == "0.00")
            #expect(try await system.balance(of: open).available == "0.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a frozen payee receives, and pays nothing until it is unfrozen`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, other) = (try await system.makeWallet(funds: 2_000), try await system.makeWallet())
            let payee = try await system.makeWallet()
            #expect(try await system.api.send("POST", "/v1/wallets/\(payee)/freeze").json["status"].string == "FROZEN")
            let received = try await system.api.post(
                try await system.makeLink(to: payee).claimPath, TestSystem.walletClaim(payer))
            #expect(received.status == 200)
            let funded = try await system.api.post("/v1/wallets/\(payee)/fund", #"{"amount":"1.00"}"#)
            #expect(funded.status == 403)
            #expect(funded.errorCode == "WALLET_FROZEN")
            let link = try await system.makeLink(to: other)
            #expect(
                try await system.api.post(link.claimPath, TestSystem.walletClaim(payee)).errorCode == "WALLET_FROZEN")
            #expect(
                try await system.api.send("POST", "/v1/wallets/\(payee)/unfreeze").json["status"].string == "ACTIVE")
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(payee)).status == 200)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a link that its wallet's currency cannot carry is never made`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let answer = try await system.api.post(
                "/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"0.001","currency":"USDC"}"#)
            #expect(answer.status == 422)
            #expect(answer.errorCode == "AMOUNT_NOT_REPRESENTABLE")
            #expect(try await system.number("SELECT count(*) FROM payment_links") == 0)
        }
    }

    // MARK: - Not waiting

    @Test func `a claim that is not waited for is readable from the first instant, before and after its decision`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let payer = try await system.makeWallet(funds: 1_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            await maker.stop()
            let payers = system.api.with(key: nil)
            let won = try await system.claimWithoutWaiting(link, TestSystem.walletClaim(payer))
            let lost = try await system.claimWithoutWaiting(link, TestSystem.achClaim())
            for address in [won, lost] {
                let shown = try await payers.get(address)
                #expect(shown.status == 202, "\(shown.text)")
                #expect(shown.json["status"].string == "PROCESSING")
                #expect(address.hasSuffix(shown.json["claimId"].string ?? "nothing"))
                #expect(shown.header("location") == address)
            }
            async let waiting = payers.get(won, headers: ["prefer": "wait=20"])
            let worker = try await system.start(.claimWorker)
            let settled = try await waiting
            #expect(settled.status == 200)
            #expect(settled.json["status"].string == "SETTLED")
            #expect(settled.json["slug"].string == link.slug)
            let refused = try await payers.get(lost, headers: ["prefer": "wait=20"])
            #expect(refused.status == 409)
            #expect(refused.errorCode == "LINK_ALREADY_CLAIMED")
            #expect(try await system.breaches() == [])
            await worker.kill()
        }
    }

    @Test func `an invented claim id names nothing, on its own link and on another`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let (link, other) = (try await system.makeLink(to: payee), try await system.makeLink(to: payee))
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            let id = try #require(claim.json["claimId"].string)
            let pending = Self.address(id, on: link)
            #expect(try await system.api.with(key: nil).get(pending).status == 200)
            let invented = [Self.address(id, on: other), Self.address("\(ClaimID.mint(at: .now()))", on: link)]
            for address in invented {
                let start = ContinuousClock.now
                let answer = try await system.api.with(key: nil).get(address, headers: ["prefer": "wait=10"])
                #expect(answer.status == 404)
                #expect(answer.errorCode == "CLAIM_NOT_FOUND")
                #expect(ContinuousClock.now - start < .seconds(5), "what is invented is not waited for")
            }
        }
    }

    private static func address(_ claimId: String, on link: TestSystem.Link) -> String {
        "/v1/payment-links/claim/\(link.slug)/claims/\(claimId)"
    }
}
