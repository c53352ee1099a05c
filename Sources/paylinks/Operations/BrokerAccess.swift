import ArgumentParser
import Jobs
import RabbitMQ

/// A system's exchanges and queues, one operator's connection long.
struct BrokerAccess {
    let topology: JobTopology
    let administration: RabbitMQAdministration
    fileprivate let configuration: RabbitMQConfiguration

    /// The most messages that are on their way to the broker at a time.
    private static let window = 1_000

    /// Publishes all messages in their order, and does `confirmed` with each that the broker has; ends at the first
    /// that it did not take.
    func publish<Message>(
        _ messages: [Message], as outgoing: (Message) -> OutgoingMessage,
        confirmed: (Message) async throws -> Void = { _ in }
    ) async throws {
        let publisher = RabbitMQPublisher.start(
            configuration: configuration, topology: topology.topology, logger: SystemOptions.logger)
        do {
            for start in stride(from: 0, to: messages.count, by: Self.window) {
                let sent = messages[start..<min(start + Self.window, messages.count)]
                for (message, outcome) in zip(sent, await publisher.publish(sent.map(outgoing))) {
                    try outcome.get()
                    try await confirmed(message)
                }
            }
            await publisher.shutdown()
        } catch {
            await publisher.shutdown()
            throw error
        }
    }

    /// Refuses to go on where no system has its queues, rather than to find nothing there, or to make them.
    fileprivate func checkPrefix() async throws {
        do throws(RabbitMQError) {
            _ = try await administration.status(ofQueue: topology.claimQueue)
        } catch {
            guard case .server(code: 404, _) = error else { throw error }
            let name = topology.prefix.isEmpty ? "without a prefix" : "with the prefix \(topology.prefix)"
            throw Failure.wrongArgument("There are no queues \(name); check --queue-prefix or PAYLINKS_QUEUE_PREFIX.")
        }
    }
}

extension SystemOptions {
    /// Runs `body` with the system's queues at hand.
    func withBroker<Value>(_ body: (BrokerAccess) async throws -> Value) async throws -> Value {
        let configuration = try broker
        let administration = try await Self.reach(configuration)
        let access = BrokerAccess(
            topology: JobTopology(prefix: prefix), administration: administration, configuration: configuration)
        do {
            try await access.checkPrefix()
            let value = try await body(access)
            await administration.close()
            return value
        } catch {
            await administration.close()
            throw error
        }
    }

    /// Declares everything that lasts, and returns the number of queues.
    func declareQueues() async throws -> Int {
        let administration = try await Self.reach(try broker)
        let topology = JobTopology(prefix: prefix).topology
        do {
            try await administration.declare(topology)
            await administration.close()
            return topology.queues.count
        } catch {
            await administration.close()
            throw error
        }
    }

    /// Connects, or ends the command with a word on it.
    private static func reach(_ broker: RabbitMQConfiguration) async throws -> RabbitMQAdministration {
        do throws(RabbitMQError) {
            return try await RabbitMQAdministration.open(configuration: broker, logger: logger)
        } catch {
            guard case .unavailable = error else { throw error }
            throw Unreachable.exit("RabbitMQ", option: "--amqp-url", variable: "PAYLINKS_AMQP_URL")
        }
    }
}
