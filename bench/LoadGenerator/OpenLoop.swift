import NIOCore
import NIOPosix

/// Sends what is due as soon as a connection is free, and notes what comes back. Lives on one event loop.
final class OpenLoop {
    private let loop: any EventLoop
    private let schedule: Schedule
    private let requests: RequestSource
    private let target: Target
    private let finished: EventLoopPromise<Report>
    private var tally: Tally

    private var idle: [Connection] = []
    private var openCount = 0
    /// The moment that the schedule counts from, once all connections are there.
    private var start: NIODeadline?
    private var nextIndex = 0
    private var answeredCount = 0
    private var lostCount = 0
    private var hasEnded = false

    /// The shortest time between two lookings for what is due.
    private static let step = TimeAmount.microseconds(500)
    /// How many connections are made at once.
    private static let dialers = 64

    static func run(
        on loop: any EventLoop, schedule: Schedule, requests: RequestSource, target: Target
    ) async throws -> Report {
        try await loop.flatSubmit {
            let load = OpenLoop(on: loop, schedule: schedule, requests: requests, target: target)
            load.connect()
            // The promise's future keeps the load alive until it has ended.
            let bound = NIOLoopBound(load, eventLoop: loop)
            return load.finished.futureResult.always { _ in _ = bound.value }
        }.get()
    }

    private init(on loop: any EventLoop, schedule: Schedule, requests: RequestSource, target: Target) {
        self.loop = loop
        self.schedule = schedule
        self.requests = requests
        self.target = target
        finished = loop.makePromise(of: Report.self)
        tally = Tally(phases: schedule.phases)
    }

    // MARK: - Connections

    private func connect() {
        for _ in 0..<min(Self.dialers, target.connections) { dial() }
    }

    private func dial() {
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(load: bound.value))
                }
            }
            .connect(host: "127.0.0.1", port: target.port)
            .whenFailure { bound.value.finished.fail($0) }
    }

    func opened(_ connection: Connection) {
        idle.append(connection)
        openCount += 1
        if start != nil { return send() }
        if openCount + Self.dialers <= target.connections { dial() }
        if openCount == target.connections { begin() }
    }

    func closed(_ connection: Connection, losing index: Int?) {
        if hasEnded { return }
        idle.removeAll { $0 === connection }
        if index != nil {
            lostCount += 1
            endIfDone()
        }
        dial()
    }

    // MARK: - Requests

    private func begin() {
        start = .now()
        tick()
    }

    private var elapsed: UInt64 {
        guard let start else { return 0 }
        return UInt64((NIODeadline.now() - start).nanoseconds)
    }

    /// Sends what is due, and comes again when the next one is.
    private func tick() {
        send()
        guard let start, nextIndex < schedule.count else { return waitForTheRest() }
        let due = start + .nanoseconds(Int64(schedule.due(nextIndex).nanoseconds))
        // What is due within one step goes out together: each waking costs more than a request, on cores that the system
        // under load needs. A request that waits for the step is charged for the wait.
        let next = max(due, .now() + Self.step)
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(deadline: next) { bound.value.tick() }
    }

    private func send() {
        guard start != nil else { return }
        let now = elapsed
        while nextIndex < schedule.count, schedule.due(nextIndex).nanoseconds <= now, let connection = idle.popLast() {
            var buffer = ByteBufferAllocator().buffer(capacity: 1024)
            requests.write(nextIndex, to: &buffer)
            connection.send(nextIndex, buffer)
            nextIndex += 1
        }
    }

    func answered(_ index: Int, status: Int, by connection: Connection) {
        let due = schedule.due(index)
        tally.note(status: status, phase: due.phase, due: due.nanoseconds, now: elapsed)
        answeredCount += 1
        idle.append(connection)
        send()
        endIfDone()
    }

    // MARK: - The end

    private func waitForTheRest() {
        endIfDone()
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: target.patience) { bound.value.end() }
    }

    private func endIfDone() {
        if answeredCount + lostCount == schedule.count { end() }
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        finished.succeed(
            tally.report(due: schedule.count, sent: nextIndex, answered: answeredCount, lost: lostCount))
    }
}
