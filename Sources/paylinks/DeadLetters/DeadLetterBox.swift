import ArgumentParser
import Jobs
import RabbitMQ

/// The dead letters of a system's queues, one operator's connection long.
struct DeadLetterBox {
    let topology: JobTopology
    let administration: RabbitMQAdministration
    let broker: RabbitMQConfiguration

    func count(of queue: String) async throws -> Int {
        try await administration.status(ofQueue: topology.deadQueue(of: queue)).messageCount
    }

    /// Takes letters out, oldest first: up to `limit`, or only as far as the one with the id. What is not settled goes
    /// back when the connection closes, and each time counts as a delivery, of which a broker may allow a number only.
    func letters(of queue: String, matching id: String?, limit: Int) async throws -> [Delivery] {
        try check(queue)
        var letters: [Delivery] = []
        while letters.count < limit,
            let letter = try await administration.get(queue: topology.deadQueue(of: queue))
        {
            guard let id else {
                letters.append(letter)
                continue
            }
            if letter.messageId == id { return [letter] }
        }
        return letters
    }

    /// Publishes each letter to its queue again, and removes it once the broker has confirmed that.
    func replay(_ queue: String, matching id: String?, limit: Int) async throws -> Int {
        let letters = try await letters(of: queue, matching: id, limit: limit)
        let publisher = RabbitMQPublisher.start(
            configuration: broker, topology: topology.topology, logger: SystemOptions.logger)
        do {
            for letter in letters {
                try await publisher.publish(topology.replay(letter, to: queue))
                try await administration.acknowledge(letter.tag)
            }
            await publisher.shutdown()
        } catch {
            await publisher.shutdown()
            throw error
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

    /// Refuses to go on where no system has its queues, rather than to find nothing there.
    fileprivate func checkPrefix() async throws {
        do throws(RabbitMQError) {
            _ = try await administration.status(ofQueue: topology.deadQueue(of: topology.claimQueue))
        } catch {
            guard case .server(code: 404, _) = error else { throw error }
            let name = topology.prefix.isEmpty ? "without a prefix" : "with the prefix \(topology.prefix)"
            throw ValidationError("There are no queues \(name); check --queue-prefix or PAYLINKS_QUEUE_PREFIX.")
        }
    }
}

extension SystemOptions {
    /// Runs `body` with the system's dead letters at hand.
    func withDeadLetters<Value>(_ body: (DeadLetterBox) async throws -> Value) async throws -> Value {
        let administration = try await reach(try broker)
        let box = DeadLetterBox(
            topology: JobTopology(prefix: prefix), administration: administration, broker: try broker)
        do {
            try await box.checkPrefix()
            let value = try await body(box)
            await administration.close()
            return value
        } catch {
            await administration.close()
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
}
