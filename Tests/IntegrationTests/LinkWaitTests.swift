import PaymentLinks
import TestSupport
import Testing

/// `Prefer: wait` at a link's own address.
@Suite(.serialized) struct LinkWaitTests {
    private static func read(_ link: TestSystem.Link, _ api: API, wait: Int = 20) async throws -> API.Answer {
        try await api.get("/v1/payment-links/\(link.id)", headers: ["prefer": "wait=\(wait)"])
    }

    @Test func `an answer is held until the link is claimed, and again until its claim is settled`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            async let claimed = Self.read(link, system.api)
            // The request has to be on its way first, which nobody outside sees.
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            let first = try await claimed
            #expect(first.json["status"].string == "CLAIMED" && first.json["claim"]["status"].string == "PENDING")
            #expect(first.headers["preference-applied"] == "wait=20")
            async let settled = Self.read(link, system.api)
            let rail = try await system.start(.settlementWorker)
            let second = try await settled
            #expect(second.json["claim"]["status"].string == "SETTLED")
            await rail.kill()
        }
    }

    @Test func `an answer is held for as long as was asked where nothing changes`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let start = ContinuousClock.now
            let answer = try await Self.read(link, system.api, wait: 1)
            let held = ContinuousClock.now - start
            #expect(held >= .seconds(1) && held < .seconds(10))
            #expect(answer.status == 200 && answer.json["status"].string == "ACTIVE")
        }
    }

    @Test func `a link that cannot change any more is answered at once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 10_000), try await system.makeWallet())
            let (paid, cancelled) = (try await system.makeLink(to: payee), try await system.makeLink(to: payee))
            #expect(try await system.api.post(paid.claimPath, TestSystem.walletClaim(payer)).status == 200)
            #expect(try await system.api.patch("/v1/payment-links/\(cancelled.id)", "{}").status == 200)
            for link in [paid, cancelled] {
                let start = ContinuousClock.now
                _ = try await Self.read(link, system.api, wait: 30)
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test func `an invented link, another organization's and one out of scope are not waited for`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let stranger = try await system.makeOrganization()
            let key = try await TestSystem.makeKey(.sandbox, of: stranger, in: system.pool)
            let production = try await TestSystem.makeKey(.production, of: system.organization, in: system.pool)
            let start = ContinuousClock.now
            let absent = try await system.api.get(
                "/v1/payment-links/\(LinkID.mint(at: .now()))", headers: ["prefer": "wait=30"])
            #expect(absent.status == 404)
            #expect(try await Self.read(link, system.api.with(key: key), wait: 30).status == 404)
            #expect(try await Self.read(link, system.api.with(key: production), wait: 30).status == 403)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }
}
