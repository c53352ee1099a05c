import Foundation
import PaylinksClient
import Testing
import TestSupport

/// A payment from end to end, by each rail, as an integrator sees it: everything through the Swift client.
@Suite struct SwiftClientRailTests {
    private static let accounts: [(ClaimMethod, PayerAccount)] = [
        (.wallet, .wallet(id: "")),
        (.ach, .ach(routingNumber: "021000021", accountNumber: "1234567890", accountName: "Acme Corp")),
        (.usdc, .usdc(address: "0x00000000000000000000000000000000000000aa", chain: "base")),
    ]

    @Test(arguments: accounts)
    func `a link is created, claimed and settled, and its owner is told`(
        method: ClaimMethod, account: PayerAccount
    ) async throws {
        try await TestSystem.run([.claimWorker, .settlementWorker, .webhookWorker]) { system, _ in
            let client = system.client
            let receiver = try await WebhookReceiver.start()
            let hook = try await client.webhooks.create(
                url: receiver.url, events: ["payment_link.claimed", "payment_link.settled"])
            let payee = try await client.wallets.create(NewWallet(name: "Payee"))
            let payer = try await client.wallets.create(NewWallet(name: "Payer"))
            _ = try await client.wallets.fund(payer.id, amount: "20.00")
            let link = try #require(
                try await client.paymentLinks.create(NewPaymentLink(walletId: payee.id, amount: "12.50")).link)

            let from = method == .wallet ? PayerAccount.wallet(id: payer.id) : account
            let claim = try await client.paymentLinks.claim(slug: link.slug, NewClaim(from: from))
            #expect(claim.method == method && claim.amount == "12.50")
            #expect(claim.link.status == (method == .usdc ? .active : .claimed))
            #expect((claim.instructions != nil) == (method == .usdc))
            let isSettled = try await eventually {
                try await client.paymentLinks.claim(slug: link.slug, id: claim.claimId).status == .settled
            }
            #expect(isSettled)
            #expect(try await client.paymentLinks.get(link.id).link?.claim?.claimId == claim.claimId)
            #expect(try await client.wallets.balance(of: payee.id).available == "12.50")
            #expect(try await client.wallets.balance(of: payer.id).available == (method == .wallet ? "7.50" : "20.00"))
            let transaction = try await client.transactions.get(try #require(claim.transactionId))
            #expect(transaction.status == "POSTED" && transaction.claimId == claim.claimId)

            let told: Set = ["payment_link.claimed", "payment_link.settled"]
            #expect(try await eventually { receiver.received.count == told.count })
            let verifier = WebhookVerifier(secret: try #require(hook.secret))
            let events = try receiver.received.map { try verifier.event(from: Data($0.body), headers: $0.headers) }
            #expect(Set(events.map(\.event)) == told)
            #expect(events.allSatisfy { $0.data["claimId"].string == claim.claimId })
            #expect(try await system.breaches() == [])
            await receiver.stop()
        }
    }
}
