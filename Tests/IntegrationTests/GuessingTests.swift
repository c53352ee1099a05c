import PaymentLinks
import Postgres
import Testing
import TestSupport

/// Callers who ask again and again to find out what another caller sent, or whom a link is for.
@Suite struct GuessingTests {
    private static func account(_ number: Int) -> String { TestSystem.achClaim(account: "\(1_234_500 + number)") }

    @Test func `a winner's account number cannot be guessed, and those who race for a link are never 429`() async throws
    {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let payer = system.api.with(key: nil)
            let won = try await payer.post(link.claimPath, Self.account(0))
            #expect(won.status == 200)
            let again = try await payer.post(link.claimPath, Self.account(0))
            #expect(again.text == won.text && again.header("idempotent-replayed") == "true")
            let racers = try await RaceTests.all(40) { try await payer.post(link.claimPath, Self.account($0 + 1)) }
            #expect(racers.allSatisfy { $0.status == 409 && $0.errorCode == "LINK_ALREADY_CLAIMED" })
            for headers in StrangerTests.ways {
                let equal = try await payer.post(link.claimPath, Self.account(0), headers: headers)
                #expect(equal.status == 409 && equal.text == racers[0].text, "\(equal.text)")
            }
            let batch = try await system.api.batch(
                "/v1/payment-links/claims/batch", [0, 1].map { BatchTests.claim(Self.account($0), on: link.slug) })
            #expect(batch.lines.map(\.status) == [409, 409])
            #expect(Set(batch.lines.map(\.body)).count == 1)
            #expect(try await system.number("SELECT differing_claims::bigint FROM payment_links") == 8)
        }
    }

    @Test func `a retry without a key gets the winner's outcome for 15 minutes, and with its key after that as well`()
        async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let (link, keyed) = (try await system.makeLink(to: payee), try await system.makeLink(to: payee))
            let key = ["idempotency-key": "payer's own"]
            let payer = system.api.with(key: nil)
            let won = try await payer.post(link.claimPath, Self.account(0))
            let wonWithKey = try await payer.post(keyed.claimPath, Self.account(0), headers: key)
            try await Self.makeOlder(by: 840, system)
            #expect(try await payer.post(link.claimPath, Self.account(0)).text == won.text)
            try await Self.makeOlder(by: 60, system)
            let late = try await payer.post(link.claimPath, Self.account(0))
            #expect(late.status == 409 && late.errorCode == "LINK_ALREADY_CLAIMED", "\(late.text)")
            let repeated = try await payer.post(keyed.claimPath, Self.account(0), headers: key)
            #expect(repeated.status == 200 && repeated.text == wonWithKey.text)
        }
    }

    private static func makeOlder(by seconds: Int, _ system: TestSystem) async throws {
        _ = try await system.rows(
            "UPDATE payment_links SET claimed_at = claimed_at - $1::bigint * interval '1 second'",
            [.int64(Int64(seconds))])
    }

    @Test func `a restricted link tells a caller who cannot pay nothing of its recipient`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let (payee, payer) = (try await system.makeWallet(), try await system.makeWallet(funds: 100_000))
            let poor = try await system.makeWallet(allowsPublicClaims: true)
            let link = try await system.makeLink(to: payee, #""recipientRestrictions":{"emails":["kim@example.com"]}"#)
            for (wallet, status) in [(payer, 401), (WalletID.mint(at: .now()), 401), (poor, 402)] {
                let answers = try await RaceTests.all(2) { index in
                    let email = ["kim@example.com", "other@example.com"][index]
                    return try await system.api.with(key: nil).post(
                        link.claimPath, TestSystem.walletClaim(wallet, email: email))
                }
                #expect(answers.map(\.status) == [status, status] && answers[0].text == answers[1].text)
            }
            let kelvin = try await system.api.post(
                link.claimPath, TestSystem.walletClaim(payer, email: "\u{212A}im@example.com"))
            #expect(kelvin.status == 403 && kelvin.errorCode == "RECIPIENT_NOT_ALLOWED", "\(kelvin.text)")
            let right = try await system.api.post(
                link.claimPath, TestSystem.walletClaim(payer, email: "KIM@example.com"))
            #expect(right.status == 200, "\(right.text)")
        }
    }

    @Test func `another organization's wallet and one that does not exist have one answer`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let foreign = try await system.makeWallet(funds: 1_000, of: try await system.makeOrganization())
            for key in [system.api.key, nil] {
                let api = system.api.with(key: key)
                let wallets = [foreign, WalletID.mint(at: .now())]
                let answers = try await RaceTests.all(2) {
                    try await api.post(link.claimPath, TestSystem.walletClaim(wallets[$0]))
                }
                #expect(answers.map(\.status) == [401, 401] && answers[0].text == answers[1].text)
            }
        }
    }

    @Test func `one caller's tries for a recipient are bounded on every way, and hold up no other caller`() async throws
    {
        let settings = ["PAYLINKS_HTTP_TRUSTED_PROXIES": "127.0.0.0/8"]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee, #""recipientRestrictions":{"emails":["kim@example.com"]}"#)
            func claim(_ email: String, from address: String, _ way: [String: String] = [:]) async throws -> API.Answer
            {
                let body = TestSystem.achClaim().replacing("payer@example.com", with: email)
                let headers = way.merging(["x-forwarded-for": address]) { $1 }
                return try await system.api.with(key: nil).post(link.claimPath, body, headers: headers)
            }
            for number in 0..<16 {
                let wrong = try await claim("k\(number)@example.com", from: "192.0.2.1", StrangerTests.ways[number % 2])
                #expect(wrong.status == 403 && wrong.errorCode == "RECIPIENT_NOT_ALLOWED", "\(wrong.text)")
            }
            for way in StrangerTests.ways {
                let late = try await claim("kim@example.com", from: "192.0.2.1", way)
                #expect(late.status == 429 && late.errorCode == "RATE_LIMIT_EXCEEDED", "\(late.text)")
            }
            let lines = (0..<17).map { number in
                BatchTests.claim(
                    TestSystem.achClaim().replacing("payer@example.com", with: "k\(number)@example.com"), on: link.slug)
            }
            let first = try await system.api.batch("/v1/payment-links/claims/batch", lines)
            #expect(first.lines.allSatisfy { $0.status == 403 }, "they were sent before any was answered")
            let second = try await system.api.batch("/v1/payment-links/claims/batch", lines)
            #expect(second.lines.allSatisfy { $0.status == 429 }, "\(second.answer.text)")
            let right = try await claim("kim@example.com", from: "192.0.2.2")
            #expect(right.status == 200, "\(right.text)")
        }
    }
}
