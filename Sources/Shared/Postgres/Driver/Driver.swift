internal import DequeModule
import Logging
internal import Threading

/// The one function that talks to the server, on a thread of its own: connect, serve, and again, until shutdown.
///
/// It owns every request that came out of the inbox, and answers each of them on every path.
struct Driver: ~Copyable {
    let configuration: PostgresConfiguration
    let channel: DriverChannel
    let logger: Logger

    /// Units that are not sent yet, oldest first.
    var pending = Deque<Request>()
    /// Units of open transactions, which go before all others.
    var followUps: [Request] = []
    /// Units that are sent and not answered yet, oldest first.
    var flights = Deque<Flight>()
    /// The transaction that has the connection for itself.
    var openTransaction: TransactionMark?
    /// Set once a shutdown was asked for.
    var deadline: ContinuousClock.Instant?
    var scratch = ParameterScratch()
    private var backoff: Backoff
    /// Which host to try first; the next one's turn comes when an attempt took too long.
    var firstHost = 0
    /// The last attempt failed, and that has been said in the log.
    var hasReportedFailure = false

    init(_ configuration: PostgresConfiguration, channel: DriverChannel, logger: Logger) {
        self.configuration = configuration
        self.channel = channel
        self.logger = logger
        backoff = Backoff(
            shortest: configuration.shortestReconnectPause, longest: configuration.longestReconnectPause)
    }

    mutating func run() {
        while !isDone {
            let isSound = serveOneConnection()
            if isSound { backoff.reset() }
            if !isDone { rest() }
        }
        finish()
    }

    /// Whether a shutdown was asked for and there is nothing left to do, or no time.
    var isDone: Bool {
        guard let deadline else { return false }
        return isIdle || deadline <= .now
    }

    private var isIdle: Bool {
        pending.isEmpty && followUps.isEmpty && flights.isEmpty && openTransaction == nil
    }

    /// Returns whether the connection was of use: it answered one unit or more, and was not spoiled at once, as any is
    /// by a server that takes no writes.
    private mutating func serveOneConnection() -> Bool {
        guard let connection = connect() else { return false }
        var session = Session()
        let start = ContinuousClock.now
        channel.reportConnected()
        serve(connection, &session)
        channel.reportDisconnected()
        abandonFlights()
        let hasLasted = ContinuousClock.now - start > configuration.longestReconnectPause
        return session.hasAnswered && (hasLasted || !session.isSpoiled)
    }

    /// Waits before the next attempt, taking in and timing out requests meanwhile.
    private mutating func rest() {
        var generator = SystemRandomNumberGenerator()
        let end = ContinuousClock.now + backoff.pause(using: &generator)
        while ContinuousClock.now < end && !isDone {
            _ = wait(until: end, descriptor: nil, forOutput: false)
            takeIn()
        }
    }

    /// Refuses what is left. Nothing can come in behind, for the inbox is closed.
    private mutating func finish() {
        channel.inbox.close()
        takeIn()
        while let request = pending.popFirst() { answer(request, .failure(.closed)) }
        failFollowUps { _ in true }
        logger.debug("Postgres connection shut down")
    }
}

/// What belongs to one connection and dies with it.
struct Session {
    enum End { case lost(String), spoiled }

    var pipeline = PipelineStateMachine()
    var prepared = PreparedStatements()
    var hasAnswered = false
    /// A commit is on its way: until it is known how the transaction ended, nothing else may follow.
    var isCommitting = false
    /// The connection gets no new units and is replaced once those on it are answered.
    var isSpoiled = false
    /// Bytes wait for the server to take them.
    var hasUnsentBytes = false
    /// Why the connection is over.
    var end: End?
}

/// A unit that is on its way, and what has come back of its answer.
struct Flight {
    let request: Request
    /// The connection is dropped if the answer is not complete by then.
    let answerBy: ContinuousClock.Instant
    var results: [ResultSet] = []
    var failure: PostgresError?
}
