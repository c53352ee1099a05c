import Glibc
import RabbitMQ
import Synchronization
import Testing

extension BrokerTests {
    @Suite("Consuming")
    struct ConsumingTests {
        /// Publishes numbered messages and gives the publisher back, shut down.
        private func fill(_ exchange: String, _ topology: Topology, count: Int, _ broker: TestBroker) async {
            let publisher = broker.publisher(topology)
            let batch = (0..<count).map { number in
                OutgoingMessage(exchange: exchange, routingKey: "key", body: Array("\(number)".utf8))
            }
            #expect(await publisher.publish(batch).allSatisfy { $0.error == nil })
            await publisher.shutdown()
        }

        private func number(_ delivery: Delivery) -> Int? { Int(String(decoding: delivery.body, as: UTF8.self)) }

        @Test("what piles up while a batch is worked on is the next batch, up to the limit")
        func batches() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 1000, broker)
                let consumer = broker.consumer(queue, batchLimit: 300)
                #expect(await eventually { consumer.statistics.delivered == 1000 })
                var sizes: [Int] = []
                var numbers: [Int?] = []
                while numbers.count < 1000, let batch = await consumer.nextBatch() {
                    sizes.append(batch.count)
                    numbers += batch.map(number)
                }
                #expect(sizes == [300, 300, 300, 100])
                #expect(numbers == Array(0..<1000))
                await consumer.shutdown()
            }
        }

        @Test("messages that are weighed fill a batch by their weight, and one beyond the limit is a batch by itself")
        func weights() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let weights = [3, 3, 2, 1, 10, 5, 1, 1, 1, 1, 1, 1, 0]
                let publisher = broker.publisher(topology)
                let messages = weights.map { OutgoingMessage(exchange: exchange, routingKey: "key", body: [UInt8($0)]) }
                #expect(await publisher.publish(messages).allSatisfy { $0.error == nil })
                await publisher.shutdown()
                let consumer = broker.consumer(queue, batchLimit: 5, weigh: { Int($0.body[0]) })
                #expect(await eventually { consumer.statistics.delivered == weights.count })
                var batches: [[Int]] = []
                while batches.joined().count < weights.count, let batch = await consumer.nextBatch() {
                    batches.append(batch.map { Int($0.body[0]) })
                }
                #expect(batches == [[3], [3, 2], [1], [10], [5], [1, 1, 1, 1, 1], [1, 0]])
                await consumer.shutdown()
            }
        }

        @Test("one multiple acknowledgement resolves a whole batch, and the rest goes back")
        func multiple() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 500, broker)
                let consumer = broker.consumer(queue)
                let deliveries = await consumer.take(500)
                consumer.acknowledge(upTo: deliveries[399].tag)
                await consumer.shutdown()
                #expect(await broker.comesToHold(100, in: queue))
                let second = broker.consumer(queue)
                let rest = await second.take(100)
                #expect(rest.map(number) == Array(400..<500))
                #expect(rest.allSatisfy { $0.isRedelivered && $0.deliveryCount == 1 })
                await second.shutdown()
            }
        }

        @Test("a short queue is left to one consumer, and a long one is shared")
        func firstRefusal() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let consumers = [
                    broker.consumer(queue, topology, prefetch: 10, firstRefusal: 4),
                    broker.consumer(queue, topology, prefetch: 10, firstRefusal: 4),
                ]
                #expect(await eventually { consumers.allSatisfy(\.isReady) })
                /// What each has got, the busier first, once it is so many together.
                func shares(of total: Int) async -> [Int] {
                    func shares() -> [Int] { consumers.map(\.statistics.delivered).sorted(by: >) }
                    #expect(await eventually { shares().reduce(0, +) == total })
                    return shares()
                }
                await fill(exchange, topology, count: 4, broker)
                #expect(await shares(of: 4) == [4, 0])
                await fill(exchange, topology, count: 4, broker)
                #expect(await shares(of: 8) == [4, 4])
                await fill(exchange, topology, count: 6, broker)
                #expect(await shares(of: 14) == [7, 7])
                await fill(exchange, topology, count: 10, broker)
                #expect(await shares(of: 20) == [10, 10])
                for consumer in consumers { await consumer.shutdown() }
            }
        }

        @Test("messages come in the order of the queue, whatever had first refusal", arguments: 0..<10)
        func firstRefusalInOrder(round: Int) async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let consumer = broker.consumer(queue, topology, prefetch: 50, firstRefusal: 8)
                #expect(await eventually { consumer.isReady })
                await fill(exchange, topology, count: 500, broker)
                var numbers: [Int?] = []
                while numbers.count < 500, let batch = await consumer.nextBatch(), let last = batch.last {
                    numbers += batch.map(number)
                    consumer.acknowledge(upTo: last.tag)
                }
                #expect(numbers == Array(0..<500))
                await consumer.shutdown()
            }
        }

        @Test("no more than the prefetch is out at once, and acknowledging lets the next through")
        func prefetch() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 50, broker)
                let consumer = broker.consumer(queue, prefetch: 20)
                let first = await consumer.take(20)
                #expect(await broker.comesToHold(30, in: queue))
                #expect(consumer.statistics.delivered == 20)
                for delivery in first { consumer.acknowledge(delivery.tag) }
                #expect(await consumer.take(20).map(number) == Array(20..<40))
                await consumer.shutdown()
            }
        }

        @Test("one that takes nothing more ends its waits and still resolves what it took; the rest goes back")
        func stopTaking() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 3, broker)
                let consumer = broker.consumer(queue, batchLimit: 2)
                #expect(await eventually { consumer.statistics.delivered == 3 })
                let batch = try #require(await consumer.nextBatch())
                consumer.stopTaking()
                #expect(await consumer.nextBatch() == nil)
                await fill(exchange, topology, count: 1, broker)
                #expect(await eventually { consumer.statistics.delivered == 4 })
                consumer.acknowledge(upTo: batch[1].tag)
                await consumer.shutdown()
                #expect(await broker.comesToHold(2, in: queue))
            }
        }

        @Test("settling twice, or what was never delivered, does not disturb the channel")
        func resolvedTwice() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 3, broker)
                let consumer = broker.consumer(queue)
                let tags = await consumer.take(3).map(\.tag)
                consumer.acknowledge(tags[0])
                consumer.acknowledge(tags[0])
                consumer.acknowledge(upTo: tags[2])
                consumer.reject(tags[1])
                consumer.acknowledge(DeliveryTag(number: 99, generation: tags[0].generation))
                await fill(exchange, topology, count: 1, broker)
                #expect(await consumer.take(1).count == 1)
                #expect(consumer.statistics.reconnects == 0)
                await consumer.shutdown()
            }
        }

        @Test("acknowledging up to a message that was rejected resolves those before it, and the channel goes on")
        func acknowledgeUpToRejected() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 3, broker)
                let consumer = broker.consumer(queue)
                let tags = await consumer.take(3).map(\.tag)
                consumer.reject(tags[2])
                consumer.acknowledge(upTo: tags[2])
                await fill(exchange, topology, count: 1, broker)
                #expect(await consumer.take(1).map(\.isRedelivered) == [false])
                #expect(consumer.statistics.reconnects == 0)
                await consumer.shutdown()
            }
        }

        @Test("a rejected message is a dead letter, with its history")
        func deadLetter() async throws {
            try await TestBroker.with { broker in
                let dead = broker.queue("dead")
                var (topology, queue, exchange) = broker.quorum(arguments: [
                    "x-dead-letter-exchange": .string(""), "x-dead-letter-routing-key": .string(dead),
                    "x-dead-letter-strategy": .string("at-least-once"), "x-overflow": .string("reject-publish"),
                ])
                topology.queues.append(.init(name: dead, arguments: ["x-queue-type": .string("quorum")]))
                await fill(exchange, topology, count: 2, broker)
                let consumer = broker.consumer(queue)
                let deliveries = await consumer.take(2)
                consumer.reject(deliveries[1].tag)
                consumer.acknowledge(deliveries[0].tag)
                let undertaker = broker.consumer(dead)
                let letter = try #require(await undertaker.take(1).first)
                #expect(number(letter) == 1)
                #expect(letter.headers["x-death-reason"] == .string("rejected"))
                #expect(letter.headers["x-death-queue"] == .string(queue))
                #expect(letter.headers["x-death-count"] == .int64(1))
                #expect(letter.headers["x-first-death-queue"] == .string(queue))
                #expect(letter.headers["x-paylinks-sequence"] == nil)
                await undertaker.shutdown()
                await consumer.shutdown()
            }
        }

        @Test("a message requeued beyond the delivery limit becomes a dead letter")
        func deliveryLimit() async throws {
            try await TestBroker.with { broker in
                let dead = broker.queue("dead")
                var (topology, queue, exchange) = broker.quorum(arguments: [
                    "x-dead-letter-exchange": .string(""), "x-dead-letter-routing-key": .string(dead),
                    "x-delivery-limit": .int64(3),
                ])
                topology.queues.append(.init(name: dead))
                await fill(exchange, topology, count: 1, broker)
                let consumer = broker.consumer(queue)
                var counts: [Int] = []
                for _ in 0..<4 {
                    let delivery = try #require(await consumer.take(1).first)
                    counts.append(delivery.deliveryCount)
                    consumer.requeue(delivery.tag)
                }
                #expect(counts == [0, 1, 2, 3])
                #expect(await broker.comesToHold(1, in: dead))
                await consumer.shutdown()
            }
        }

        @Test("a receiver passes everything on in order, waits for a slow reader, and resolves nothing")
        func receiver() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 2000, broker)
                let received = Mutex<[Int?]>([])
                let receiver = RabbitMQReceiver.start(
                    configuration: broker.configuration, topology: topology, queue: queue, logger: broker.logger
                ) { deliveries in
                    usleep(2000)
                    received.withLock { $0 += deliveries.map(number) }
                }
                #expect(await eventually { received.withLock(\.count) == 2000 })
                await receiver.shutdown()
                #expect(received.withLock(\.self) == Array(0..<2000))
                #expect(await broker.comesToHold(0, in: queue))
                #expect(receiver.statistics.delivered == 2000)
                #expect(receiver.statistics.reconnects == 0)
            }
        }

        @Test("a receiver's queue that is deleted is declared and consumed again")
        func receiverQueueDeleted() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let received = Mutex<[Int?]>([])
                let receiver = RabbitMQReceiver.start(
                    configuration: broker.configuration, topology: topology, queue: queue, logger: broker.logger
                ) { deliveries in received.withLock { $0 += deliveries.map(number) } }
                #expect(await eventually { receiver.isReady })
                try await broker.administration.delete(queue: queue)
                #expect(await eventually { receiver.statistics.reconnects == 1 && receiver.isReady })
                await fill(exchange, topology, count: 10, broker)
                #expect(await eventually { received.withLock(\.self) == Array(0..<10) })
                await receiver.shutdown()
            }
        }

        @Test("a cancelled wait ends with nothing, and takes nothing along")
        func cancellation() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let consumer = broker.consumer(queue, topology)
                let wait = Task { await consumer.nextBatch() }  // Awaited two lines below.
                wait.cancel()
                #expect(await wait.value == nil)
                await fill(exchange, topology, count: 3, broker)
                #expect(await consumer.take(3).count == 3)
                await consumer.shutdown()
            }
        }

        @Test("a queue that is deleted under the consumer is declared and consumed again")
        func queueDeleted() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let consumer = broker.consumer(queue, topology)
                #expect(await eventually { consumer.isReady })
                try await broker.administration.delete(queue: queue)
                #expect(await eventually { consumer.statistics.reconnects == 1 && consumer.isReady })
                await fill(exchange, topology, count: 1, broker)
                #expect(await consumer.take(1).count == 1)
                await consumer.shutdown()
            }
        }

        @Test("a shut down consumer ends every wait, and settling late is harmless")
        func shutdown() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                await fill(exchange, topology, count: 1, broker)
                let consumer = broker.consumer(queue)
                let delivery = try #require(await consumer.take(1).first)
                let wait = Task { await consumer.nextBatch() }  // Awaited below.
                await consumer.shutdown()
                #expect(await wait.value == nil)
                #expect(await consumer.nextBatch() == nil)
                consumer.acknowledge(delivery.tag)
                #expect(await broker.comesToHold(1, in: queue))
            }
        }
    }
}
