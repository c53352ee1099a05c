import PaymentLinks
import Storage
import Testing
import TestSupport

/// What refusals say to the one who reads them.
@Suite struct MessageTests {
    @Test func `a wrong email address is told apart from none`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let restriction = #""recipientRestrictions":{"emails":["payer@example.com"]}"#
            let link = try await system.makeLink(to: try await system.makeWallet(), restriction)
            let wrong = TestSystem.achClaim().replacing("payer@example.com", with: "other@example.com")
            let none = TestSystem.achClaim().replacing(#","recipientEmail":"payer@example.com""#, with: "")
            let (refused, missing) = (
                try await system.api.post(link.claimPath, wrong), try await system.api.post(link.claimPath, none)
            )
            #expect(refused.errorCode == "RECIPIENT_NOT_ALLOWED" && missing.errorCode == "RECIPIENT_NOT_ALLOWED")
            #expect(refused.text.contains("cannot be paid with this recipientEmail"))
            #expect(missing.text.contains("send yours as recipientEmail"))
            #expect(!refused.text.contains("payer@example.com") && !refused.text.contains("send yours"))
        }
    }

    @Test func `a creator whose amount has too many decimals reads what a creator can do`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet(currency: .usd)
            let answer = try await system.api.post(
                "/v1/payment-links", #"{"walletId":"\#(wallet)","amount":"0.123456","currency":"USDC"}"#)
            #expect(answer.status == 422 && answer.errorCode == "AMOUNT_NOT_REPRESENTABLE")
            #expect(answer.text.contains("at most 2 decimals") && !answer.text.contains("pay with another method"))
        }
    }

    @Test func `posting to a link's own address is answered with the way to claim it`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let link = try await system.makeLink(to: try await system.makeWallet())
            let answer = try await system.api.post("/v1/payment-links/claim/\(link.slug)", TestSystem.achClaim())
            #expect(answer.status == 405 && answer.text.contains("followed by /claim"))
            #expect(answer.header("allow") == "GET, HEAD")
        }
    }
}
