import Foundation
import PaymentLinks
import TestSupport
import Testing

/// The order of a link's events, over HTTP.
@Suite(.serialized) struct EventOrderTests {
    @Test func `a payment that settles and is returned in one instant is told in this order, for every link`()
        async throws
    {
        try await TestSystem.run { system, _ in
            let payee = try await system.makeWallet("Payee")
            var links: [String] = []
            for _ in 0..<20 {
                let link = try await system.makeLink(to: payee)
                let claim = try await system.api.post(link.claimPath, TestSystem.achClaim(account: "9870001"))
                #expect(claim.status == 200)
                links.append(link.id)
            }
            var feed = FeedReader()
            let isTold = try await eventually(within: .seconds(40)) {
                try await feed.readOn(system.api)
                return links.allSatisfy { feed.told[$0]?.last?.hasSuffix("claim_failed") == true }
            }
            #expect(isTold)
            for link in links {
                let told = feed.told[link] ?? []
                #expect(told.prefix(2) == ["1 created", "2 claimed"])
                #expect(told == ["1 created", "2 claimed", "3 settled", "4 claim_failed"] || told.count == 3)
                #expect(told.last == "\(told.count) claim_failed")
            }
            #expect(try await system.breaches() == [])
        }
    }

    @Test func `a wallet's claim sends claimed and settled, in this order, with the claim's status`() async throws {
        try await TestSystem.run([.claimWorker, .webhookWorker]) { system, _ in
            let receiver = try await WebhookReceiver.start()
            _ = try await system.makeWebhook(receiver.url)
            let (payer, payee) = (try await system.makeWallet(funds: 10_000), try await system.makeWallet())
            let link = try await system.makeLink(to: payee)
            #expect(try await system.api.post(link.claimPath, TestSystem.walletClaim(payer)).status == 200)
            var feed = FeedReader()
            let isTold = try await eventually {
                try await feed.readOn(system.api)
                return feed.told[link.id]?.count == 3
            }
            #expect(isTold)
            #expect(feed.told[link.id] == ["1 created", "2 claimed", "3 settled"])
            #expect(feed.claimStatuses[link.id] == [nil, "SETTLED", "SETTLED"])
            let isDelivered = try await eventually { receiver.received.count >= 3 }
            #expect(isDelivered)
            let delivered = receiver.received.map(\.json).filter { $0["data"]["linkId"].string == link.id }
            #expect(
                Dictionary(delivered.map { ($0["data"]["sequence"].integer, $0["event"].string) }) { $1 } == [
                    1: "payment_link.created", 2: "payment_link.claimed", 3: "payment_link.settled",
                ])
            await receiver.stop()
        }
    }

    @Test func `the end of a link is counted too, whichever it is`() async throws {
        try await TestSystem.run([.claimWorker, .expiryWorker]) { system, _ in
            let payee = try await system.makeWallet()
            let cancelled = try await system.makeLink(to: payee)
            let later = Timestamp.now().advanced(by: .seconds(3600)).iso8601
            let expiring = try await system.makeLink(to: payee, #""expiresAt":"\#(later)""#)
            #expect(try await system.api.patch("/v1/payment-links/\(cancelled.id)", "{}").status == 200)
            try await system.moveEnd(of: [expiring])
            var feed = FeedReader()
            let isTold = try await eventually {
                try await feed.readOn(system.api)
                return feed.told[cancelled.id]?.count == 2 && feed.told[expiring.id]?.count == 2
            }
            #expect(isTold)
            #expect(feed.told[cancelled.id] == ["1 created", "2 cancelled"])
            #expect(feed.told[expiring.id] == ["1 created", "2 expired"])
        }
    }
}

/// Reads the feed on and on, and notes what it tells of each link.
struct FeedReader {
    /// The sequence and the type of each link's events, in the feed's order.
    private(set) var told: [String: [String]] = [:]
    private(set) var claimStatuses: [String: [String?]] = [:]
    private(set) var ids: [String] = []
    private(set) var cursor: String?

    /// Reads what is new, page by page.
    mutating func readOn(_ api: API) async throws {
        while true {
            let path = "/v1/events?limit=100" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try await api.get(path)
            #expect(page.status == 200)
            for event in page.json["data"].elements { note(event) }
            cursor = page.json["cursor"].string ?? cursor
            guard page.json["hasMore"].boolean == true else { return }
        }
    }

    private mutating func note(_ event: JSONValue) {
        ids.append(event["id"].string ?? "")
        guard let link = event["data"]["linkId"].string, let type = event["event"].string else { return }
        let sequence = event["data"]["sequence"].integer.map(String.init) ?? "none"
        told[link, default: []].append("\(sequence) \(type.replacing("payment_link.", with: ""))")
        claimStatuses[link, default: []].append(event["data"]["claimStatus"].string)
    }
}
