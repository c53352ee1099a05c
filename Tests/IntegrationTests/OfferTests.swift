import Jobs
import PaymentLinks
import PrivateServers
import RabbitMQ
import Testing
import TestSupport

/// A claim by USDC is an offer: it costs its maker nothing, and prevents no one from paying.
@Suite(.timeLimit(.minutes(5))) struct OfferTests {
    private static let neverPays = TestSystem.usdcClaim(address: "0x000000000000000000000000000000000000dead")

    private static func read(_ claim: API.Answer, on link: TestSystem.Link, _ system: TestSystem) async throws
        -> JSONValue
    {
        let id = try #require(claim.json["claimId"].string)
        return try await system.api.with(key: nil).get("/v1/payment-links/claim/\(link.slug)/claims/\(id)").json
    }

    private static func outcome(
        _ kind: SettlementOutcome.Kind, of claim: API.Answer, units: Int64? = nil, _ system: TestSystem
    ) throws -> OutgoingMessage {
        let id = try #require(claim.json["claimId"].string.flatMap { ClaimID($0) })
        return system.topology.message(
            SettlementOutcome(
                settlementId: id, kind: kind, code: nil, reason: nil, reference: "\(id):0", occurredAt: .now(),
                baseUnits: units))
    }

    @Test func `a claim by USDC that never pays locks nothing: another payer pays, and the payee can cancel`()
        async throws
    {
        try await TestSystem.run { system, _ in
            let (payer, payee) = (try await system.makeWallet(funds: 100_000), try await system.makeWallet())
            let links = [try await system.makeLink(to: payee), try await system.makeLink(to: payee)]
            for link in links {
                let offer = try await system.api.with(key: nil).post(link.claimPath, Self.neverPays)
                #expect(offer.status == 200 && offer.json["status"].string == "AWAITING_PAYMENT", "\(offer.text)")
                #expect(offer.json["link"]["status"].string == "ACTIVE")
                #expect(offer.json["instructions"]["payBefore"].string != nil)
                #expect(try await system.api.get("/v1/payment-links/\(link.id)").json["claim"] == .null)
            }
            let paid = try await system.api.post(links[0].claimPath, TestSystem.walletClaim(payer))
            #expect(paid.status == 200 && paid.json["status"].string == "SETTLED")
            #expect(try await system.api.patch("/v1/payment-links/\(links[1].id)").status == 200)
            #expect(try await system.isDrained())
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.claimed'") == 1)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `the first offer whose payment is seen takes the link and is pending; the other's money is kept`()
        async throws
    {
        try await TestSystem.run([.claimWorker, .claimWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let first = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            let second = try await system.api.post(link.claimPath, Self.neverPays)
            try await system.publish([Self.outcome(.submitted, of: second, system)])
            #expect(try await eventually { try await system.balance(of: payee) == ("0.00", "10.00") })
            #expect(try await Self.read(second, on: link, system)["status"].string == "PENDING")
            #expect(try await system.api.get("/v1/payment-links/\(link.id)").json["status"].string == "CLAIMED")
            let late = try await system.api.with(key: nil).post(link.claimPath, TestSystem.achClaim())
            #expect(late.errorCode == "LINK_ALREADY_CLAIMED" && late.text.contains("is being paid"), "\(late.text)")
            for _ in 0..<2 {
                for claim in [first, second] { try await system.publish([Self.outcome(.settled, of: claim, system)]) }
            }
            #expect(try await eventually { try await system.balance(of: payee) == ("10.00", "0.00") })
            #expect(try await eventually { try await system.number("SELECT count(*) FROM suspense") == 1 })
            #expect(try await system.isDrained([system.topology.outcomeQueue]))
            let paid = try await system.api.with(key: nil).post(link.claimPath, TestSystem.achClaim(account: "5551"))
            #expect(paid.text.contains("has been paid"), "\(paid.text)")
            #expect(try await Self.read(first, on: link, system)["failure"]["code"].string == "UNMATCHED")
            #expect(try await system.number("SELECT count(*) FROM events WHERE type = 'payment_link.claimed'") == 1)
            #expect(try await system.number("SELECT count(*) FROM suspense WHERE label = 'UNMATCHED'") == 1)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `an offer expires at payBefore, and its money is late`() async throws {
        let settings = ["PAYLINKS_OFFER_LIFETIME": "1s", "PAYLINKS_EXPIRY_MAX_SLEEP": "20ms"]
        try await TestSystem.run([.claimWorker, .expiryWorker], settings: settings) { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            #expect(try await eventually { try await Self.read(offer, on: link, system)["status"].string == "EXPIRED" })
            #expect(
                try await eventually {
                    try await system.number("SELECT count(*) FROM claims WHERE status = 'EXPIRED'") == 1
                })
            try await system.publish([Self.outcome(.settled, of: offer, system)])
            #expect(
                try await eventually {
                    try await system.number("SELECT count(*) FROM suspense WHERE label = 'LATE'") == 1
                })
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            let again = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            #expect(again.status == 200 && again.json["claimId"] != offer.json["claimId"])
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `payBefore is never after the link's end`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let end = Timestamp.now().advanced(by: .seconds(600)).iso8601
            let link = try await system.makeLink(to: try await system.makeWallet(), #""expiresAt":"\#(end)""#)
            let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            #expect(offer.json["instructions"]["payBefore"].string == end, "\(offer.text)")
        }
    }

    @Test func `an equal offer without a key is answered with the open one, and 17 offers leave 16 open`() async throws
    {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let first = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            let again = try await system.api.post(link.claimPath, TestSystem.usdcClaim())
            #expect(again.text == first.text && again.header("idempotent-replayed") == "true")
            for number in 10..<26 {
                let address = "0x00000000000000000000000000000000000000\(number)"
                let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim(address: address))
                #expect(offer.status == 200)
            }
            #expect(try await system.number("SELECT count(*) FROM offers WHERE displaced_at IS NULL") == 16)
            // The displaced offer's money still wins.
            try await system.publish([Self.outcome(.settled, of: first, system)])
            #expect(try await eventually { try await Self.read(first, on: link, system)["status"].string == "SETTLED" })
            #expect(try await system.breaches() == [])
        }
    }

    @Test(
        arguments: [
            ("dead", "AWAITING_PAYMENT", nil, "0.00"), ("0bad", "AWAITING_PAYMENT", "UNDERPAID", "0.00"),
            ("face", "SETTLED", "OVERPAID", "10.00"),
        ] as [(String, String, String?, String)])
    func `the sandbox's scripts of addresses never pay, underpay, and overpay`(
        ending: String, status: String, label: String?, available: String
    ) async throws {
        try await TestSystem.run { system, _ in
            let payee = try await system.makeWallet()
            let link = try await system.makeLink(to: payee)
            let address = "0x000000000000000000000000000000000000\(ending)"
            let offer = try await system.api.post(link.claimPath, TestSystem.usdcClaim(address: address))
            if let label {
                let count = "SELECT count(*) FROM suspense WHERE label = '\(label)' AND amount = 5000000"
                #expect(try await eventually { try await system.number(count) == 1 })
            }
            #expect(try await system.isDrained())
            #expect(try await Self.read(offer, on: link, system)["status"].string == status)
            #expect(try await system.balance(of: payee) == (available, "0.00"))
            #expect(try await system.number("SELECT count(*) FROM suspense") == (label == nil ? 0 : 1))
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `two equal offers of two payees are told apart, and each payment reaches its own link`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payees = [try await system.makeWallet("A"), try await system.makeWallet("B")]
            let links = [try await system.makeLink(to: payees[0]), try await system.makeLink(to: payees[1])]
            let first = try await system.api.post(links[0].claimPath, TestSystem.usdcClaim())
            let second = try await system.api.post(links[1].claimPath, TestSystem.usdcClaim())
            #expect(first.json["claimId"] != second.json["claimId"])
            try await system.publish([Self.outcome(.settled, of: second, system)])
            #expect(try await eventually { try await system.balance(of: payees[1]).available == "10.00" })
            #expect(try await system.balance(of: payees[0]) == ("0.00", "0.00"))
            #expect(try await system.api.get("/v1/payment-links/\(links[0].id)").json["status"].string == "ACTIVE")
        }
    }
}
