internal import Synchronization
internal import Threading

/// What a consumer's tasks and its thread share.
final class ConsumerCore: Sendable {
    /// What a task has to say to the thread.
    enum Note: Sendable {
        /// What became of a delivery.
        case settled(DeliveryTag, DeliveryLedger.Verdict)
        /// A batch was taken, so there may be room to read on.
        case taken
    }

    let inbox: Inbox<Note>
    let mailbox: ConsumerMailbox
    let isReady = Atomic(false)
    let statistics = Mutex(ConsumerStatistics())
    private let tellsOfRoom: Bool

    /// - Parameter tellsOfRoom: Whether the thread stops reading at the prefetch, and must hear when to go on.
    init(
        prefetch: Int, batchLimit: Int, weigh: @escaping @Sendable (Delivery) -> Int = { _ in 1 }, tellsOfRoom: Bool
    ) {
        // Each delivery is settled once, and those of a lost channel may be settled beside those of the next.
        inbox = Inbox(capacity: 2 * max(prefetch, 512))
        mailbox = ConsumerMailbox(batchLimit: batchLimit, weigh: weigh)
        self.tellsOfRoom = tellsOfRoom
    }

    /// Posts a verdict. It can only fail to find room when deliveries are settled again and again; the surplus is
    /// dropped, for the first verdict on each is what counts.
    func settle(_ tag: DeliveryTag, _ verdict: DeliveryLedger.Verdict) {
        _ = inbox.offer(.settled(tag, verdict))
    }

    /// Lets the thread know that a batch was taken. A full inbox wakes it just as well.
    func noteTaken() {
        if tellsOfRoom { _ = inbox.offer(.taken) }
    }

    func close() {
        mailbox.close()
        inbox.close()
    }
}
