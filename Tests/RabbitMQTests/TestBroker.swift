import Foundation
import Logging
import RabbitMQ
import Synchronization

/// A real broker, and names on it that belong to one test alone.
final class TestBroker: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    let configuration: RabbitMQConfiguration
    let administration: RabbitMQAdministration
    let logger: Logger
    private let prefix = "test-\(UInt64.random(in: 0 ... .max))-"
    private let queues = Mutex<Set<String>>([])
    private let exchanges = Mutex<Set<String>>([])

    /// Runs the body against the broker, and deletes its queues and exchanges afterwards.
    static func with<Value>(
        _ configuration: RabbitMQConfiguration? = nil, _ body: (TestBroker) async throws -> Value
    ) async throws -> Value {
        let broker = try await TestBroker(configuration ?? shared())
        do {
            let value = try await body(broker)
            await broker.cleanUp()
            return value
        } catch {
            await broker.cleanUp()
            throw error
        }
    }

    /// The broker that tests share.
    static func shared() throws -> RabbitMQConfiguration {
        try RabbitMQConfiguration(urls: [variable("PAYLINKS_TEST_AMQP_URL")])
    }

    static func variable(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            throw Missing(description: "\(name) is not set: these tests need a real RabbitMQ (run scripts/test)")
        }
        return value
    }

    private init(_ configuration: RabbitMQConfiguration) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = ProcessInfo.processInfo.environment["PAYLINKS_TEST_LOG"] == nil ? .critical : .info
        self.logger = logger
        self.configuration = configuration
        administration = try await RabbitMQAdministration.open(configuration: configuration, logger: logger)
    }

    func queue(_ name: String = "q") -> String {
        queues.withLock { _ = $0.insert(prefix + name) }
        return prefix + name
    }

    func exchange(_ name: String = "x") -> String {
        exchanges.withLock { _ = $0.insert(prefix + name) }
        return prefix + name
    }

    /// A durable quorum queue bound to a direct exchange under the key `key`.
    func quorum(
        _ name: String = "q", arguments: [String: HeaderValue] = [:]
    ) -> (topology: Topology, queue: String, exchange: String) {
        let (queue, exchange) = (queue(name), exchange(name))
        let arguments = arguments.merging(["x-queue-type": .string("quorum")]) { given, _ in given }
        let topology = Topology(
            exchanges: [.init(name: exchange, kind: .direct)],
            queues: [.init(name: queue, arguments: arguments)],
            bindings: [.init(queue: queue, exchange: exchange, routingKey: "key")])
        return (topology, queue, exchange)
    }

    func publisher(
        _ topology: Topology = Topology(), window: Int = 1000, capacity: Int = 8192,
        timeout: Duration = .seconds(20)
    ) -> RabbitMQPublisher {
        .start(
            configuration: configuration, topology: topology, confirmWindow: window, inboxCapacity: capacity,
            publishTimeout: timeout, logger: logger)
    }

    func consumer(
        _ queue: String, _ topology: Topology = Topology(), prefetch: Int = 1000, batchLimit: Int = 256,
        weigh: @escaping @Sendable (Delivery) -> Int = { _ in 1 }, firstRefusal: Int = 0
    ) -> RabbitMQConsumer {
        .start(
            configuration: configuration, topology: topology, queue: queue, prefetch: prefetch,
            batchLimit: batchLimit, weigh: weigh, firstRefusal: firstRefusal, logger: logger)
    }

    /// Whether the queue holds so many messages, ready to be delivered, before long.
    func comesToHold(_ count: Int, in queue: String, within limit: Duration = .seconds(15)) async -> Bool {
        await eventually(within: limit) {
            let status = try? await administration.status(ofQueue: queue)
            return status?.messageCount == count
        }
    }

    private func cleanUp() async {
        // A new connection, for the test may have ended the first one.
        await administration.close()
        guard let janitor = try? await RabbitMQAdministration.open(configuration: configuration, logger: logger)
        else { return }
        for queue in queues.withLock(\.self) { _ = try? await janitor.delete(queue: queue) }
        for exchange in exchanges.withLock(\.self) { try? await janitor.delete(exchange: exchange) }
        await janitor.close()
    }
}

/// Waits until the condition holds, for a bounded time; the result says whether it came to.
func eventually(within limit: Duration = .seconds(30), _ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return await condition()
}

extension RabbitMQConsumer {
    /// Gathers deliveries until there are as many as wanted; fewer if they do not come in time.
    func take(_ count: Int, within limit: Duration = .seconds(30)) async -> [Delivery] {
        await withTaskGroup(of: [Delivery]?.self) { group in
            group.addTask {
                var taken: [Delivery] = []
                while taken.count < count, let batch = await self.nextBatch() { taken += batch }
                return taken
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            return await group.next().flatMap(\.self) ?? []
        }
    }
}
