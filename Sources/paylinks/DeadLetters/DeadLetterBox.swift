import ArgumentParser
import Jobs
import RabbitMQ

/// The dead letters of a system's queues, one operator's connection long.
struct DeadLetterBox {
    let topology: JobTopology
    let administration: RabbitMQAdministration
    let publisher: RabbitMQPublisher

    func count(of queue: String) async throws -> Int {
        try await administration.status(ofQueue: topology.deadQueue(of: queue)).messageCount
    }

    /// Takes letters out, oldest first, and keeps those that match; the others go back when the connection closes.
    func letters(of queue: String, matching id: String?, limit: Int) async throws -> [Delivery] {
        try check(queue)
        var letters: [Delivery] = []
        while letters.count < limit,
            let letter = try await administration.get(queue: topology.deadQueue(of: queue))
        {
            if id == nil || letter.messageId == id { letters.append(letter) }
        }
        return letters
    }

    /// Publishes each letter to its queue again, and removes it once the broker has confirmed that.
    func replay(_ queue: String, matching id: String?, limit: Int) async throws -> Int {
        let letters = try await letters(of: queue, matching: id, limit: limit)
        for letter in letters {
            try await publisher.publish(topology.replay(letter, to: queue))
            try await administration.acknowledge(letter.tag)
        }
        return letters.count
    }

    func discard(_ queue: String, matching id: String?, limit: Int) async throws -> Int {
        let letters = try await letters(of: queue, matching: id, limit: limit)
        for letter in letters { try await administration.acknowledge(letter.tag) }
        return letters.count
    }

    private func check(_ queue: String) throws {
        guard topology.workQueues.contains(queue) else {
            let known = topology.workQueues.joined(separator: ", ")
            throw ValidationError("\(queue) is no queue of this system; there are \(known).")
        }
    }
}

extension SystemOptions {
    /// Runs `body` with the system's dead letters at hand.
    func withDeadLetters<Value>(_ body: (DeadLetterBox) async throws -> Value) async throws -> Value {
        let topology = JobTopology(prefix: prefix)
        let administration = try await reach(try broker)
        let publisher = RabbitMQPublisher.start(
            configuration: try broker, topology: topology.topology, logger: Self.logger)
        let box = DeadLetterBox(topology: topology, administration: administration, publisher: publisher)
        do {
            try await administration.declare(topology.topology)
            let value = try await body(box)
            await close(box)
            return value
        } catch {
            await close(box)
            throw error
        }
    }

    /// Connects, or ends the command with a word on it.
    private func reach(_ broker: RabbitMQConfiguration) async throws -> RabbitMQAdministration {
        do throws(RabbitMQError) {
            return try await RabbitMQAdministration.open(configuration: broker, logger: Self.logger)
        } catch {
            guard case .unavailable = error else { throw error }
            throw Unreachable.exit("RabbitMQ", option: "--amqp-url", variable: "PAYLINKS_AMQP_URL")
        }
    }

    private func close(_ box: DeadLetterBox) async {
        await box.administration.close()
        await box.publisher.shutdown()
    }
}
