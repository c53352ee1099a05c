import PaymentLinks
import Storage
import Testing
import TestSupport

/// Numbers keep every digit on their way through the system, or are refused by name.
@Suite struct ExactNumberTests {
    @Test func `a number that a wallet cannot hold exactly funds nothing`() async throws {
        try await TestSystem.run([]) { system, _ in
            let wallet = try await system.makeWallet()
            let usdc = try await system.makeWallet(currency: .usdc)
            for amount in ["19.98999999999999999999", "0.000001", "1e-3", "1e999"] {
                let answer = try await system.api.post(
                    "/v1/sandbox/fund", #"{"walletId":"\#(wallet)","amount":\#(amount)}"#)
                #expect(answer.status == 400 && answer.errorCode == "INVALID_AMOUNT", "\(amount): \(answer.text)")
            }
            #expect(try await system.balance(of: wallet) == ("0.00", "0.00"))
            for amount in ["0.000001", "1E-6", "1e2", "19.99"] {
                let answer = try await system.api.post(
                    "/v1/sandbox/fund", #"{"walletId":"\#(usdc)","amount":\#(amount)}"#)
                #expect(answer.status == 200, "\(amount): \(answer.text)")
            }
            #expect(try await system.balance(of: usdc) == ("119.990002", "0.00"))
        }
    }

    @Test func `metadata numbers keep their digits, and another number is another request`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let wallet = try await system.makeWallet()
            let longest = String(repeating: "9", count: 64)
            let numbers = ["12345678901234567890", "0.1234567890123456789", "-1e20", "1.50", longest]
            let spelt = ["12345678901234567890", "0.1234567890123456789", "-100000000000000000000", "1.5", longest]
            let members = numbers.enumerated().map { "\"n\($0.offset)\":\($0.element)" }.joined(separator: ",")
            let link = try await system.makeLink(to: wallet, #""metadata":{\#(members)},"idempotencyKey":"k""#)
            let read = try await system.api.get("/v1/payment-links/\(link.id)").text
            for (index, number) in spelt.enumerated() {
                #expect(read.replacing(" ", with: "").contains("\"n\(index)\":\(number)"), "\(number): \(read)")
            }
            let other = members.replacing("12345678901234567890", with: "12345678901234567891")
            let body =
                #"{"walletId":"\#(wallet)","amount":"10.00","metadata":{\#(other)},"idempotencyKey":"k"}"#
            #expect(try await system.api.post("/v1/payment-links", body).errorCode == "IDEMPOTENCY_KEY_REUSE")
            let same = body.replacing(other, with: members.replacing("1.50", with: "1.5"))
            let again = try await system.api.post("/v1/payment-links", same)
            #expect(again.status == 201 && again.header("idempotent-replayed") == "true", "\(again.text)")
        }
    }
}
