import Jobs
import PaymentLinks
import Postgres
import Sealing
import Storage
import Testing
import TestSupport

/// Callers without a key, who know no link or one link, and would fill tables or close the link.
@Suite struct StrangerTests {
    /// Spellings of one claim: the fast path takes the first, the router the second.
    static let ways: [[String: String]] = [[:], ["connection": "TE"]]

    static func path(_ slug: String) -> String { "/v1/payment-links/claim/\(slug)/claim" }

    @Test func `an unknown slug is 404 on every way, before anything is queued or stored`() async throws {
        try await TestSystem.run([]) { system, _ in
            let ours = Self.mintSlug(system)
            let slugs = [
                String(repeating: "0", count: 20), String(ours.prefix(20)) + "000000", String(ours.prefix(20)),
            ]
            for slug in slugs {
                for headers in Self.ways {
                    let async = headers.merging(["prefer": "respond-async"]) { $1 }
                    let answer = try await system.api.with(key: nil).post(
                        Self.path(slug), TestSystem.achClaim(), headers: async)
                    #expect(answer.status == 404 && answer.errorCode == "PAYMENT_LINK_NOT_FOUND", "\(answer.text)")
                    let details = try await system.api.get("/v1/payment-links/claim/\(slug)", headers: headers)
                    #expect(details.status == 404 && details.errorCode == "PAYMENT_LINK_NOT_FOUND", "\(details.text)")
                }
            }
            let lines = slugs.map { BatchTests.claim(TestSystem.achClaim(), on: $0) }
            let batch = try await system.api.batch(
                "/v1/payment-links/claims/batch", lines, headers: ["prefer": "respond-async"])
            #expect(batch.lines.map(\.status) == [404, 404, 404], "\(batch.answer.text)")
            #expect(try await system.depth(of: system.topology.claimQueue) == 0)
            #expect(try await system.number("SELECT count(*) FROM claims") == 0)
        }
    }

    @Test(arguments: ["left(slug, 20)", "left(slug, 20) || '000000'"])
    func `a link without a mark, or with a mark of another key, is read and claimed on every way`(
        slug: String
    ) async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            var slugs: [String] = []
            for _ in 0..<3 {
                let link = try await system.makeLink(to: payee)
                let rows = try await system.rows(
                    "UPDATE payment_links SET slug = \(slug) WHERE slug = $1 RETURNING slug", [.text(link.slug)])
                slugs.append(try rows[0].text(0))
            }
            for (slug, headers) in zip(slugs, Self.ways) {
                let details = try await system.api.get("/v1/payment-links/claim/\(slug)", headers: headers)
                #expect(details.status == 200 && details.json["slug"].string == slug)
                let claim = try await system.api.with(key: nil).post(
                    Self.path(slug), TestSystem.achClaim(), headers: headers)
                #expect(claim.status == 200, "\(claim.text)")
            }
            let unknown = BatchTests.claim(TestSystem.achClaim(), on: String(repeating: "0", count: 20))
            let known = BatchTests.claim(TestSystem.achClaim(), on: slugs[2])
            let batch = try await system.api.batch("/v1/payment-links/claims/batch", [unknown, known, unknown])
            #expect(batch.lines.map(\.status) == [404, 200, 404], "\(batch.answer.text)")
        }
    }

    @Test func `a link that was accepted a moment ago does not read as unknown, and can be claimed once it is made`()
        async throws
    {
        try await TestSystem.run([]) { system, _ in
            let payee = try await system.makeWallet()
            let accepted = try await system.api.post(
                "/v1/payment-links", #"{"walletId":"\#(payee)","amount":"10.00"}"#, headers: ["prefer": "respond-async"]
            )
            let slug = try #require(accepted.json["slug"].string)
            #expect(accepted.status == 202)
            let payer = system.api.with(key: nil)
            for headers in Self.ways {
                let details = try await payer.get("/v1/payment-links/claim/\(slug)", headers: headers)
                #expect(details.status == 409 && details.errorCode == "LINK_NOT_READY", "\(details.text)")
                #expect(details.header("retry-after") == "1")
            }
            let worker = try await system.start(.claimWorker)
            let isClaimed = try await eventually {
                let claim = try await payer.post(
                    Self.path(slug), TestSystem.achClaim(), headers: ["idempotency-key": "one"])
                #expect(claim.status == 200 || claim.errorCode == "LINK_NOT_READY", "\(claim.text)")
                return claim.status == 200
            }
            #expect(isClaimed)
            await worker.kill()
        }
    }

    @Test func `a claim that overtakes its link's creation is told to come back, and uses up no key`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let slug = Self.mintSlug(system)
            for headers in Self.ways {
                let keyed = headers.merging(["idempotency-key": "one"]) { $1 }
                let claim = try await system.api.with(key: nil).post(
                    Self.path(slug), TestSystem.achClaim(), headers: keyed)
                #expect(claim.status == 409 && claim.errorCode == "LINK_NOT_READY", "\(claim.text)")
            }
            let link = try await system.makeLink(to: try await system.makeWallet())
            _ = try await system.rows(
                "UPDATE payment_links SET slug = $2 WHERE slug = $1", [.text(link.slug), .text(slug)])
            let claim = try await system.api.with(key: nil).post(
                Self.path(slug), TestSystem.achClaim(), headers: ["idempotency-key": "one"])
            #expect(claim.status == 200, "\(claim.text)")
        }
    }

    @Test func `strangers fill a link's refusals to a bound, get the same answers beyond it, and close it to nobody`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payer = try await system.makeWallet(funds: 1_000)
            let link = try await system.makeLink(to: try await system.makeWallet())
            let stranger = system.api.with(key: nil)
            let refused = try await RaceTests.all(150) { number in
                try await stranger.post(
                    link.claimPath, TestSystem.walletClaim(payer), headers: ["idempotency-key": "\(number)"])
            }
            #expect(refused.allSatisfy { $0.status == 401 && $0.text == refused[0].text })
            #expect(try await system.number("SELECT count(*) FROM claims") == ClaimLimits.storedAnswers)
            let owner = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            #expect(owner.status == 200, "\(owner.text)")
            let late = try await RaceTests.all(100) { number in
                try await stranger.post(link.claimPath, TestSystem.achClaim(account: "\(10_000 + number)"))
            }
            #expect(late.allSatisfy { $0.status == 409 && $0.errorCode == "LINK_ALREADY_CLAIMED" })
            #expect(Set(late.map(\.text)).count == 1)
            #expect(try await system.number("SELECT count(*) FROM claims") == ClaimLimits.storedAnswers + 1)
            #expect(try await system.number("SELECT count(*) FROM idempotency_keys") == 0)
            let known = try await system.api.post(link.claimPath, TestSystem.achClaim(account: "99999"))
            #expect(known.status == 409)
            #expect(try await system.number("SELECT count(*) FROM claims") == ClaimLimits.storedAnswers + 2)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a claim that was refused without a row reads as its link does, once it can be decided`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            #expect(try await system.api.post(link.claimPath, TestSystem.achClaim()).status == 200)
            _ = try await system.rows("UPDATE payment_links SET stored_answers = 64")
            let slug = try #require(Slug(link.slug))
            let identifiers = AcceptedIdentifiers(digestKey: system.digestKey)
            func read(_ age: Duration) async throws -> API.Answer {
                let id = identifiers.mintClaim(for: slug, at: Timestamp.now().advanced(by: .zero - age))
                return try await system.api.with(key: nil).get("/v1/payment-links/claim/\(slug)/claims/\(id)")
            }
            #expect(try await read(.zero).status == 202, "it may be queued still")
            let old = try await read(.seconds(120))
            #expect(old.status == 409 && old.errorCode == "LINK_ALREADY_CLAIMED", "\(old.text)")
            _ = try await system.rows("UPDATE payment_links SET stored_answers = 63")
            #expect(try await read(.seconds(120)).status == 202, "a refusal would have a row")
        }
    }

    @Test func `an address without a key has a burst of 64 and little more, and keys are not held to it`() async throws
    {
        try await TestSystem.run([.claimWorker], settings: ["PAYLINKS_RATE_LIMIT_PER_ADDRESS": "1"]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let path = "/v1/payment-links/claim/\(link.slug)"
            let start = ContinuousClock.now
            let anonymous = try await RaceTests.all(300) { _ in try await system.api.with(key: nil).get(path) }
            let seconds = Double((ContinuousClock.now - start) / .seconds(1))
            let served = anonymous.count { $0.status == 200 }
            #expect(served >= 64 && Double(served) <= 65 + seconds, "\(served) in \(seconds) s")
            #expect(anonymous.allSatisfy { [200, 429].contains($0.status) })
            let keyed = try await RaceTests.all(300) { _ in try await system.api.get(path) }
            #expect(keyed.allSatisfy { $0.status == 200 })
        }
    }

    /// A slug as a gateway makes it, that no link has.
    private static func mintSlug(_ system: TestSystem) -> String {
        var generator = SystemRandomNumberGenerator()
        return AcceptedIdentifiers(digestKey: system.digestKey).mintSlug(using: &generator).string
    }
}
