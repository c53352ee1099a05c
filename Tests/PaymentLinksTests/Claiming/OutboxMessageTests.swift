import PaymentLinks
import Testing

@Suite("What a transaction owes to the broker, gathered")
struct OutboxMessageTests {
    private static func event(_ number: Int, _ type: EventType) -> DomainEvent {
        DomainEvent(
            id: EventID(bits: UInt128(number)), type: type, organizationId: Sample.organization, environment: .sandbox,
            walletId: nil, occurredAt: Sample.now, data: { $0.field("number", number) })
    }

    private static func settlement(_ number: Int, _ method: ClaimMethod) -> SettlementRequest {
        SettlementRequest(
            settlementId: ClaimID(bits: UInt128(number)), transactionId: TransactionID(bits: 1), environment: .sandbox,
            method: method, amount: Sample.usd(1), sealedDestination: [], payee: "Acme", createdAt: Sample.now)
    }

    @Test("Nothing to tell is no message, and a message without parts is none")
    func empty() {
        #expect(OutboxMessage.gather(events: []).isEmpty)
        #expect(OutboxMessage(topic: .event(.linkClaimed), parts: []) == nil)
    }

    @Test("One event or settlement alone is a message of one part, under its own id")
    func single() {
        let event = Self.event(7, .linkExpired)
        #expect(OutboxMessage.gather(events: [event]) == [OutboxMessage(event)])
        #expect(OutboxMessage(event).id == event.id.ulid && OutboxMessage(event).parts.map(\.body) == [event.body])
        let settlement = Self.settlement(8, .usdc)
        #expect(OutboxMessage.gather(events: [], settlements: [settlement]) == [OutboxMessage(settlement)])
        #expect(OutboxMessage(settlement).id == settlement.settlementId.ulid)
        #expect(OutboxMessage(settlement).parts.map(\.body) == [settlement.messageBody])
    }

    @Test("Each type of event and each rail has a message of its own, with its parts in their order")
    func topics() {
        let types: [EventType] = [.linkClaimed, .linkExpired, .linkClaimed, .linkCreated, .linkClaimed]
        let events = types.enumerated().map { Self.event($0, $1) }
        let settlements = [1, 2, 3].map { Self.settlement($0, $0 == 2 ? .ach : .usdc) }
        let messages = OutboxMessage.gather(events: events, settlements: settlements)
        let parts = Dictionary(messages.map { ($0.topic, $0.parts.map(\.id.bits)) }, uniquingKeysWith: { $0 + $1 })
        #expect(messages.count == 5)
        #expect(
            parts == [
                .event(.linkClaimed): [0, 2, 4], .event(.linkExpired): [1], .event(.linkCreated): [3],
                .settlement(.ach): [2], .settlement(.usdc): [1, 3],
            ])
        #expect(messages.allSatisfy { $0.id == $0.parts.first?.id })
    }

    @Test(
        "A message holds 256 parts at most; the rest is the next one",
        arguments: [(1, [1]), (255, [255]), (256, [256]), (257, [256, 1]), (600, [256, 256, 88])] as [(Int, [Int])])
    func partLimit(count: Int, sizes: [Int]) {
        let messages = OutboxMessage.gather(events: (0..<count).map { Self.event($0, .linkExpired) })
        #expect(messages.map(\.parts.count) == sizes)
        #expect(messages.flatMap { $0.parts.map(\.id.bits) } == (0..<count).map { UInt128($0) })
        #expect(Set(messages.map(\.id)).count == messages.count)
    }
}
