/// How much goes into one message of several parts.
enum MessageSize {
    /// The most bytes of parts: 1 MiB. One part alone may be larger. Brokers refuse messages beyond their own limit,
    /// and the connection with them. (RabbitMQ: `max_message_size`)
    static let limit = 1 << 20

    /// The parts by the message, in their order; none is larger than a message may be, except for a single part.
    ///
    /// - Parameter weigh: how many bytes a part takes, without the comma between it and the next.
    static func split<Part>(_ parts: [Part], weigh: (Part) -> Int) -> [[Part]] {
        var messages: [[Part]] = []
        var (first, size) = (0, 0)
        for (index, part) in parts.enumerated() {
            let weight = weigh(part) + 1
            size += weight
            guard size > limit, index > first else { continue }
            messages.append(Array(parts[first..<index]))
            (first, size) = (index, weight)
        }
        return messages + [first == 0 ? parts : Array(parts[first...])]
    }
}
