import PaymentLinks
import Relay
import Testing

/// Rows of the outbox share messages by topic, and each is known to have arrived, or not, as a whole.
@Suite("Shipments")
struct ShipmentTests {
    private static func row(_ topic: OutboxMessage.Topic, parts count: Int, from first: Int) throws -> OutboxMessage {
        let parts = (first..<first + count).map {
            OutboxMessage.Part(id: ULID(bits: UInt128($0)), body: "\($0)")
        }
        return try #require(OutboxMessage(topic: topic, parts: parts))
    }

    @Test func `rows of one topic travel together, in their order`() throws {
        let rows = [
            try Self.row(.event(.linkClaimed), parts: 2, from: 0),
            try Self.row(.event(.linkExpired), parts: 1, from: 10),
            try Self.row(.event(.linkClaimed), parts: 1, from: 20), try Self.row(.settlement(.ach), parts: 3, from: 30),
            try Self.row(.settlement(.ach), parts: 1, from: 40),
        ]
        let shipments = Shipment.load(rows)
        #expect(shipments.map(\.message.topic) == [.event(.linkClaimed), .event(.linkExpired), .settlement(.ach)])
        #expect(shipments.map(\.rows) == [[rows[0].id, rows[2].id], [rows[1].id], [rows[3].id, rows[4].id]])
        #expect(
            shipments.map { $0.message.parts.map(\.body) } == [["0", "1", "20"], ["10"], ["30", "31", "32", "40"]])
    }

    @Test func `no row is split, and no message is longer than a row may be`() throws {
        let limit = OutboxMessage.partLimit
        let rows = try [limit - 1, 1, 1, limit, limit / 2, limit / 2].enumerated().map { index, count in
            try Self.row(.event(.linkClaimed), parts: count, from: index * 1000)
        }
        let shipments = Shipment.load(rows)
        #expect(shipments.map(\.message.parts.count) == [limit, 1, limit, limit])
        #expect(shipments.flatMap(\.rows) == rows.map(\.id))
        #expect(shipments.flatMap(\.message.parts) == rows.flatMap(\.parts))
    }

    @Test func `nothing to tell is no shipment`() {
        #expect(Shipment.load([]).isEmpty)
    }
}
