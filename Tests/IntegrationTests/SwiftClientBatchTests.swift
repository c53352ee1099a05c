import Foundation
import PaylinksClient
import Testing
import TestSupport

/// The Swift client's batches, and what it administers, against a whole system.
@Suite struct SwiftClientBatchTests {
    @Test func `thousands of links are made and paid by the client, one wrong line harming no other`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let payee = try await client.wallets.create(NewWallet(name: "Payee"))
            let payer = try await client.wallets.create(NewWallet(name: "Payer"))
            _ = try await client.wallets.fund(payer.id, amount: "9000.00")
            let lines = (0..<3_000).map { number in
                NewLinkLine(
                    NewPaymentLink(
                        walletId: payee.id, amount: number == 1_500 ? "-1" : "1.00",
                        metadata: ["number": .number(Double(number))]))
            }
            var claims: [NewClaimLine] = []
            for try await result in client.paymentLinks.createBatch(lines) {
                switch result.outcome {
                case .success(let creation):
                    let link = try #require(creation.link)
                    #expect(link.metadata["number"] == .number(Double(result.index)))
                    claims.append(NewClaimLine(slug: link.slug, NewClaim(from: .wallet(id: payer.id))))
                case .failure(let refusal):
                    #expect(result.index == 1_500 && refusal.kind == .validation)
                }
            }
            #expect(claims.count == 2_999)
            var slugs: [String] = []
            for try await result in client.paymentLinks.claimBatch(claims) {
                let claim = try result.get()
                #expect(claim.status == .settled && !result.isReplayed)
                slugs.append(claim.slug)
            }
            #expect(slugs == claims.map(\.slug))
            #expect(try await client.wallets.balance(of: payee.id).available == "2999.00")
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `lines that are sent again under their keys are done once`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let payee = try await client.wallets.create(NewWallet(name: "Payee"))
            let lines = (1...3).map {
                NewLinkLine(NewPaymentLink(walletId: payee.id, amount: "\($0).00"), idempotencyKey: "line-\($0)")
            }
            for isReplayed in [false, true] {
                let results = try await client.paymentLinks.createBatch(lines).reduce(into: []) { $0.append($1) }
                #expect(results.allSatisfy { $0.status == 201 && $0.isReplayed == isReplayed })
            }
            #expect(try await client.paymentLinks.list(walletId: payee.id).data.count == 3)
        }
    }

    @Test func `fields are changed, kept and cleared by name`() async throws {
        try await TestSystem.run([]) { system, _ in
            let client = system.client
            let wallet = try await client.wallets.create(NewWallet(name: "A", agentName: "Ada"))
            #expect(try await client.wallets.update(wallet.id, WalletChanges(name: "B")).agentName == "Ada")
            let renamed = try await client.wallets.update(wallet.id, WalletChanges(agentName: .set("Eve")))
            #expect(renamed.agentName == "Eve")
            let cleared = try await client.wallets.update(wallet.id, WalletChanges(agentName: .clear))
            #expect(cleared.agentName == nil && cleared.name == "B")
            let key = try await client.apiKeys.create(
                NewAPIKey(name: "Till", permissions: ["payments:read"], environment: .sandbox, rateLimit: 7))
            #expect(key.rateLimit == 7)
            let changed = try await client.apiKeys.update(
                key.id, APIKeyChanges(name: "Till 2", permissions: ["wallets:read"]))
            #expect(changed.name == "Till 2" && changed.permissions == ["wallets:read"] && changed.rateLimit == 7)
            #expect(try await client.apiKeys.update(key.id, APIKeyChanges(rateLimit: .set(9))).rateLimit == 9)
            #expect(try await client.apiKeys.update(key.id, APIKeyChanges(rateLimit: .clear)).rateLimit == nil)
            let hook = try await client.webhooks.create(url: "http://127.0.0.1:9/hook", description: "Till")
            #expect(try await client.webhooks.update(hook.id, WebhookChanges(enabled: false)).description == "Till")
            #expect(try await client.webhooks.update(hook.id, WebhookChanges(description: .clear)).description == nil)
        }
    }

    @Test func `a dead letter is listed, sent again, replayed, redelivered and discarded by the client`() async throws {
        let schedule = ["PAYLINKS_WEBHOOK_SCHEDULE": "0s,100ms"]
        try await TestSystem.run([.claimWorker, .webhookWorker], settings: schedule) { system, _ in
            let webhooks = system.client.webhooks
            let receiver = try await WebhookReceiver.start { $0 < 4 ? .init(500) : .init(204) }
            let start = Date.now.addingTimeInterval(-60)
            let hook = try await webhooks.create(NewWebhook(url: receiver.url, events: ["payment_link.created"]))
            let wallet = try await system.client.wallets.create(NewWallet(name: "Payee"))
            for _ in 0..<2 {
                _ = try await system.client.paymentLinks.create(NewPaymentLink(walletId: wallet.id, amount: "1.00"))
            }
            #expect(try await eventually { try await webhooks.deadDeliveries().data.count == 2 })
            let page = try await webhooks.deadDeliveries(limit: 1)
            #expect(page.hasMore && page.data.count == 1)
            let dead = page.data[0]
            let second = try #require(try await webhooks.deadDeliveries(limit: 1, offset: 1).data.first)
            #expect(dead.webhookId == hook.id && dead.attempts == 2 && dead.statusCode == 500 && dead.id != second.id)
            #expect(dead.payload?.event == "payment_link.created" && dead.payload?.id == dead.eventId)
            #expect(try await webhooks.discardDead(second.id).status == "FAILED")
            #expect(try await webhooks.retryDead(dead.id).status == "PENDING")
            #expect(try await eventually { receiver.received.count == 5 })
            #expect(try await eventually { try await webhooks.deadDeliveries().data.isEmpty })
            #expect(try await webhooks.redeliver(dead.id, of: hook.id).status == "PENDING")
            #expect(try await eventually { receiver.received.count == 6 })
            #expect(try await webhooks.replay(hook.id, since: start).replayed == 2)
            #expect(try await eventually { receiver.received.count == 8 })
            #expect(try await webhooks.test(hook.id).delivered)
            let statuses = try await webhooks.deliveries(of: hook.id).reduce(into: Set()) { $0.insert($1.status) }
            #expect(statuses.contains("DELIVERED"))
            await receiver.stop()
        }
    }
}
