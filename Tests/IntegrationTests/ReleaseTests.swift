import PaymentLinks
import Postgres
import PrivateServers
import TestSupport
import Testing

/// A claim that costs its maker nothing is given back: by the payer, or by the payee.
@Suite(.timeLimit(.minutes(5))) struct ReleaseTests {
    private static func release(_ claim: API.Answer, on link: TestSystem.Link) -> String {
        "/v1/payment-links/claim/\(link.slug)/claims/\(claim.json["claimId"].string ?? "")/release"
    }

    @Test func `the payer releases a bank debit with its own body: the ledger is reversed and the link is open`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let payer = system.api.with(key: nil)
            let claim = try await payer.post(link.claimPath, TestSystem.achClaim())
            let path = Self.release(claim, on: link)
            let other = try await payer.post(path, TestSystem.achClaim(account: "99887766"))
            #expect(other.status == 403 && other.errorCode == "PERMISSION_DENIED")
            for _ in 0..<2 {
                let released = try await payer.post(path, TestSystem.achClaim())
                #expect(released.status == 200 && released.json["status"].string == "CANCELLED", "\(released.text)")
                #expect(released.json["link"]["status"].string == "ACTIVE")
                #expect(released.json["failure"]["code"].string == "RELEASED")
            }
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            let events = try await system.rows("SELECT body FROM events WHERE type = 'payment_link.claim_failed'")
            #expect(events.count == 1)
            #expect(try #require(events.first).text(0).contains("RELEASED"))
            let next = try await payer.post(link.claimPath, TestSystem.achClaim(account: "5550009999"))
            #expect(next.status == 200 && next.json["status"].string == "PENDING")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the payee releases the claim that holds the link, once, and names an open offer`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            #expect(claim.json["status"].string == "PENDING")
            let path = "/v1/payment-links/\(link.id)/release"
            for _ in 0..<2 {
                let released = try await system.api.post(path, "")
                #expect(released.status == 200 && released.json["status"].string == "ACTIVE", "\(released.text)")
            }
            let offerId = try #require(offer.json["claimId"].string)
            #expect(try await system.api.post(path, #"{"claimId":"\#(offerId)"}"#).status == 200)
            let strange = try await system.api.post(path, #"{"claimId":"clm_01JQRGX5R0ZB7Y3M4N5P6Q7R8S"}"#)
            #expect(strange.errorCode == "CLAIM_NOT_FOUND")
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status = 'CANCELLED'") == 2)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `what the rail has submitted or settled is not released`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 5_000)
            let links = [
                try await system.makeLink(to: try await system.makeWallet()),
                try await system.makeLink(to: try await system.makeWallet()),
            ]
            let submitted = try await system.api.post(links[0].claimPath, TestSystem.achClaim())
            let id = try #require(submitted.json["claimId"].string.flatMap { ClaimID($0) })
            try await system.publish([RedeliveryTests.outcome(.submitted, of: id, system)])
            let isSubmitted = "SELECT count(*) FROM claims WHERE submitted_at IS NOT NULL"
            #expect(try await eventually { try await system.number(isSubmitted) == 1 })
            let settled = try await system.api.post(links[1].claimPath, TestSystem.walletClaim(payer))
            for (claim, link, body) in [
                (submitted, links[0], TestSystem.achClaim()), (settled, links[1], TestSystem.walletClaim(payer)),
            ] {
                let answer = try await system.api.post(Self.release(claim, on: link), body)
                #expect(answer.status == 409 && answer.errorCode == "CLAIM_NOT_RELEASABLE", "\(answer.text)")
                let byPayee = try await system.api.post("/v1/payment-links/\(link.id)/release", "")
                #expect(byPayee.errorCode == "CLAIM_NOT_RELEASABLE")
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the sandbox's rail moves nothing for a released debit`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim())
            #expect(try await system.api.post(Self.release(claim, on: link), TestSystem.achClaim()).status == 200)
            let worker = try await system.start(.settlementWorker)
            #expect(try await eventually { try await system.number("SELECT count(*) FROM suspense") == 1 })
            #expect(try await system.isDrained())
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").json["status"].string == "ACTIVE")
            #expect(try await system.breaches() == [])
            await worker.kill()
        }
    }
}
