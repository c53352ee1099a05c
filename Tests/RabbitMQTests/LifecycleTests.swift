import Foundation
import Logging
import RabbitMQ
import Testing

@Suite("Without a broker")
struct UnreachableTests {
    private let message = OutgoingMessage(exchange: "x", routingKey: "k", body: [1])

    /// A publisher that never gets through: nothing listens on port 1.
    private func publisher(capacity: Int = 100, timeout: Duration = .seconds(60)) throws -> RabbitMQPublisher {
        var configuration = try RabbitMQConfiguration(urls: ["amqp://127.0.0.1:1", "amqp://127.0.0.1:2"])
        configuration.connectTimeout = .seconds(1)
        return .start(
            configuration: configuration, inboxCapacity: capacity, publishTimeout: timeout, logger: .silent)
    }

    @Test("a publish fails as unavailable at its deadline")
    func deadline() async throws {
        let publisher = try publisher(timeout: .milliseconds(300))
        let start = ContinuousClock.now
        await #expect { try await publisher.publish(message) } throws: { error in
            if case RabbitMQError.unavailable = error { true } else { false }
        }
        #expect(start.duration(to: .now) < .seconds(30))
        #expect(!publisher.isReady)
        await publisher.shutdown()
    }

    @Test("publishes beyond the bound are refused at once, and a batch as a whole")
    func overloaded() async throws {
        let publisher = try publisher(capacity: 10)
        let tooMany = await publisher.publish(Array(repeating: message, count: 11))
        #expect(tooMany.map(\.error) == Array(repeating: .overloaded, count: 11))
        await withTaskGroup { group in
            for _ in 0..<2 { group.addTask { await publisher.publish(Array(repeating: message, count: 8)) } }
            // Both do not fit: one of them comes back at once, and the other waits until the end.
            #expect(await group.next()?.map(\.error) == Array(repeating: .overloaded, count: 8))
            await publisher.shutdown(drain: .zero)
            #expect(await group.next()?.map(\.error) == Array(repeating: .closed, count: 8))
        }
    }

    @Test("a caller that is cancelled while its message waits is told so at once")
    func cancelled() async throws {
        let publisher = try publisher()
        let waiting = Task { await publisher.publish([message, message]) }  // Awaited below.
        try await Task.sleep(for: .milliseconds(100))
        waiting.cancel()
        #expect(await waiting.value.map(\.error) == [.cancelled, .cancelled])
        await publisher.shutdown(drain: .zero)
    }

    @Test("shutdown resolves what waits, ends in time, and later publishes are refused")
    func shutdown() async throws {
        let publisher = try publisher()
        let waiting = Task { await publisher.publish([message, message]) }  // Awaited below.
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        await publisher.shutdown(drain: .milliseconds(200))
        #expect(start.duration(to: .now) < .seconds(30))
        #expect(await waiting.value.map(\.error) == [.closed, .closed])
        await #expect(throws: RabbitMQError.closed) { try await publisher.publish(message) }
    }

    @Test("a publish to a peer that accepts and never answers ends by its deadline, and shutdown by the connect time")
    func mute() async throws {
        let listener = try MuteListener()
        var configuration = try RabbitMQConfiguration(urls: ["amqp://127.0.0.1:\(listener.port)"])
        configuration.connectTimeout = .milliseconds(500)
        let publisher = RabbitMQPublisher.start(
            configuration: configuration, publishTimeout: .milliseconds(200), logger: .silent)
        let start = ContinuousClock.now
        await #expect { try await publisher.publish(message) } throws: { error in
            if case RabbitMQError.unavailable = error { true } else { false }
        }
        await publisher.shutdown(drain: .zero)
        #expect(start.duration(to: .now) < .seconds(30))
    }

    @Test("a consumer ends too, and its waits with it")
    func consumer() async throws {
        let configuration = try RabbitMQConfiguration(urls: ["amqp://127.0.0.1:1"])
        let consumer = RabbitMQConsumer.start(
            configuration: configuration, queue: "q", prefetch: 1, batchLimit: 1, logger: .silent)
        let wait = Task { await consumer.nextBatch() }  // Awaited below.
        await consumer.shutdown()
        #expect(await wait.value == nil)
    }

    @Test("administration says why there is no connection")
    func administration() async throws {
        let configuration = try RabbitMQConfiguration(urls: ["amqp://127.0.0.1:1"])
        await #expect { try await RabbitMQAdministration.open(configuration: configuration, logger: .silent) } throws: {
            error in
            if case RabbitMQError.unavailable = error { true } else { false }
        }
    }
}

/// A socket that takes connections and says nothing.
private final class MuteListener {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        try #require(isBound)
    }

    deinit { close(descriptor) }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension BrokerTests {
    @Suite("Lifecycle")
    struct LifecycleTests {
        private func count(_ folder: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
        }

        @Test("200 starts and stops leave no thread and no descriptor behind")
        func leaks() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                try await broker.administration.declare(topology)
                func round(_ number: Int) async throws {
                    let publisher = broker.publisher(topology)
                    let consumer = broker.consumer(queue, topology)
                    if number.isMultiple(of: 2) {
                        try await publisher.publish(OutgoingMessage(exchange: exchange, routingKey: "key", body: [1]))
                        for delivery in await consumer.take(1) { consumer.acknowledge(delivery.tag) }
                    }
                    await publisher.shutdown()
                    await consumer.shutdown()
                }
                try await round(0)
                let (descriptors, threads) = (try count("fd"), try count("task"))
                for number in 0..<200 { try await round(number) }
                #expect(await eventually { (try? count("fd")) ?? .max <= descriptors + 4 })
                #expect(await eventually { (try? count("task")) ?? .max <= threads + 4 })
            }
        }

        @Test("a client that is simply let go ends by itself")
        func letGo() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, _) = broker.quorum()
                try await broker.administration.declare(topology)
                do {
                    let consumer = broker.consumer(queue)
                    #expect(await eventually { consumer.isReady })
                }
                #expect(
                    await eventually { (try? await broker.administration.status(ofQueue: queue).consumerCount) == 0 })
            }
        }

        @Test("shutdown waits for what was taken on")
        func drains() async throws {
            try await TestBroker.with { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let batch = Array(
                    repeating: OutgoingMessage(exchange: exchange, routingKey: "key", body: [1]), count: 5000)
                let outcomes = Task { await publisher.publish(batch) }  // Awaited below.
                #expect(await eventually { publisher.statistics.published > 0 })
                await publisher.shutdown(drain: .seconds(20))
                #expect(await outcomes.value.allSatisfy { $0.error == nil })
                #expect(await broker.comesToHold(5000, in: queue))
            }
        }
    }
}
