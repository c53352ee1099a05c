import Foundation
import Jobs
import PaymentLinks
import RabbitMQ
import Testing

/// Jobs and messages with every field filled.
enum Sample {
    static let time = Timestamp(microseconds: 1_775_000_000_123_000)
    static let claimId = ClaimID(bits: 0x0195_0000_0000_0000_0000_0000_0000_0001)
    static let slug = Slug("0123456789abcdefghjk") ?? { preconditionFailure("a slug has 20 characters") }()
    static let digest = digest(of: 0..<32)
    static let key = digest(of: 32..<64)
    static let refusal = Refusal(
        code: .insufficientFunds, message: "Not enough \"funds\"\n", details: ["walletId": "w", "requested": "1.00"],
        fields: [FieldError(field: "a", code: "B", message: "C \"d\".")])

    private static func digest(of bytes: Range<UInt8>) -> Digest {
        guard let digest = Digest(bytes: Array(bytes)) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    static func claim(
        _ payer: ClaimRequest.Payer, scope: Set<WalletID>? = [WalletID(bits: 5), WalletID(bits: 4)],
        isBare: Bool = false, id: ClaimID = claimId
    ) -> ClaimRequest {
        ClaimRequest(
            claimId: id, transactionId: TransactionID(bits: 2), slug: slug, payer: payer,
            recipientEmail: isBare ? nil : try? EmailAddress("Payer@Example.com"),
            recipientEmailDigest: isBare ? nil : Digest(bytes: Array(64..<96)),
            authority: isBare
                ? nil
                : .init(
                    organizationId: OrganizationID(bits: 3), environment: .production, walletScope: scope,
                    readsBalances: scope != nil),
            digest: digest, idempotencyKey: isBare ? nil : key)
    }

    static func creation(isBare: Bool = false) throws -> LinkCreation {
        LinkCreation(
            linkId: LinkID(bits: 1), organizationId: OrganizationID(bits: 2), environment: .sandbox,
            walletId: WalletID(bits: 3), slug: slug, amount: Money(minorUnits: 9_007_199_254_740_993, currency: .usdc),
            description: isBare ? nil : "Für \"Sie\" 🎁\n",
            restrictions: isBare
                ? nil
                : RecipientRestrictions(emails: [try EmailAddress("A@b.example")], walletIds: [WalletID(bits: 4)]),
            expiresAt: isBare ? nil : time, metadataJSON: #"{"a":"b","n":1.5}"#, digest: digest,
            idempotencyKey: isBare ? nil : key)
    }

    static func receipt(_ method: ClaimMethod) -> ClaimReceipt {
        ClaimReceipt(
            claimId: claimId, transactionId: TransactionID(bits: 2), slug: slug, method: method,
            amount: Money(minorUnits: 12_345, currency: .usd), createdAt: time,
            instructions: method == .usdc
                ? PaymentInstructions(
                    chain: .polygon, payTo: Chain.base.usdcToken,
                    amount: Money(minorUnits: 123_450_000, currency: .usdc), payBefore: time)
                : nil)
    }

    static let settlement = SettlementRequest(
        settlementId: claimId, transactionId: TransactionID(bits: 2), environment: .production, method: .ach,
        amount: Money(minorUnits: 12_345, currency: .usd), sealedDestination: [0, 255, 1], payee: "Acme & Söhne",
        createdAt: time)

    /// Events of one type whose ids are 1, 2, 3, …
    static func outbox(_ type: EventType, _ bodies: [String]) throws -> OutboxMessage {
        let parts = bodies.enumerated().map { index, body in
            OutboxMessage.Part(id: ULID(bits: UInt128(index + 1)), body: body)
        }
        return try #require(OutboxMessage(topic: .event(type), parts: parts))
    }

    /// Claims' jobs whose ids are these numbers.
    static func jobs(_ numbers: some Sequence<Int>, isAwaited: Bool = true) -> [OutgoingJob] {
        numbers.map { number in
            OutgoingJob(
                claim(.wallet(WalletID(bits: 9)), id: ClaimID(bits: UInt128(number))),
                traceparent: "00-trace-\(number)",
                isAwaited: isAwaited)
        }
    }

    /// A message as the broker would deliver it.
    static func delivery(_ message: OutgoingMessage) -> Delivery {
        var properties = MessageProperties()
        properties.messageId = message.messageId
        properties.replyTo = message.replyTo
        properties.type = message.type
        properties.headers = message.headers
        return Delivery(
            body: message.body, tag: DeliveryTag(number: 1, generation: 1), exchange: message.exchange,
            routingKey: message.routingKey, properties: properties)
    }

    static func outcome(_ kind: SettlementOutcome.Kind, isBare: Bool = false) -> SettlementOutcome {
        SettlementOutcome(
            settlementId: claimId, kind: kind, code: isBare ? nil : "R01", reason: isBare ? nil : "No \"funds\"",
            reference: isBare ? nil : "trace 1", occurredAt: time)
    }
}

/// A JSON message whose fields a test changes.
struct MessageDocument {
    private(set) var fields: [String: Any]

    init(_ bytes: [UInt8]) throws {
        fields = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    }

    var names: [String] { fields.keys.sorted() }

    func without(_ name: String) throws -> [UInt8] {
        try with(name, nil)
    }

    func with(_ name: String, _ value: Any?) throws -> [UInt8] {
        var changed = fields
        changed[name] = value
        return [UInt8](try JSONSerialization.data(withJSONObject: changed))
    }
}
