import PaymentLinks
import ServiceLifecycle
import Storage
import Synchronization

/// Holds the board, and runs what it starts: a task for each attempt, never more than the board's slots.
final class Dispatcher: Service {
    /// The most tests under way, beside the board's slots.
    private static let testLimit = 64

    private let board: Mutex<DeliveryBoard>
    private let attempter: Attempter
    private let recorder: AttemptRecorder
    private let due: DueDeliveryStore
    /// What an attempt takes at most: a lease must have more than this left.
    private let attemptTime: Duration
    private let testsUnderWay = Atomic(0)
    private let started: AsyncStream<HeldDelivery>
    private let continuation: AsyncStream<HeldDelivery>.Continuation

    init(
        limits: DeliveryBoard.Limits, attempter: Attempter, recorder: AttemptRecorder, due: DueDeliveryStore,
        attemptTime: Duration
    ) {
        board = Mutex(DeliveryBoard(limits: limits))
        self.attempter = attempter
        self.recorder = recorder
        self.due = due
        self.attemptTime = attemptTime
        (started, continuation) = AsyncStream.makeStream()
    }

    /// How many more deliveries the endpoint takes now.
    ///
    /// - Parameter recoveries: how often it became well again; an earlier failure is forgotten first.
    func room(_ endpoint: WebhookID, standing: EndpointStanding, recoveries: Int64) -> Int {
        board.withLock { board in
            board.learn(endpoint, standing: standing, recoveries: recoveries)
            return board.room(endpoint, standing: standing, at: .now)
        }
    }

    /// Takes leased deliveries in, starts those that may, and gives back those whose endpoint is shut off by now.
    func admit(_ deliveries: [LeasedDelivery], leaseEnd: ContinuousClock.Instant) async {
        let held = deliveries.map { HeldDelivery(delivery: $0, leaseEnd: leaseEnd) }
        await giveBack(start { $0.admit(held, at: .now) })
    }

    /// How many more tests may be under way.
    var roomForTests: Int { max(0, Self.testLimit - testsUnderWay.load(ordering: .relaxed)) }

    /// Starts tests, which stay off the board.
    func startTests(_ tests: [LeasedDelivery], leaseEnd: ContinuousClock.Instant) {
        testsUnderWay.add(tests.count, ordering: .relaxed)
        for test in tests { continuation.yield(HeldDelivery(delivery: test, leaseEnd: leaseEnd)) }
    }

    /// Attempts until the service is asked to stop; then gives back what waits, and finishes what is under way.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await held in started {
                    group.addTask { await held.delivery.isTest ? self.attemptTest(held) : self.attempt(held) }
                }
            }
        } onGracefulShutdown: {
            self.board.withLock { $0.close() }
            self.continuation.finish()
        }
        try? await due.release(board.withLock { $0.empty() })
    }

    private func attemptTest(_ held: HeldDelivery) async {
        if let result = await result(of: held) { recorder.add(result.record) }
        testsUnderWay.subtract(1, ordering: .relaxed)
    }

    private func attempt(_ held: HeldDelivery) async {
        let endpoint = held.delivery.target.webhookId
        let result = await result(of: held)
        var backoff: Duration?
        let released = start { board in
            let now = ContinuousClock.now
            let released = board.finish(endpoint, result?.impression ?? .unknown, at: now)
            backoff = board.backoff(of: endpoint, at: now)
            return released
        }
        if var record = result?.record {
            record.backoff = backoff
            recorder.add(record)
        }
        await giveBack(released)
    }

    /// Makes the attempt; `nil` when the lease has ended, as after a pause of the process: another worker has it now.
    private func result(of held: HeldDelivery) async -> Attempter.Result? {
        guard held.leaseEnd > .now else { return nil }
        return await attempter.attempt(held.delivery)
    }

    /// Changes the board, starts what may start then, and returns what the change has released.
    private func start(after change: (inout DeliveryBoard) -> [DeliveryLease]) -> [DeliveryLease] {
        let (deliveries, released) = board.withLock { board in
            let released = change(&board)
            return (board.start(at: .now, leasedBeyond: .now + attemptTime), released)
        }
        for delivery in deliveries { continuation.yield(delivery) }
        return released
    }

    /// What cannot be given back is due again when its lease ends.
    private func giveBack(_ released: [DeliveryLease]) async {
        if !released.isEmpty { try? await due.release(released) }
    }

    var underWay: Int { board.withLock { $0.underWay } }
    var waiting: Int { board.withLock { $0.waiting } }
}
