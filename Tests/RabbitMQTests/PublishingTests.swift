import RabbitMQ
import Testing

extension BrokerTests {
    @Suite("Publishing")
    struct PublishingTests {
        @Test("a message comes out as it went in, with all its properties")
        func roundTrip() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let message = OutgoingMessage(
                    exchange: exchange, routingKey: "key", body: Array("{\"ö\": 1}".utf8), messageId: "m-1",
                    correlationId: "c-1", replyTo: "r-1", type: "claim", contentType: "application/x-test",
                    headers: ["text": .string("ü"), "number": .int64(.min), "flag": .bool(true)],
                    timestamp: 1_774_000_000)
                let publisher = broker.publisher(topology)
                let consumer = broker.consumer(queue, topology)
                try await publisher.publish(message)
                let delivery = try #require(await consumer.take(1).first)
                #expect(delivery.body == message.body)
                #expect(delivery.messageId == "m-1")
                #expect(delivery.correlationId == "c-1")
                #expect(delivery.replyTo == "r-1")
                #expect(delivery.type == "claim")
                #expect(delivery.contentType == "application/x-test")
                #expect(delivery.timestamp == 1_774_000_000)
                #expect(delivery.headers == message.headers)
                #expect(delivery.exchange == exchange && delivery.routingKey == "key")
                #expect(!delivery.isRedelivered && delivery.deliveryCount == 0)
                await consumer.shutdown()
                await publisher.shutdown()
            }
        }

        @Test(
            "bodies of every size survive, empty and of several frames", arguments: [0, 1, 131_064, 131_065, 1_000_003])
        func sizes(size: Int) async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let consumer = broker.consumer(queue, topology)
                let bodies = (0..<3).map { seed in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) } }
                let outcomes = await publisher.publish(
                    bodies.map { OutgoingMessage(exchange: exchange, routingKey: "key", body: $0) })
                #expect(outcomes.allSatisfy { $0.error == nil })
                #expect(await consumer.take(3).map(\.body) == bodies)
                await consumer.shutdown()
                await publisher.shutdown()
            }
        }

        @Test("a message that no queue takes fails, and only that one does")
        func unroutable() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let batch = (0..<300).map { number in
                    OutgoingMessage(
                        exchange: exchange, routingKey: number % 3 == 0 ? "nowhere" : "key", body: [1],
                        messageId: "same")
                }
                let outcomes = await publisher.publish(batch)
                for (number, outcome) in outcomes.enumerated() {
                    let expected = number % 3 == 0 ? RabbitMQError.returned(replyCode: 312, replyText: "NO_ROUTE") : nil
                    #expect(outcome.error == expected)
                }
                #expect(publisher.statistics.returned == 100)
                #expect(await broker.comesToHold(200, in: queue))
                await publisher.shutdown()
            }
        }

        @Test("a message that need not arrive succeeds without a queue")
        func optional() async throws {
            try await TestBroker.with { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                try await publisher.publish(
                    OutgoingMessage(exchange: exchange, routingKey: "nowhere", body: [], isMandatory: false))
                await publisher.shutdown()
            }
        }

        @Test("20,000 messages by a hundred tasks through a window of 1,000 are all confirmed, and all there, in order")
        func window() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology, capacity: 20_000)
                await withTaskGroup { group in
                    for task in 0..<100 {
                        group.addTask {
                            let batch = (0..<200).map { number in
                                OutgoingMessage(
                                    exchange: exchange, routingKey: "key", body: Array("\(task) \(number)".utf8))
                            }
                            let outcomes = await publisher.publish(batch)
                            #expect(outcomes.allSatisfy { $0.error == nil })
                        }
                    }
                }
                #expect(publisher.statistics.confirmed == 20_000)
                let consumer = broker.consumer(queue, prefetch: 20_000)
                let numbers = await consumer.take(20_000).map { delivery in
                    String(decoding: delivery.body, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
                }
                for task in 0..<100 { #expect(numbers.filter { $0[0] == task }.map { $0[1] } == Array(0..<200)) }
                await consumer.shutdown()
                await publisher.shutdown()
            }
        }

        @Test("a full queue that rejects makes the publish fail as nacked")
        func nacked() async throws {
            try await TestBroker.with { broker in
                let (topology, _, exchange) = broker.quorum(
                    arguments: ["x-max-length": .int64(1), "x-overflow": .string("reject-publish")])
                let publisher = broker.publisher(topology)
                let batch = (0..<50).map { _ in OutgoingMessage(exchange: exchange, routingKey: "key", body: [1]) }
                _ = await publisher.publish(batch)
                let outcomes = await publisher.publish(batch)
                #expect(outcomes.contains { $0.error == .nacked })
                await publisher.shutdown()
            }
        }

        @Test("what breaks the protocol's limits is refused before anything is sent")
        func limits() async throws {
            try await TestBroker.with { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let long = String(repeating: "x", count: 256)
                for message in [
                    OutgoingMessage(exchange: exchange, routingKey: long, body: []),
                    OutgoingMessage(exchange: exchange, routingKey: "key", body: [], messageId: long),
                    OutgoingMessage(exchange: exchange, routingKey: "key", body: [], headers: [long: .bool(true)]),
                ] {
                    await #expect { try await publisher.publish(message) } throws: { error in
                        if case RabbitMQError.invalidMessage = error { true } else { false }
                    }
                }
                let edge = OutgoingMessage(
                    exchange: exchange, routingKey: "key", body: [], messageId: String(repeating: "x", count: 255),
                    headers: [String(repeating: "h", count: 128): .string(String(repeating: "v", count: 60_000))])
                try await publisher.publish(edge)
                #expect(publisher.statistics.reconnects == 0)
                await publisher.shutdown()
            }
        }

        @Test("a publish to an exchange that does not exist fails with the broker's reason, and the next one works")
        func missingExchange() async throws {
            try await TestBroker.with { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                await #expect {
                    try await publisher.publish(OutgoingMessage(exchange: "no-such", routingKey: "", body: []))
                } throws: { error in
                    if case RabbitMQError.server(code: 404, _) = error { true } else { false }
                }
                try await publisher.publish(OutgoingMessage(exchange: exchange, routingKey: "key", body: [1]))
                #expect(publisher.statistics.reconnects == 1)
                await publisher.shutdown()
            }
        }

        @Test("a wrong password is reported with the broker's reason")
        func wrongPassword() async throws {
            let url = try TestBroker.variable("PAYLINKS_TEST_AMQP_URL")
            let host = url.split(separator: "@").last ?? ""
            let configuration = try RabbitMQConfiguration(urls: ["amqp://nobody:hunter2@\(host)"])
            let error = await #expect(throws: RabbitMQError.self) {
                try await RabbitMQAdministration.open(configuration: configuration, logger: .silent)
            }
            guard case .server(code: 403, let text) = error else {
                Issue.record("unexpected error")
                return
            }
            #expect(!text.contains("hunter2"))
        }

        @Test("when one address does not answer, the next one is used")
        func nextAddress() async throws {
            let urls = ["amqp://127.0.0.1:1", try TestBroker.variable("PAYLINKS_TEST_AMQP_URL")]
            try await TestBroker.with(RabbitMQConfiguration(urls: urls)) { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                try await publisher.publish(OutgoingMessage(exchange: exchange, routingKey: "key", body: []))
                await publisher.shutdown()
            }
        }

        @Test("a topology that contradicts what exists is reported to whoever waits")
        func contradiction() async throws {
            try await TestBroker.with { broker in
                var (topology, _, exchange) = broker.quorum()
                try await broker.administration.declare(topology)
                topology.queues[0].arguments["x-max-length"] = .int64(5)
                let publisher = broker.publisher(topology)
                await #expect {
                    try await publisher.publish(OutgoingMessage(exchange: exchange, routingKey: "key", body: []))
                } throws: { error in
                    if case RabbitMQError.server(code: 406, _) = error { true } else { false }
                }
                #expect(!publisher.isReady)
                await publisher.shutdown()
            }
        }
    }
}

/// Everything that needs a real broker runs one test at a time, for some of it disturbs the broker.
@Suite("With a real broker", .serialized)
enum BrokerTests {}
