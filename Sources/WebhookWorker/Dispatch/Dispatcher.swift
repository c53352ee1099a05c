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
    private let started: AsyncStream<LeasedDelivery>
    private let continuation: AsyncStream<LeasedDelivery>.Continuation

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
    func room(_ endpoint: WebhookID, standing: EndpointStanding) -> Int {
        board.withLock { $0.room(endpoint, standing: standing, at: .now) }
    }

    /// Takes leased deliveries in, starts those that may, and gives back those whose endpoint is shut off by now.
    func admit(_ deliveries: [LeasedDelivery], leaseEnd: ContinuousClock.Instant) async {
        let held = deliveries.map { HeldDelivery(delivery: $0, leaseEnd: leaseEnd) }
        await giveBack(start { $0.admit(held, at: .now) })
    }

    /// How many more tests may be under way.
    var roomForTests: Int { max(0, Self.testLimit - testsUnderWay.load(ordering: .relaxed)) }

    /// Starts tests, which are nobody's neighbours and stay off the board.
    func startTests(_ tests: [LeasedDelivery]) {
        testsUnderWay.add(tests.count, ordering: .relaxed)
        for test in tests { continuation.yield(test) }
    }

    /// Attempts until the service is asked to stop; then gives back what waits, and finishes what is under way.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await delivery in started {
                    group.addTask { await delivery.isTest ? self.attemptTest(delivery) : self.attempt(delivery) }
                }
            }
        } onGracefulShutdown: {
            self.board.withLock { $0.close() }
            self.continuation.finish()
        }
        try? await due.release(board.withLock { $0.empty() })
    }

    private func attemptTest(_ delivery: LeasedDelivery) async {
        recorder.add(await attempter.attempt(delivery).record)
        testsUnderWay.subtract(1, ordering: .relaxed)
    }

    private func attempt(_ delivery: LeasedDelivery) async {
        let result = await attempter.attempt(delivery)
        recorder.add(result.record)
        await giveBack(start { $0.finish(delivery.target.webhookId, result.impression, at: .now) })
    }

    /// Changes the board, starts what may start then, and returns what the change has released.
    private func start(after change: (inout DeliveryBoard) -> [DeliveryID]) -> [DeliveryID] {
        let (deliveries, released) = board.withLock { board in
            let released = change(&board)
            return (board.start(at: .now, leasedBeyond: .now + attemptTime), released)
        }
        for delivery in deliveries { continuation.yield(delivery) }
        return released
    }

    /// What cannot be given back is due again when its lease ends.
    private func giveBack(_ released: [DeliveryID]) async {
        if !released.isEmpty { try? await due.release(released) }
    }

    var underWay: Int { board.withLock { $0.underWay } }
    var waiting: Int { board.withLock { $0.waiting } }
}
