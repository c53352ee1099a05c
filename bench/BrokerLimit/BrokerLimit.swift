import ArgumentParser
import Foundation
import Logging
import RabbitMQ

/// What the broker alone can do: publishing with confirms to a quorum queue and taking from it, at one body size.
///
/// The way is the product's own client with the product's own settings, without anything of the product around it.
@main
struct BrokerLimit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "BrokerLimit", abstract: "Publishes with confirms, consumes, and does both at once.")

    @Option(help: "Where RabbitMQ is.")
    var amqpURL: String

    @Option(help: "A queue whose first message has the size of one claim; it stays there.")
    var like: String

    @Option(help: "Claims that a message has room for.")
    var claims = 1

    @Option(help: "Messages in all, of each kind of run.")
    var messages = 100_000

    @Option(help: "Messages that are handed to the publisher at once.")
    var batch = 64

    @Option(help: "Batches under way at once.")
    var concurrency = 16

    private static let queue = "bench.limit"

    private struct Rates: Encodable {
        let bytes: Int
        let publishPerSecond: Double
        let consumePerSecond: Double
        let bothPerSecond: Double
    }

    func run() async throws {
        let configuration = try RabbitMQConfiguration(urls: [amqpURL]).named("bench")
        let bytes = await claims * bodySize(configuration)
        let message = OutgoingMessage(exchange: "", routingKey: Self.queue, body: [UInt8](repeating: 120, count: bytes))
        let publisher = RabbitMQPublisher.start(
            configuration: configuration, topology: Self.topology, logger: Self.logger)
        let alone = try await rate { try await publish(message, over: publisher) }
        let consumer = RabbitMQConsumer.start(
            configuration: configuration, topology: Self.topology, queue: Self.queue, prefetch: 1024, batchLimit: 256,
            logger: Self.logger)
        let taking = try await rate { await consume(from: consumer) }
        let both = try await rate {
            async let published: Void = publish(message, over: publisher)
            await consume(from: consumer)
            try await published
        }
        await consumer.shutdown()
        await publisher.shutdown()
        let rates = Rates(bytes: bytes, publishPerSecond: alone, consumePerSecond: taking, bothPerSecond: both)
        print(String(decoding: try JSONEncoder().encode(rates), as: UTF8.self))
    }

    private func rate(_ work: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await work()
        return Double(messages) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Looks at the first message of the queue, and gives it back by closing the connection.
    private func bodySize(_ configuration: RabbitMQConfiguration) async -> Int {
        let consumer = RabbitMQConsumer.start(
            configuration: configuration, queue: like, prefetch: 1, batchLimit: 1, logger: Self.logger)
        let bytes = await consumer.nextBatch()?.first?.body.count ?? 0
        await consumer.shutdown()
        return bytes
    }

    private func publish(_ message: OutgoingMessage, over publisher: RabbitMQPublisher) async throws {
        let messages = Array(repeating: message, count: batch)
        let batches = self.messages / batch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<batches {
                if number >= concurrency { try await group.next() }
                group.addTask {
                    for result in await publisher.publish(messages) { try result.get() }
                }
            }
            try await group.waitForAll()
        }
    }

    private func consume(from consumer: RabbitMQConsumer) async {
        var left = messages / batch * batch
        while left > 0, let deliveries = await consumer.nextBatch(), let last = deliveries.last {
            left -= deliveries.count
            consumer.acknowledge(upTo: last.tag)
        }
    }

    private static let topology = Topology(
        queues: [Topology.Queue(name: queue, arguments: ["x-queue-type": .string("quorum")])])

    private static let logger: Logger = {
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }()
}
