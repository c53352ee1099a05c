internal import CLinux
internal import Logging
internal import Threading

/// Finds a broker: tries the addresses in turn, and knows how long to pause between two rounds.
struct Dialer {
    private let configuration: RabbitMQConfiguration
    private let logger: Logger
    private var position = 0
    private var backoff: Backoff
    private var establishedAt: ContinuousClock.Instant?
    /// Whether it has been said that there is no connection: once for an outage is enough.
    private var hasReportedFailure = false

    init(_ configuration: RabbitMQConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        backoff = Backoff(shortest: configuration.minimumBackoff, longest: configuration.maximumBackoff)
    }

    /// Tries each address once, from the one that served last, until one opens and passes `prepare`.
    ///
    /// Gives up between two addresses when `isWanted` says so. Throws the last address's error.
    mutating func connect(
        while isWanted: () -> Bool, prepare: (borrowing ConnectionHandle) throws(RabbitMQError) -> Void
    ) throws(RabbitMQError) -> ConnectionHandle {
        var failure = RabbitMQError.closed
        for _ in configuration.addresses where isWanted() {
            let address = configuration.addresses[position]
            do throws(RabbitMQError) {
                return try established(at: address, prepare: prepare)
            } catch {
                failure = error
                position = (position + 1) % configuration.addresses.count
                report(error, at: address)
            }
        }
        throw failure
    }

    /// How long to pause after a failed round or a lost connection.
    mutating func pause() -> Duration {
        if let establishedAt, establishedAt.duration(to: .now) > configuration.maximumBackoff { backoff.reset() }
        establishedAt = nil
        var generator = SystemRandomNumberGenerator()
        return backoff.pause(using: &generator)
    }

    private mutating func established(
        at address: BrokerAddress, prepare: (borrowing ConnectionHandle) throws(RabbitMQError) -> Void
    ) throws(RabbitMQError) -> ConnectionHandle {
        let connection = try ConnectionHandle.open(address, configuration)
        do throws(RabbitMQError) {
            try prepare(connection)
        } catch {
            connection.close()
            throw error
        }
        establishedAt = .now
        hasReportedFailure = false
        logger.info("connected to the broker", metadata: ["address": "\(address)"])
        return connection
    }

    private mutating func report(_ error: RabbitMQError, at address: BrokerAddress) {
        let metadata: Logger.Metadata = ["address": "\(address)", "error": "\(error)"]
        if !error.isTransient {
            logger.error("the broker refused this client", metadata: metadata)
        } else {
            logger.log(level: hasReportedFailure ? .debug : .warning, "no connection to the broker", metadata: metadata)
            hasReportedFailure = true
        }
    }
}
