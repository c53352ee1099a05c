import Jobs
import PaymentLinks
import Postgres
import PrivateServers
import Testing
import TestSupport

/// The public guide's examples, as its reader would send them.
@Suite struct GuideTests {
    @Test func `a link is created, listed, shown to the payer, and cancelled`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let created = try await system.api.post(
                "/v1/payment-links",
                #"""
                {"walletId":"\#(wallet)","amount":"150.00","currency":"USD",
                 "description":"Payment for data analysis services","expiresAt":"2030-04-01T00:00:00Z",
                 "metadata":{"order":"A-1","items":3,"gift":false}}
                """#)
            #expect(created.status == 201)
            let link = created.json
            #expect(link["status"].string == "ACTIVE")
            #expect(link["amount"].string == "150.00")
            #expect(link["expiresAt"].string == "2030-04-01T00:00:00.000Z")
            #expect(link["metadata"]["items"].number == 3)
            #expect(link["claim"] == .null)
            #expect(link.names.isSuperset(of: ["claimedAt", "cancelledAt", "expiredAt", "recipientRestrictions"]))
            let id = try #require(link["id"].string)
            let slug = try #require(link["slug"].string)
            #expect(created.header("location")?.hasSuffix("/v1/payment-links/\(id)") == true)

            let list = try await system.api.get("/v1/payment-links?walletId=\(wallet)&status=ACTIVE&limit=20")
            #expect(list.json["data"].elements.map { $0["id"].string } == [id])
            #expect(list.json["hasMore"].boolean == false)
            #expect(list.json["cursor"] == .null)

            let details = try await system.api.with(key: nil).get("/v1/payment-links/claim/\(slug)")
            #expect(details.status == 200)
            #expect(
                details.json.names == [
                    "slug", "amount", "currency", "description", "status", "expiresAt", "payee", "acceptedMethods",
                    "restricted",
                ])
            #expect(details.json["payee"].string == "Test Payee")

            let cancelled = try await system.api.patch("/v1/payment-links/\(id)")
            #expect(cancelled.status == 200)
            #expect(cancelled.json["status"].string == "CANCELLED")
            let again = try await system.api.patch("/v1/payment-links/\(id)", #"{"status":"CANCELLED"}"#)
            #expect(again.status == 200)
            let claim = try await system.api.with(key: nil).post(
                "/v1/payment-links/claim/\(slug)/claim", TestSystem.achClaim())
            #expect(claim.status == 409)
            #expect(claim.errorCode == "LINK_CANCELLED")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a wallet claim moves both balances at once`() async throws {
        try await TestSystem.run { system, _ in
            let payer = try await system.makeWallet("Payer", funds: 20_000)
            let payee = try await system.makeWallet("Payee")
            let link = try await system.makeLink(to: payee, amount: "150.00")
            let claim = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            #expect(claim.status == 200)
            #expect(claim.json["status"].string == "SETTLED")
            #expect(claim.json["link"]["status"].string == "CLAIMED")
            #expect(claim.json["transactionId"].string?.hasPrefix("txn_") == true)
            #expect(try await system.balance(of: payer) == ("50.00", "0.00"))
            #expect(try await system.balance(of: payee) == ("150.00", "0.00"))
            let shown = try await system.api.get("/v1/payment-links/\(link.id)")
            #expect(shown.json["claim"]["claimId"] == claim.json["claimId"])
            #expect(try await system.breaches() == [])
        }
    }

    @Test(arguments: ["ach", "usdc"])
    func `a rail's claim waits for its money, and settles through the simulator`(method: String) async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let payee = try await system.makeWallet("Payee")
            let link = try await system.makeLink(to: payee, amount: "150.00")
            let body = method == "ach" ? TestSystem.achClaim() : TestSystem.usdcClaim()
            let claim = try await system.api.with(key: nil).post(link.claimPath, body)
            #expect(claim.status == 200)
            #expect(claim.json["status"].string == (method == "ach" ? "PENDING" : "AWAITING_PAYMENT"))
            #expect(claim.json["link"]["status"].string == (method == "ach" ? "CLAIMED" : "ACTIVE"))
            #expect(try await system.balance(of: payee) == ("0.00", method == "ach" ? "150.00" : "0.00"))
            if method == "usdc" {
                let instructions = claim.json["instructions"]
                #expect(instructions["chainId"].number == 1)
                #expect(instructions["amountBaseUnits"].string == "150000000")
                #expect(
                    instructions["paymentUri"].string?.hasPrefix(
                        "ethereum:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48@1/transfer?address=") == true)
            } else {
                #expect(claim.json["instructions"] == .null)
            }
            let worker = try await system.start(.settlementWorker)
            let claimId = try #require(claim.json["claimId"].string)
            let settled = try await eventually {
                let shown = try await system.api.with(key: nil).get(
                    "/v1/payment-links/claim/\(link.slug)/claims/\(claimId)")
                return shown.json["status"].string == "SETTLED" && shown.json["settledAt"].string != nil
            }
            #expect(settled)
            #expect(try await system.balance(of: payee) == ("150.00", "0.00"))
            #expect(try await system.breaches() == [])
            await worker.kill()
        }
    }

    @Test func `a returned ACH payment opens the link again and takes the money back`() async throws {
        try await TestSystem.run { system, _ in
            let payee = try await system.makeWallet("Payee")
            let link = try await system.makeLink(to: payee, amount: "150.00")
            let claim = try await system.api.post(link.claimPath, TestSystem.achClaim(account: "9870001"))
            #expect(claim.status == 200)
            let reopened = try await eventually {
                try await system.api.get("/v1/payment-links/\(link.id)").json["status"].string == "ACTIVE"
            }
            #expect(reopened)
            #expect(try await system.balance(of: payee) == ("0.00", "0.00"))
            let failed = try await system.rows("SELECT body FROM events WHERE type = 'payment_link.claim_failed'")
            #expect(try failed.first?.text(0).contains("R01") == true)
            let again = try await system.api.post(link.claimPath, TestSystem.achClaim())
            #expect(again.status == 200)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `USDC into a dollar wallet is exchanged at par, and each currency still sums to zero`() async throws {
        try await TestSystem.run { system, _ in
            let payer = try await system.makeWallet("Payer", currency: .usdc, funds: 25_000_000)
            let payee = try await system.makeWallet("Payee")
            let link = try await system.makeLink(to: payee, amount: "12.34", currency: "USDC")
            let claim = try await system.api.post(link.claimPath, TestSystem.walletClaim(payer))
            #expect(claim.status == 200)
            #expect(try await system.balance(of: payer).available == "12.66")
            #expect(try await system.balance(of: payee).available == "12.34")
            #expect(try await system.breaches() == [])
        }
    }
}
