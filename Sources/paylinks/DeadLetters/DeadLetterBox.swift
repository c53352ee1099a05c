import ArgumentParser
import Jobs
import RabbitMQ

/// The dead letters of a system's queues.
struct DeadLetterBox {
    let broker: BrokerAccess

    var topology: JobTopology { broker.topology }

    func count(of queue: String) async throws -> Int {
        try await broker.administration.status(ofQueue: topology.deadQueue(of: queue)).messageCount
    }

    /// Takes letters out, oldest first: up to `limit`, or only as far as the one with the id. What is not settled goes
    /// back when the connection closes, and each time counts as a delivery, of which a broker may allow a number only.
    func letters(of queue: String, matching id: String?, limit: Int) async throws -> [Delivery] {
        try check(queue)
        var letters: [Delivery] = []
        while letters.count < limit,
            let letter = try await broker.administration.get(queue: topology.deadQueue(of: queue))
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
        try await broker.publish(letters) {
            topology.replay($0, to: queue)
        } confirmed: {
            try await broker.administration.acknowledge($0.tag)
        }
        return letters.count
    }

    func discard(_ queue: String, matching id: String?, limit: Int) async throws -> Int {
        let letters = try await letters(of: queue, matching: id, limit: limit)
        for letter in letters { try await broker.administration.acknowledge(letter.tag) }
        return letters.count
    }

    private func check(_ queue: String) throws {
        guard topology.workQueues.contains(queue) else {
            let known = topology.workQueues.joined(separator: ", ")
            throw Failure.wrongArgument("\(queue) is not a queue of this system; the queues are \(known).")
        }
    }
}

extension SystemOptions {
    /// Runs `body` with the system's dead letters at hand.
    func withDeadLetters<Value>(_ body: (DeadLetterBox) async throws -> Value) async throws -> Value {
        try await withBroker { try await body(DeadLetterBox(broker: $0)) }
    }
}
