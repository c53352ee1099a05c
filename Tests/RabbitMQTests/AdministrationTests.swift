import RabbitMQ
import Testing

extension BrokerTests {
    @Suite("Administration")
    struct AdministrationTests {
        @Test("a message can be looked at and put back, rejected, or taken for good")
        func get() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                try await publisher.publish(
                    OutgoingMessage(exchange: exchange, routingKey: "key", body: [7], messageId: "m"))
                await publisher.shutdown()
                let first = try #require(try await broker.administration.get(queue: queue))
                #expect(first.body == [7] && first.messageId == "m")
                #expect(try await broker.administration.get(queue: queue) == nil)
                try await broker.administration.requeue(first.tag)
                #expect(await broker.comesToHold(1, in: queue))
                let second = try #require(try await broker.administration.get(queue: queue))
                try await broker.administration.acknowledge(second.tag)
                #expect(try await broker.administration.get(queue: queue) == nil)
            }
        }

        @Test("counts, purges and deletes")
        func status() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let message = OutgoingMessage(exchange: exchange, routingKey: "key", body: [7])
                _ = await publisher.publish([message, message, message])
                await publisher.shutdown()
                #expect(await broker.comesToHold(3, in: queue))
                #expect(try await broker.administration.purge(queue: queue) == 3)
                let status = try await broker.administration.status(ofQueue: queue)
                #expect(status.messageCount == 0 && status.consumerCount == 0)
                try await broker.administration.delete(queue: queue)
                await #expect { try await broker.administration.status(ofQueue: queue) } throws: { error in
                    if case RabbitMQError.server(code: 404, _) = error { true } else { false }
                }
            }
        }

        @Test("after it is closed, every request says so")
        func closed() async throws {
            try await TestBroker.with { broker in
                await broker.administration.close()
                await #expect(throws: RabbitMQError.closed) { try await broker.administration.purge(queue: "q") }
            }
        }
    }
}
