import Glibc

/// Sends what is due as soon as a connection is free, and notes what comes back.
///
/// It works on sockets itself, on one thread, at two thirds of what a framework's channels cost: the processor time that
/// it takes is missing to the system under load.
struct OpenLoop: ~Copyable {
    private let schedule: Schedule
    private let requests: RequestSource
    private let target: Target
    private var tally: Tally

    private var poller: Poller
    private var connections: [Connection] = []
    /// The numbers of the connections that wait for a request.
    private var idle: [Int] = []
    private var request: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// The moment that the schedule counts from, in nanoseconds of the system's clock.
    private var start: UInt64 = 0
    private var nextIndex = 0
    private var answeredCount = 0
    private var lostCount = 0

    /// The shortest time between two lookings for what is due, in nanoseconds.
    private static let step: UInt64 = 500_000
    /// How many connections are made before the server gets a moment to take them.
    private static let dialsAtOnce = 64

    init(schedule: Schedule, requests: RequestSource, target: Target) throws {
        self.schedule = schedule
        self.requests = requests
        self.target = target
        tally = Tally(phases: schedule.phases)
        poller = try Poller()
    }

    mutating func run() throws -> Report {
        for number in 0..<target.connections {
            connections.append(try dial(number))
            idle.append(number)
            if number % Self.dialsAtOnce == 0 { usleep(1000) }
        }
        start = Self.now()
        while nextIndex < schedule.count {
            try sendWhatIsDue()
            // What is due within one step goes out together: each waking costs more than a request. A request that
            // waits for the step is charged for the wait.
            let due = nextIndex < schedule.count ? schedule.due(nextIndex).nanoseconds : 0
            try receive(nanoseconds: max(due - min(due, elapsed), Self.step))
        }
        let end = elapsed + UInt64(target.patience) * 1_000_000_000
        while answeredCount + lostCount < schedule.count, elapsed < end { try receive(nanoseconds: end - elapsed) }
        for connection in connections { connection.close() }
        return tally.report(due: schedule.count, sent: nextIndex, answered: answeredCount, lost: lostCount)
    }

    private func dial(_ number: Int) throws(SystemError) -> Connection {
        let connection = try Connection(port: target.port)
        try connection.watch(by: poller, as: number)
        return connection
    }

    private mutating func sendWhatIsDue() throws {
        let now = elapsed
        while nextIndex < schedule.count, schedule.due(nextIndex).nanoseconds <= now, let number = idle.popLast() {
            request.removeAll(keepingCapacity: true)
            requests.write(nextIndex, to: &request)
            tally.noteSent(now: now)
            if !connections[number].send(nextIndex, at: now, request) { try replace(number) }
            nextIndex += 1
        }
    }

    /// Waits at most that long for answers, and notes those that have come.
    private mutating func receive(nanoseconds: UInt64) throws {
        for index in 0..<(try poller.wait(nanoseconds: nanoseconds)) {
            let number = poller.ready(index)
            let underWay = connections[number].underWay
            switch connections[number].receive(&buffer) {
            case .nothing: break
            case .end: try replace(number)
            case .answer(let status):
                guard let underWay else { continue }
                let due = schedule.due(underWay)
                tally.note(
                    status: status, phase: due.phase, due: due.nanoseconds, sent: connections[number].sentAt,
                    now: elapsed)
                answeredCount += 1
                idle.append(number)
            }
        }
    }

    /// Makes a new connection in the place of one that ended, with its request if it had one.
    private mutating func replace(_ number: Int) throws {
        connections[number].close()
        if connections[number].underWay != nil {
            lostCount += 1
            idle.append(number)
        }
        connections[number] = try dial(number)
    }

    /// Nanoseconds since the start.
    private var elapsed: UInt64 { Self.now() - start }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
