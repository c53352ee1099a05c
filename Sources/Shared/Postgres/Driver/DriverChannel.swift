import Synchronization
internal import Threading

/// What reaches a driver thread.
enum DriverMessage: Sendable {
    case request(Request)
    /// Look around: a request was cancelled, or there is a deadline now.
    case wakeUp
}

/// What tasks and one driver thread share: the inbox, the count of unanswered requests, and the state to report.
final class DriverChannel: Sendable {
    /// The inbox has room for the requests of the open transaction beside those that are counted.
    private static let inboxFactor = 2

    let inbox: Inbox<DriverMessage>
    private let capacity: Int
    private let unansweredCount = Atomic<Int>(0)
    private let inFlightCount = Atomic<Int>(0)
    private let connectionCount = Atomic<Int>(0)
    private let unitCount = Atomic<Int>(0)
    private let statementCount = Atomic<Int>(0)
    private let hasConnection = Atomic<Bool>(false)
    private let shutdownDeadline = Mutex<ContinuousClock.Instant?>(nil)

    init(capacity: Int) {
        self.capacity = capacity
        inbox = Inbox(capacity: capacity * Self.inboxFactor)
    }

    /// Requests that wait or are on their way.
    var unanswered: Int { unansweredCount.load(ordering: .relaxed) }

    /// When everything has to be over, once a shutdown was asked for.
    var deadline: ContinuousClock.Instant? { shutdownDeadline.withLock { $0 } }

    var isReady: Bool { hasConnection.load(ordering: .relaxed) && deadline == nil }

    var statistics: PostgresStatistics {
        let inFlight = inFlightCount.load(ordering: .relaxed)
        return PostgresStatistics(
            reconnects: max(0, connectionCount.load(ordering: .relaxed) - 1),
            inFlight: inFlight,
            queued: max(0, unanswered - inFlight),
            units: unitCount.load(ordering: .relaxed),
            statements: statementCount.load(ordering: .relaxed))
    }

    // MARK: For tasks

    /// Hands the request over and waits for its answer, however long the driver takes about it.
    func submit(_ request: Request) async -> Request.Answer {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard request.wait(continuation) else { return }
                if let refusal = offer(request) { request.resolve(.failure(refusal)) }
            }
        } onCancel: {
            if request.cancel() { _ = inbox.offer(.wakeUp) }
        }
    }

    /// Refuses every new unit, and has the driver return once what is there is done, by `deadline` at the latest.
    ///
    /// Should the inbox have no room for the message, the driver is about to wake without it.
    func shutDown(deadline: ContinuousClock.Instant) {
        shutdownDeadline.withLock { $0 = min($0 ?? deadline, deadline) }
        _ = inbox.offer(.wakeUp)
    }

    /// Units inside an open transaction are let in however many wait, as far as the inbox has room: there is one such
    /// transaction, and it must come to its end.
    private func offer(_ request: Request) -> PostgresError? {
        let isFollowUp = request.role.map { !$0.begins } ?? false
        if !isFollowUp && deadline != nil { return .closed }
        let count = unansweredCount.add(1, ordering: .relaxed).newValue
        let offer = isFollowUp || count <= capacity ? inbox.offer(.request(request)) : .full
        if offer == .accepted { return nil }
        unansweredCount.subtract(1, ordering: .relaxed)
        return offer == .full ? .overloaded : .closed
    }

    // MARK: For the driver thread

    /// Notes a request that the driver made itself.
    func retain() {
        unansweredCount.add(1, ordering: .relaxed)
    }

    /// Notes that the driver is done with a request.
    func release() {
        unansweredCount.subtract(1, ordering: .relaxed)
    }

    func report(inFlight: Int) {
        inFlightCount.store(inFlight, ordering: .relaxed)
    }

    /// Notes a unit of so many statements that goes out.
    func reportSent(statements: Int) {
        unitCount.add(1, ordering: .relaxed)
        statementCount.add(statements, ordering: .relaxed)
    }

    func reportConnected() {
        Reconnects.count(isFirst: connectionCount.add(1, ordering: .relaxed).oldValue == 0)
        hasConnection.store(true, ordering: .relaxed)
    }

    func reportDisconnected() {
        hasConnection.store(false, ordering: .relaxed)
    }
}
