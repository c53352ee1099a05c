import Foundation
import Jobs
import PaymentLinks
import RabbitMQ
import Sealing
import Testing

@Suite("Queues and addressed messages")
struct TopologyTests {
    private let topology = JobTopology(prefix: "test.")

    @Test("The names are the contract's, behind the prefix")
    func names() {
        #expect(
            topology.workQueues == [
                "test.jobs.claim", "test.jobs.create", "test.settlements.ach", "test.settlements.usdc",
                "test.settlement-outcomes", "test.events.webhooks",
            ])
        let plain = JobTopology(prefix: "")
        #expect(plain.settlementQueue(.ach) == "settlements.ach" && plain.settlementQueue(.usdc) == "settlements.usdc")
        #expect(plain.outcomeQueue == "settlement-outcomes")
        #expect(plain.deadQueue(of: "settlements.ach") == "settlements.ach.dead")
    }

    @Test("Every name carries the prefix, so two systems on one broker share nothing")
    func prefix() {
        let declared = topology.topology
        let names =
            declared.exchanges.map(\.name) + declared.queues.map(\.name)
            + declared.bindings.flatMap { [$0.queue, $0.exchange] }
        #expect(names.allSatisfy { $0.hasPrefix("test.") })
        #expect(topology.replyQueue("g").hasPrefix("test."))
    }

    @Test("Work queues are durable quorum queues with a bound, a delivery limit and dead letters that are not lost")
    func workQueues() throws {
        let queues = topology.topology.queues
        for name in topology.workQueues {
            let queue = try #require(queues.first { $0.name == name })
            #expect(queue.isDurable && !queue.isExclusive && !queue.isAutoDelete)
            #expect(queue.arguments["x-queue-type"] == .string("quorum"))
            #expect(queue.arguments["x-overflow"] == .string("reject-publish"))
            #expect(queue.arguments["x-dead-letter-strategy"] == .string("at-least-once"))
            #expect(queue.arguments["x-dead-letter-routing-key"] == .string(name + ".dead"))
            #expect(queue.arguments["x-delivery-limit"] != nil && queue.arguments["x-max-length"] != nil)
            #expect(queues.contains { $0.name == name + ".dead" && $0.isDurable })
        }
        #expect(queues.count == 2 * topology.workQueues.count)
    }

    @Test("Every queue is bound, every binding leads from an exchange to a queue that is declared")
    func bindings() {
        let declared = topology.topology
        let exchanges = Set(declared.exchanges.map(\.name))
        #expect(declared.bindings.allSatisfy { exchanges.contains($0.exchange) })
        #expect(Set(declared.bindings.map(\.queue)) == Set(declared.queues.map(\.name)))
    }

    /// Whether a message reaches a queue by the bindings that are declared.
    private func reaches(_ message: OutgoingMessage, _ queue: String) -> Bool {
        topology.topology.bindings.contains {
            $0.queue == queue && $0.exchange == message.exchange && ["#", message.routingKey].contains($0.routingKey)
        }
    }

    @Test("Jobs, outcomes, settlements and events reach their queues; they are persistent and mandatory")
    func addresses() throws {
        let claim = topology.message(Sample.claim(.wallet(WalletID(bits: 1))), replyTo: "r", traceparent: "00-trace")
        let creation = topology.message(try Sample.creation(), replyTo: nil, traceparent: nil)
        let outcome = topology.message(Sample.outcome(.settled))
        let settlement = try #require(topology.messages(OutboxMessage(Sample.settlement)).first)
        let event = try #require(topology.messages(try Sample.outbox(.linkExpired, ["{}"])).first)
        let routes = [
            (claim, topology.claimQueue), (creation, topology.creationQueue), (outcome, topology.outcomeQueue),
            (settlement, topology.settlementQueue(.ach)), (event, topology.webhookQueue),
        ]
        for (message, queue) in routes {
            #expect(topology.workQueues.filter { reaches(message, $0) } == [queue])
            #expect(message.isPersistent && message.isMandatory)
        }
        #expect(claim.messageId == Sample.claimId.description && claim.replyTo == "r")
        #expect(claim.headers == [JobTopology.traceparentHeader: .string("00-trace")])
        #expect(event.messageId == EventID(bits: 1).description && event.routingKey == "payment_link.expired")
    }

    @Test("Answers are transient, and go straight to the gateway's own queue")
    func replies() throws {
        let messages = topology.messages(ReplyMessage(answers: []), to: "q")
        let message = try #require(messages.first)
        #expect(messages.count == 1)
        #expect(message.exchange == "" && message.routingKey == "q")
        #expect(!message.isPersistent && !message.isMandatory)
        #expect(topology.replyTopology("g").queues.allSatisfy { $0.isExclusive && $0.isAutoDelete })
    }

    @Test("A dead letter keeps what it was, says why and where from, and replayed it is as it was")
    func deadLetters() {
        var properties = MessageProperties()
        properties.messageId = "m"
        properties.type = "claim"
        properties.headers = ["traceparent": .string("t"), "x-death-count": .int64(1), "x-delivery-count": .int64(3)]
        let delivery = Delivery(body: [1], tag: DeliveryTag(number: 1, generation: 1), properties: properties)
        let dead = topology.deadLetter(delivery, from: topology.claimQueue, reason: "why")
        #expect(reaches(dead, topology.deadQueue(of: topology.claimQueue)))
        #expect(dead.body == [1] && dead.messageId == "m" && dead.type == "claim")
        #expect(
            dead.headers == [
                "traceparent": .string("t"), JobTopology.reasonHeader: .string("why"),
                JobTopology.queueHeader: .string(topology.claimQueue),
            ])
        var deadProperties = properties
        deadProperties.headers = dead.headers
        let replayed = topology.replay(
            Delivery(body: [1], tag: DeliveryTag(number: 1, generation: 1), properties: deadProperties),
            to: topology.claimQueue)
        #expect(replayed.headers == ["traceparent": .string("t")])
        #expect(replayed.routingKey == topology.claimQueue && replayed.body == [1] && replayed.messageId == "m")
    }

    @Test("An account number never travels in the clear")
    func secrecy() throws {
        let sealer = DestinationSealer(ring: try KeyRing([(name: "k", key: Array(repeating: 7, count: 32))]))
        let account = ACHAccount(
            routingNumber: try RoutingNumber("021000021"), accountNumber: try AccountNumber("9876543210"),
            accountName: try AccountName("Jane Roe"))
        let sealed = try sealer.seal(.ach(account), for: Sample.claimId)
        let job = topology.message(Sample.claim(.ach(sealedDestination: sealed)), replyTo: nil, traceparent: nil)
        for text in ["9876543210", "021000021", "Jane Roe"] {
            for spelling in [text, Data(text.utf8).base64EncodedString()] {
                #expect(!String(decoding: job.body, as: UTF8.self).contains(spelling))
            }
        }
        guard case .ach(let arrived) = try ClaimJob.decode(job.body).payer else {
            Issue.record("the payer arrived as something else")
            return
        }
        #expect(try sealer.open(arrived, for: Sample.claimId) == .ach(account))
    }
}
