import PaymentLinks
import ServiceLifecycle
import Storage
import Synchronization

/// Holds the board, and runs what it starts: a task for each attempt, never more than the board's slots.
final class Dispatcher: Service {
    private let board: Mutex<DeliveryBoard>
    private let attempter: Attempter
    private let recorder: AttemptRecorder
    private let due: DueDeliveryStore
    /// What an attempt takes at most: a lease must have more than this left.
    private let attemptTime: Duration
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

    /// Takes leased deliveries in, and starts those that may.
    func admit(_ deliveries: [LeasedDelivery], leaseEnd: ContinuousClock.Instant) {
        let held = deliveries.map { HeldDelivery(delivery: $0, leaseEnd: leaseEnd) }
        start { $0.admit(held) }
    }

    /// Attempts until the service is asked to stop; then gives back what waits, and finishes what is under way.
    func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await delivery in started {
                    group.addTask { await self.attempt(delivery) }
                }
            }
        } onGracefulShutdown: {
            self.board.withLock { $0.close() }
            self.continuation.finish()
        }
        try? await due.release(board.withLock { $0.empty() })
    }

    /// Attempts a test, which is nobody's neighbour and stays off the board.
    func attemptTest(_ delivery: LeasedDelivery) async {
        recorder.add(await attempter.attempt(delivery).record)
    }

    private func attempt(_ delivery: LeasedDelivery) async {
        let result = await attempter.attempt(delivery)
        recorder.add(result.record)
        var released: [DeliveryID] = []
        start { released = $0.finish(delivery.target.webhookId, result.impression, at: .now) }
        // What cannot be given back is due again when its lease ends.
        try? await due.release(released)
    }

    private func start(after change: (inout DeliveryBoard) -> Void) {
        let deliveries = board.withLock { board in
            change(&board)
            return board.start(at: .now, leasedBeyond: .now + attemptTime)
        }
        for delivery in deliveries { continuation.yield(delivery) }
    }

    var underWay: Int { board.withLock { $0.underWay } }
    var waiting: Int { board.withLock { $0.waiting } }
}
