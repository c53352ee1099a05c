internal import Metrics

/// Reconnections to RabbitMQ, over the whole process.
enum Reconnects {
    private static let counter = Counter(label: "paylinks_reconnects_total", dimensions: [("server", "rabbitmq")])

    /// Counts a connection, unless it is its client's first; that one only makes the metric appear.
    static func count(isFirst: Bool) {
        counter.increment(by: isFirst ? 0 : 1)
    }
}
