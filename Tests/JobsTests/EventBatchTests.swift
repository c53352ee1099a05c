import Jobs
import PaymentLinks
import RabbitMQ
import Testing

@Suite("Events that travel together")
struct EventBatchTests {
    private let topology = JobTopology(prefix: "test.")

    /// Events in spellings that a parser's own writer would not choose: their bytes are signed as they are.
    private static func bodies(_ count: Int) -> [String] {
        (1...count).map { number in
            let id = "\"id\" : \"\(EventID(bits: UInt128(number)))\""
            let organization = "\"organizationId\":\"\(OrganizationID(bits: UInt128(number % 3)))\""
            let data = #""data": { "text":"\u00e9\/ \ud83d\ude00 🎁","number":1.50e+1, "events":[ ] }"#
            return number.isMultiple(of: 2) ? "{\(data),\(organization),\(id)}" : "{ \(id), \(organization) ,\(data)\n}"
        }
    }

    private func deliveries(_ bodies: [String]) throws -> [OutgoingMessage] {
        topology.messages(try Sample.outbox(.linkClaimed, bodies))
    }

    @Test("The bytes of each event are its own to the last, alone and among others", arguments: [1, 2, 3, 256])
    func bytes(count: Int) throws {
        let bodies = Self.bodies(count)
        let messages = try deliveries(bodies)
        #expect(messages.count == 1)
        let events = try Sample.delivery(try #require(messages.first)).events()
        #expect(events.map(\.body) == bodies.map { Array($0.utf8) })
        #expect(events.map(\.id) == (1...count).map { EventID(bits: UInt128($0)) })
        #expect(events.map(\.organizationId) == (1...count).map { OrganizationID(bits: UInt128($0 % 3)) })
    }

    @Test("One event travels as itself, under its id")
    func single() throws {
        let message = try #require(try deliveries(Self.bodies(1)).first)
        #expect(message.type == "event" && message.messageId == EventID(bits: 1).description)
        #expect(message.routingKey == "payment_link.claimed" && message.headers == [:])
        #expect(message.body == Array(Self.bodies(1)[0].utf8))
    }

    @Test("Several events of one type share a message that tells their number")
    func several() throws {
        let message = try #require(try deliveries(Self.bodies(3)).first)
        #expect(message.type == "events" && message.messageId == nil)
        #expect(message.routingKey == "payment_link.claimed")
        #expect(message.headers == [JobTopology.countHeader: .int64(3)])
        #expect(Sample.delivery(message).count == 3)
    }

    @Test("Events that are too large for one message travel in several, in their order, within its limit if they can")
    func large() throws {
        let limit = 1 << 20
        let sizes = [limit * 2 / 3, limit * 2 / 3, 100, limit * 3, 200, 300]
        let bodies = sizes.enumerated().map { number, size in
            let (id, organization) = (EventID(bits: UInt128(number)), OrganizationID(bits: 1))
            let text = String(repeating: "x", count: size)
            return #"{"id":"\#(id)","organizationId":"\#(organization)","x":"\#(text)"}"#
        }
        let messages = try deliveries(bodies)
        let events = try messages.map { try Sample.delivery($0).events().map(\.body) }
        #expect(events.map(\.count) == [1, 2, 1, 2])
        #expect(events.flatMap(\.self) == bodies.map { Array($0.utf8) })
        #expect(messages.map(\.type) == ["event", "events", "event", "events"])
        #expect(messages.map(\.body.count).filter { $0 > limit }.count == 1)
    }

    @Test("Settlements never share a message: a rail takes them one by one")
    func settlements() throws {
        let parts = (1...3).map { OutboxMessage.Part(id: ULID(bits: UInt128($0)), body: "{\"number\":\($0)}") }
        let messages = topology.messages(try #require(OutboxMessage(topic: .settlement(.usdc), parts: parts)))
        #expect(messages.map(\.messageId) == (1...3).map { ClaimID(bits: UInt128($0)).description })
        #expect(messages.map(\.body) == parts.map { Array($0.body.utf8) })
        #expect(messages.allSatisfy { $0.type == "settlement" && $0.routingKey == "usdc" && $0.headers == [:] })
    }

    /// Messages that are no events, and what is said of each.
    private static let spoilt: [(text: String, names: String)] = [
        ("", "byte 0"), ("[]", "object"), ("{}", "field id"), (#"{"id":"evt_1"}"#, "at id"),
        (#"{"id":"\#(EventID(bits: 1))"}"#, "organizationId"), (#"{"events":[]}"#, "version"),
        (#"{"version":2,"events":[]}"#, "version 2"), (#"{"version":1,"events":{}}"#, "events"),
        (#"{"version":1,"events":[7]}"#, "object"), (#"{"version":1,"events":[{}]}"#, "field id"),
    ]

    @Test("A message that is no event, or holds one that is none, is unreadable, and says why", arguments: spoilt)
    func unreadable(row: (text: String, names: String)) {
        let message = OutgoingMessage(exchange: "", routingKey: "", body: Array(row.text.utf8))
        let error = #expect(throws: UnreadableMessage.self) { try Sample.delivery(message).events() }
        #expect(error?.description.contains(row.names) == true, "\(error?.description ?? "")")
    }
}
