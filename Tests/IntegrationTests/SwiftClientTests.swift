import Foundation
import PaylinksClient
import Testing
import TestSupport

/// The Swift client against a whole system: the guide's story, and everything around it.
@Suite struct SwiftClientTests {
    @Test func `the guide's story, told by the client`() async throws {
        try await TestSystem.run { system, _ in
            let (client, payer) = (system.client, PaylinksClient(baseURL: system.api.baseURL))
            let wallet = try await client.wallets.create(NewWallet(name: "Agent", agentName: "Ada"))
            let creation = try await client.paymentLinks.create(
                NewPaymentLink(
                    walletId: wallet.id, amount: "150.00", currency: .usd,
                    description: "Payment for data analysis services",
                    expiresAt: Date(timeIntervalSince1970: 2_000_000_000.5), metadata: ["order": "A-1", "items": 3]))
            let link = try #require(creation.link)
            #expect(link.status == .active && link.metadata == ["order": "A-1", "items": 3])
            #expect(link.expiresAt?.timeIntervalSince1970 == 2_000_000_000.5)
            #expect(try await client.paymentLinks.list(walletId: wallet.id, status: .active, limit: 20).data == [link])

            let details = try await payer.paymentLinks.details(slug: link.slug)
            #expect(details.amount == "150.00" && details.payee == "Test Payee")
            let account = PayerAccount.ach(
                routingNumber: "021000021", accountNumber: "1234567890", accountName: "Acme Corp")
            let promise = try await payer.paymentLinks.claim(
                slug: link.slug, NewClaim(from: account, recipientEmail: "payer@example.com"), wait: .zero)
            #expect(promise.status == .processing)
            let claim = try await payer.paymentLinks.claim(slug: link.slug, id: promise.claimId, wait: .seconds(20))
            #expect(claim.method == .ach && claim.amount == "150.00" && claim.link.status == .claimed)
            let isSettled = try await eventually {
                try await client.wallets.balance(of: wallet.id).available == "150.00"
            }
            #expect(isSettled)
            let holds = try await client.wallets.holds(of: wallet.id).reduce(into: []) { $0.append($1) }
            #expect(holds.map(\.claimId) == [claim.claimId])
            let transaction = try await client.transactions.get(try #require(claim.transactionId))
            #expect(transaction.status == "POSTED" && transaction.claimId == claim.claimId)
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `wallet and USDC claims, cancelling, and what a payer is refused`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let (payee, source) = (
                try await client.wallets.create(NewWallet(name: "Payee")),
                try await client.wallets.create(NewWallet(name: "Payer"))
            )
            #expect(try await client.wallets.fund(source.id, amount: "20.00").newBalance == "20.00")
            let links = try await Self.links(3, to: payee.id, client)
            let fromWallet = NewClaim(from: .wallet(id: source.id))
            let paid = try await client.paymentLinks.claim(slug: links[0].slug, fromWallet)
            #expect(paid.status == .settled)
            let usdc = NewClaim(from: .usdc(address: "0x00000000000000000000000000000000000000aa", chain: "base"))
            #expect(try await client.paymentLinks.claim(slug: links[1].slug, usdc).instructions?.chainId == 8453)
            #expect(try await client.paymentLinks.cancel(links[2].id).status == .cancelled)
            let late = await #expect(throws: PaylinksError.self) {
                try await client.paymentLinks.claim(slug: links[2].slug, fromWallet)
            }
            #expect(late?.refusal?.kind == .conflict && late?.refusal?.code == "LINK_CANCELLED")
            let stranger = PaylinksClient(baseURL: system.api.baseURL)
            let other = try await Self.links(1, to: payee.id, client)[0]
            let theft = await #expect(throws: PaylinksError.self) {
                try await stranger.paymentLinks.claim(slug: other.slug, fromWallet)
            }
            #expect(theft?.refusal?.kind == .authentication)
            let walked = try await client.paymentLinks.all(walletId: payee.id, pageSize: 2).reduce(into: []) {
                $0.append($1.id)
            }
            #expect(walked == [other.id] + links.map(\.id).reversed())
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a claim that is sent twice under one key is done once`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let payer = try await client.wallets.create(NewWallet(name: "Payer"))
            _ = try await client.wallets.fund(payer.id, amount: "50.00")
            let payee = try await client.wallets.create(NewWallet(name: "Payee"))
            let link = try await Self.links(1, to: payee.id, client)[0]
            let claim = NewClaim(from: .wallet(id: payer.id))
            let first = try await client.paymentLinks.claim(slug: link.slug, claim, idempotencyKey: "once")
            let second = try await client.paymentLinks.claim(slug: link.slug, claim, idempotencyKey: "once")
            #expect(first.status == .settled && second.claimId == first.claimId)
            #expect(try await client.wallets.balance(of: payee.id).available == link.amount)
            #expect(try await system.number("SELECT count(*) FROM claims") == 1)
        }
    }

    @Test func `a link is changed: what is not given stays, and nil removes`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let payee = try await client.wallets.create(NewWallet(name: "Payee"))
            let new = NewPaymentLink(
                walletId: payee.id, amount: "5.00", description: "Tea", expiresAt: .now + 3_600, metadata: ["a": 1])
            let link = try #require(try await client.paymentLinks.create(new).link)
            let changes = LinkChanges.description(nil).metadata(["order": "A-17"])
            let changed = try await client.paymentLinks.update(link.id, changes)
            #expect(changed.description == nil && changed.metadata == ["order": "A-17"])
            #expect(changed.status == .active && changed.expiresAt == link.expiresAt)
            let endless = try await client.paymentLinks.update(link.id, .expiresAt(nil))
            #expect(endless.expiresAt == nil && endless.metadata == changed.metadata)
        }
    }

    @Test func `a funding that is sent twice under one key is done once`() async throws {
        try await TestSystem.run { system, _ in
            let client = system.client
            let wallet = try await client.wallets.create(NewWallet(name: "Till"))
            let first = try await client.wallets.fund(wallet.id, amount: "5.00", idempotencyKey: "once")
            #expect(try await client.wallets.fund(wallet.id, amount: "5.00", idempotencyKey: "once") == first)
            #expect(try await client.wallets.balance(of: wallet.id).available == "5.00")
            let reuse = await #expect(throws: PaylinksError.self) {
                try await client.wallets.fund(wallet.id, amount: "6.00", idempotencyKey: "once")
            }
            #expect(reuse?.refusal?.code == "IDEMPOTENCY_KEY_REUSE")
        }
    }

    @Test func `an endpoint is told of an event, which its client verifies; the feed and the keys`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let client = system.client
            let receiver = try await WebhookReceiver.start()
            let hook = try await client.webhooks.create(url: receiver.url, events: ["wallet.funded"])
            #expect(try await client.webhooks.test(hook.id).delivered)
            let wallet = try await client.wallets.create(NewWallet(name: "Told of"))
            _ = try await client.wallets.fund(wallet.id, amount: "1.00")
            _ = try await eventually { receiver.received.count == 2 }
            await receiver.stop()
            let delivery = try #require(receiver.received.last)
            let verifier = WebhookVerifier(secret: try #require(hook.secret))
            let event = try verifier.event(from: Data(delivery.body), headers: delivery.headers)
            #expect(event.event == "wallet.funded" && event.data["walletId"].string == wallet.id)
            #expect(throws: WebhookVerifier.Failure.wrongSignature) {
                try verifier.event(from: Data(delivery.body + [0x20]), headers: delivery.headers)
            }
            let feed = try await client.events.all(pageSize: 1).reduce(into: []) { $0.append($1.id) }
            #expect(feed.contains(event.id))
            try await client.webhooks.delete(hook.id)

            let key = try await client.apiKeys.create(NewAPIKey(name: "Reader", permissions: ["wallets:read"]))
            let reader = PaylinksClient(baseURL: system.api.baseURL, apiKey: key.secret)
            #expect(try await reader.wallets.get(wallet.id).balance == "1.00")
            let denied = await #expect(throws: PaylinksError.self) { try await reader.wallets.freeze(wallet.id) }
            #expect(denied?.refusal?.kind == .permission)
            try await client.apiKeys.revoke(key.id)
            #expect(try await client.apiKeys.get(key.id).status == "REVOKED")
        }
    }

    private static func links(
        _ count: Int, to wallet: String, _ client: PaylinksClient
    ) async throws -> [PaymentLink] {
        var links: [PaymentLink] = []
        for number in 1...count {
            let link = NewPaymentLink(walletId: wallet, amount: "\(number).00")
            links.append(try #require(try await client.paymentLinks.create(link).link))
        }
        return links
    }
}

extension TestSystem {
    /// The Swift client, as the organization, in the sandbox.
    var client: PaylinksClient { PaylinksClient(baseURL: api.baseURL, apiKey: api.key) }
}
