import Foundation
import RabbitMQ
import Synchronization
import Testing

extension BrokerTests {
    /// These close connections, stop and block the broker, so it must be one that nothing else uses meanwhile:
    /// `PAYLINKS_TEST_FAULTS_AMQP_URL` with `PAYLINKS_TEST_FAULTS_RABBITMQCTL`, or else the suite's own.
    @Suite("Faults")
    struct FaultTests {
        /// The variable of a broker for faults alone, or else the one of the suite's broker.
        func variable(_ name: String) throws -> String {
            if let value = try? TestBroker.variable("PAYLINKS_TEST_FAULTS_\(name)") { return value }
            return try TestBroker.variable("PAYLINKS_TEST_\(name)")
        }

        private func configuration() throws -> RabbitMQConfiguration {
            try RabbitMQConfiguration(urls: [variable("AMQP_URL")])
        }

        /// Runs `rabbitmqctl` by the command that the environment names.
        @discardableResult
        func control(_ arguments: String) async throws -> String {
            try await run("\(variable("RABBITMQCTL")) \(arguments)")
        }

        @Test(
            "a connection lost before the acknowledgement brings the message back, and the late verdict hurts nobody"
        )
        func connectionLost() async throws {
            try await TestBroker.with(configuration()) { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology)
                let consumer = broker.consumer(queue, topology)
                let batch = (0..<10).map { OutgoingMessage(exchange: exchange, routingKey: "key", body: [UInt8($0)]) }
                #expect(await publisher.publish(batch).allSatisfy { $0.error == nil })
                let first = await consumer.take(10)
                try await control("close_all_connections 'a test'")
                #expect(await eventually { consumer.statistics.reconnects == 1 && consumer.isReady })
                for delivery in first { consumer.acknowledge(delivery.tag) }
                if let last = first.last { consumer.acknowledge(upTo: last.tag) }
                let second = await consumer.take(10)
                #expect(second.map(\.body) == first.map(\.body))
                #expect(second.allSatisfy { $0.isRedelivered && $0.deliveryCount == 1 })
                if let last = second.last { consumer.acknowledge(upTo: last.tag) }
                try await publisher.publish(batch[0])
                #expect(await consumer.take(1).map(\.body) == [[0]])
                #expect(consumer.statistics.reconnects == 1)
                await consumer.shutdown()
                await publisher.shutdown()
            }
        }

        @Test("while the broker stops and starts under load every publish ends, and what was confirmed is there")
        func restart() async throws {
            try await TestBroker.with(configuration()) { broker in
                let (topology, queue, exchange) = broker.quorum()
                let publisher = broker.publisher(topology, timeout: .seconds(60))
                let load = Load()
                try await withThrowingTaskGroup { group in
                    for worker in 0..<20 {
                        group.addTask { await load.publish(by: worker, to: exchange, publisher) }
                    }
                    #expect(await eventually { publisher.statistics.confirmed > 2000 })
                    try await control("stop_app")
                    try await control("start_app")
                    let confirmed = publisher.statistics.confirmed
                    #expect(await eventually { publisher.statistics.confirmed > confirmed + 2000 })
                    load.stop()
                    try await group.waitForAll()
                }
                #expect(publisher.statistics.reconnects >= 1)
                let consumer = broker.consumer(queue, topology, prefetch: 60_000, batchLimit: 10_000)
                let present = await gather(consumer)
                let confirmed = load.confirmed
                #expect(confirmed.count > 4000)
                #expect(confirmed.subtracting(present).isEmpty)
                // Nothing is there that was not confirmed, or at least possibly sent.
                #expect(present.subtracting(confirmed).isSubset(of: load.unknown))
                #expect(load.others.isEmpty)
                await consumer.shutdown()
                await publisher.shutdown()
            }
        }

        @Test("a broker that blocks publishers is waited for up to the deadline, and used again afterwards")
        func blocked() async throws {
            try await TestBroker.with(configuration()) { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology, timeout: .seconds(2))
                let message = OutgoingMessage(exchange: exchange, routingKey: "key", body: [1])
                try await publisher.publish(message)
                try await control("set_vm_memory_high_watermark 0.00001")
                do {
                    // The broker says so only when it has read a publish, whose fate stays open.
                    #expect(
                        await eventually {
                            _ = await publisher.publish([message])
                            return publisher.statistics.blocked == 1
                        })
                    #expect(!publisher.isReady)
                    await #expect(throws: RabbitMQError.blocked) { try await publisher.publish(message) }
                    let waiting = Task { await publisher.publish([message]) }  // Awaited below.
                    try await control("set_vm_memory_high_watermark absolute 1GB")
                    _ = await waiting.value
                    #expect(await eventually { await publisher.publish([message]).allSatisfy { $0.error == nil } })
                } catch {
                    try await control("set_vm_memory_high_watermark absolute 1GB")
                    throw error
                }
                #expect(publisher.statistics.reconnects == 0)
                await publisher.shutdown()
            }
        }

        @Test("a frozen broker holds nobody up beyond the deadline, however much there is to send, and is used again")
        func frozen() async throws {
            var configuration = try configuration()
            configuration.heartbeat = .seconds(1)
            configuration.connectTimeout = .seconds(1)
            let pid = try await control("eval 'list_to_integer(os:getpid()).'").filter(\.isNumber)
            try await TestBroker.with(configuration) { broker in
                let (topology, _, exchange) = broker.quorum()
                let publisher = broker.publisher(topology, timeout: .seconds(2))
                let small = OutgoingMessage(exchange: exchange, routingKey: "key", body: [1])
                let large = OutgoingMessage(
                    exchange: exchange, routingKey: "key", body: Array(repeating: 1, count: 1 << 20))
                try await publisher.publish(small)
                _ = try await run("kill -STOP \(pid)")
                let start = ContinuousClock.now
                let outcomes = await publisher.publish([small] + Array(repeating: large, count: 100))
                let elapsed = start.duration(to: .now)
                _ = try await run("kill -CONT \(pid)")
                #expect(elapsed < .seconds(8))
                #expect(outcomes.first?.error == .outcomeUnknown)
                #expect(outcomes.allSatisfy { $0.error != nil })
                #expect(await eventually { await publisher.publish([small]).allSatisfy { $0.error == nil } })
                #expect(publisher.statistics.reconnects >= 1)
                await publisher.shutdown()
            }
        }

        /// Acknowledges and gathers until nothing has come for a while.
        private func gather(_ consumer: RabbitMQConsumer) async -> Set<String> {
            var present: Set<String> = []
            while true {
                let batch = await consumer.take(1, within: .seconds(3))
                guard let last = batch.last else { return present }
                present.formUnion(batch.map { String(decoding: $0.body, as: UTF8.self) })
                consumer.acknowledge(upTo: last.tag)
            }
        }
    }
}

/// Publishes until told to stop, and keeps account of what became of each message.
private final class Load: Sendable {
    private let isStopped = Atomic(false)
    private let outcomes = Mutex<[String: RabbitMQError?]>([:])

    func stop() { isStopped.store(true, ordering: .relaxed) }

    func publish(by worker: Int, to exchange: String, _ publisher: RabbitMQPublisher) async {
        var number = 0
        while !isStopped.load(ordering: .relaxed) && !Task.isCancelled {
            let names = (0..<10).map { "\(worker)-\(number)-\($0)" }
            let results = await publisher.publish(
                names.map { OutgoingMessage(exchange: exchange, routingKey: "key", body: Array($0.utf8)) })
            outcomes.withLock { outcomes in
                for (name, result) in zip(names, results) { outcomes[name] = .some(result.error) }
            }
            number += 1
        }
    }

    private func names(_ isIncluded: (RabbitMQError?) -> Bool) -> Set<String> {
        outcomes.withLock { Set($0.filter { isIncluded($0.value) }.keys) }
    }

    var confirmed: Set<String> { names { $0 == nil } }
    var unknown: Set<String> { names { $0 == .outcomeUnknown } }
    /// Messages that failed in any other way than an unknown outcome.
    var others: Set<String> { names { $0 != nil && $0 != .outcomeUnknown } }
}

/// Runs a shell command and gives its output; throws unless it succeeds.
func run(_ command: String) async throws -> String {
    struct Failed: Error { let command: String, status: Int32, output: String }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = pipe
    process.standardError = pipe
    let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
        process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    guard status == 0 else { throw Failed(command: command, status: status, output: output) }
    return output
}
