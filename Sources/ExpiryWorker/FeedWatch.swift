import Logging
import Metrics
import Storage

/// Reports for how long open transactions have held the feed of events back, once a second.
struct FeedWatch: Sendable {
    private static let interval = Duration.seconds(1)
    /// A batch commits within milliseconds, so a transaction that holds the feed for longer is stuck.
    private static let longestLag = Duration.seconds(10)

    private let writers: FeedWriters
    private let logger: Logger
    private let lag = Gauge(label: "paylinks_event_feed_lag_seconds")

    init(writers: FeedWriters, logger: Logger) {
        self.writers = writers
        self.logger = logger
    }

    /// Reports until the task is cancelled.
    func run() async {
        var feed = FeedLag()
        while !Task.isCancelled {
            await report(&feed)
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    private func report(_ feed: inout FeedLag) async {
        do {
            let (lag, oldest) = feed.observe(try await writers.open(), at: .now)
            self.lag.record(lag / .seconds(1))
            guard lag > Self.longestLag, let oldest else { return }
            logger.warning(
                "an open transaction holds the feed of events back",
                metadata: ["seconds": "\(lag.components.seconds)", "postgres_pid": "\(oldest.pid)"])
        } catch {
            logger.warning("the feed's writers cannot be looked at now", metadata: ["error": "\(error)"])
        }
    }
}
