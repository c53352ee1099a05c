import FoundationEssentials
import PaymentLinks
import Testing

@Suite("What events and settlement messages look like")
struct MessageShapeTests {
    private struct Event: Decodable {
        struct Data: Decodable, Equatable {
            let linkId, slug, walletId, amount, currency, status: String
            let sequence: Int
            let method, claimId, claimStatus, transactionId, claimedAt: String?
            let metadata: [String: String]
            let failureCode, failureReason: String?
        }

        let id, event, timestamp, organizationId: String
        let data: Data
    }

    /// The names of a JSON object's fields.
    private static func fields(_ json: String) throws -> Set<String> {
        Set(try JSON.value(json, as: [String: AnyField].self).keys)
    }

    private struct AnyField: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    private static let wallets = [Sample.wallet(Sample.payer, available: 100_000), Sample.wallet(Sample.payee)]

    private static func plan(_ payer: ClaimRequest.Payer) -> ClaimPlan {
        Sample.decide([Sample.claim(by: payer)], on: Sample.state([Sample.link()], wallets))
    }

    @Test("An event has exactly the contract's five fields")
    func event() throws {
        let event = try #require(Self.plan(Sample.ach).events.first)
        #expect(try Self.fields(event.body) == ["id", "event", "timestamp", "organizationId", "data"])
        let body = try JSON.value(event.body, as: Event.self)
        #expect(body.id == event.id.description && body.id.hasPrefix("evt_"))
        #expect(body.event == "payment_link.claimed")
        #expect(body.timestamp == Sample.now.iso8601)
        #expect(body.organizationId == Sample.organization.description)
    }

    @Test("A claimed link's event tells the link and the claim")
    func claimedData() throws {
        let data = try JSON.value(#require(Self.plan(Sample.ach).events.first).body, as: Event.self).data
        let claim = Sample.claim()
        #expect(data.linkId == LinkID(bits: 1).description && data.slug == Sample.slug(1).description)
        #expect(data.walletId == Sample.payee.description && data.status == "CLAIMED")
        #expect(data.amount == "150.00" && data.currency == "USD" && data.method == "ach")
        #expect(data.claimId == claim.claimId.description && data.transactionId == claim.transactionId.description)
        #expect(data.claimedAt == Sample.now.iso8601 && data.metadata == ["order": "A-1"])
        #expect(data.failureCode == nil && data.claimStatus == "PENDING" && data.sequence == 2)
    }

    @Test("A failed claim's event tells why, and the link's status after it")
    func failedData() throws {
        let data = try JSON.value(#require(SettlingScene().decide(.returned).events.first).body, as: Event.self).data
        #expect(data.status == "ACTIVE" && data.failureCode == "R01" && data.failureReason == "Insufficient funds")
        #expect(data.claimStatus == "FAILED")
    }

    @Test("An expired link's event names no claim")
    func expiredData() throws {
        var scene = SettlingScene()
        scene.link = Sample.link(status: .claimed, expiresAt: Sample.now, winner: Sample.claim().claimId)
        let data = try JSON.value(#require(scene.decide(.failed).events.last).body, as: Event.self).data
        #expect(data.status == "EXPIRED" && data.claimId == nil && data.method == nil && data.claimedAt == nil)
        #expect(data.claimStatus == nil)
    }

    @Test("A settlement message has exactly the contract's fields")
    func settlement() throws {
        let settlement = try #require(Self.plan(Sample.usdc).settlements.first)
        #expect(
            try Self.fields(settlement.messageBody) == [
                "version", "settlementId", "transactionId", "environment", "method", "amount", "currency",
                "amountBaseUnits", "direction", "destination", "payee", "statementDescriptor", "createdAt",
                "instructions",
            ])
        struct Body: Decodable {
            let version: Int
            let settlementId, environment, method, amount, currency, amountBaseUnits, direction, destination: String
        }
        let body = try JSON.value(settlement.messageBody, as: Body.self)
        #expect(body.version == 1 && body.settlementId == Sample.claim().claimId.description)
        #expect(body.environment == "SANDBOX" && body.method == "usdc" && body.direction == "debit")
        #expect(body.amount == "150.00" && body.currency == "USDC" && body.amountBaseUnits == "150000000")
        #expect(body.destination == Data([4, 5, 6]).base64EncodedString())
    }

    private static let descriptors: [(payee: String, descriptor: String)] = [
        ("Acme", "ACME"), ("Acme Corp, Inc.", "ACME CORP INC"), ("a-b_c!d", "ABCD"), ("Müller & Söhne", "MLLER  SHNE"),
        ("Exactly sixteen c", "EXACTLY SIXTEEN "), ("0123456789ABCDEFGH", "0123456789ABCDEF"), ("日本", ""), ("", ""),
    ]

    @Test("A payee's statement shows 16 characters that a bank file carries", arguments: descriptors)
    func statementDescriptor(row: (payee: String, descriptor: String)) {
        let settlement = SettlementRequest(
            settlementId: ClaimID(bits: 1), transactionId: TransactionID(bits: 1), environment: .sandbox, method: .ach,
            amount: Sample.usd(1), sealedDestination: [], payee: row.payee, createdAt: Sample.now)
        #expect(settlement.statementDescriptor == row.descriptor)
    }

    @Test("An outbox topic has a name that reads back", arguments: EventType.allCases)
    func topics(type: EventType) {
        #expect(OutboxMessage.Topic(name: OutboxMessage.Topic.event(type).name) == .event(type))
        for method in ClaimMethod.allCases {
            #expect(OutboxMessage.Topic(name: OutboxMessage.Topic.settlement(method).name) == .settlement(method))
        }
        #expect(OutboxMessage.Topic(name: "settlement.cash") == nil)
        #expect(OutboxMessage.Topic(name: "") == nil)
    }
}
