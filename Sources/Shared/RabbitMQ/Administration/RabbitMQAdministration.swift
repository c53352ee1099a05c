package import Logging
internal import Threading

/// An operator's connection to the broker: one request after the other, on a thread of its own.
///
/// It does not reconnect. Messages taken with `get` stay open until they are acknowledged, or until `close()`, which
/// puts them back. Made for command lines and tests: it sends no heartbeats.
package final class RabbitMQAdministration: Sendable {
    private let inbox = Inbox<AdministrationJob>(capacity: 64)
    private let thread: DriverThread

    /// Connects, or throws the last address's error.
    package static func open(
        configuration: RabbitMQConfiguration, logger: Logger
    ) async throws(RabbitMQError) -> RabbitMQAdministration {
        var configuration = configuration
        configuration.heartbeat = .zero
        let administration = RabbitMQAdministration(configuration: configuration, logger: logger)
        do throws(RabbitMQError) {
            try await administration.perform { connection throws(RabbitMQError) in }
        } catch {
            await administration.close()
            throw error
        }
        return administration
    }

    private init(configuration: RabbitMQConfiguration, logger: Logger) {
        thread = DriverThread(name: "rabbit-admin") { [inbox] in
            AdministrationJob.serve(inbox, configuration, logger)
        }
    }

    deinit {
        inbox.close()
    }

    /// Declares exchanges, queues and bindings; what exists already stays as it is.
    package func declare(_ topology: Topology) async throws(RabbitMQError) {
        try await perform { connection throws(RabbitMQError) in try connection.declare(topology) }
    }

    /// What the queue holds, and who consumes it; 404 NOT_FOUND if it does not exist.
    package func status(ofQueue name: String) async throws(RabbitMQError) -> QueueStatus {
        try await perform { connection throws(RabbitMQError) in try connection.status(ofQueue: name) }
    }

    /// Throws away what is ready in the queue, and says how many messages that was.
    @discardableResult
    package func purge(queue name: String) async throws(RabbitMQError) -> Int {
        try await perform { connection throws(RabbitMQError) in try connection.purge(queue: name) }
    }

    /// Deletes the queue, and says how many messages it held.
    @discardableResult
    package func delete(queue name: String) async throws(RabbitMQError) -> Int {
        try await perform { connection throws(RabbitMQError) in try connection.delete(queue: name) }
    }

    package func delete(exchange name: String) async throws(RabbitMQError) {
        try await perform { connection throws(RabbitMQError) in try connection.delete(exchange: name) }
    }

    /// Takes one message off the queue, to be resolved later; `nil` if none is ready.
    package func get(queue name: String) async throws(RabbitMQError) -> Delivery? {
        let message = try await perform { connection throws(RabbitMQError) in
            try connection.get(queue: name, within: .seconds(5))
        }
        return message.map(Delivery.init)
    }

    /// Acknowledges a message taken with `get`: the broker forgets it.
    package func acknowledge(_ tag: DeliveryTag) async throws(RabbitMQError) {
        try await resolve(tag, .acknowledge)
    }

    /// Refuses a message taken with `get`: it goes to the queue's dead letters, if it has them.
    package func reject(_ tag: DeliveryTag) async throws(RabbitMQError) {
        try await resolve(tag, .reject)
    }

    /// Puts a message taken with `get` back.
    package func requeue(_ tag: DeliveryTag) async throws(RabbitMQError) {
        try await resolve(tag, .requeue)
    }

    /// Ends the connection; what is unsettled goes back to its queue. Later requests fail as `.closed`.
    package func close() async {
        inbox.close()
        await thread.join()
    }

    private func resolve(_ tag: DeliveryTag, _ verdict: DeliveryLedger.Verdict) async throws(RabbitMQError) {
        try await perform { connection throws(RabbitMQError) in try connection.resolve(tag.number, verdict) }
    }

    /// Runs the work on the connection's thread, and waits for its result without blocking a thread.
    private func perform<Value: Sendable>(
        _ work: @escaping @Sendable (inout ConnectionHandle) throws(RabbitMQError) -> Value
    ) async throws(RabbitMQError) -> Value {
        let result = await withCheckedContinuation { continuation in
            let job = AdministrationJob(work) { continuation.resume(returning: $0) }
            switch inbox.offer(job) {
            case .accepted: break
            case .full: job.fail(.overloaded)
            case .closed: job.fail(.closed)
            }
        }
        return try result.get()
    }
}

extension Delivery {
    /// A message of an operator's connection, which has one channel in its life.
    fileprivate init(_ message: BrokerEvent.Message) {
        self.init(
            body: message.body, tag: DeliveryTag(number: message.number, generation: 1),
            isRedelivered: message.isRedelivered, exchange: message.exchange, routingKey: message.routingKey,
            properties: message.properties)
    }
}
