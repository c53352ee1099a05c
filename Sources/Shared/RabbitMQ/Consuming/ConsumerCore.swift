internal import Synchronization
internal import Threading

/// What a consumer's tasks and its thread share.
final class ConsumerCore: Sendable {
    /// What a task has to say to the thread: what became of a delivery.
    struct Note: Sendable {
        let tag: DeliveryTag
        let verdict: DeliveryLedger.Verdict
    }

    let inbox: Inbox<Note>
    let mailbox: ConsumerMailbox
    let isReady = Atomic(false)
    let statistics = Mutex(ConsumerStatistics())

    init(prefetch: Int, batchLimit: Int, weigh: @escaping @Sendable (Delivery) -> Int = { _ in 1 }) {
        // Each delivery is resolved once, and those of a lost channel may be resolved beside those of the next.
        inbox = Inbox(capacity: 2 * max(prefetch, 512))
        mailbox = ConsumerMailbox(batchLimit: batchLimit, weigh: weigh)
    }

    /// Posts a verdict. It can only fail to find room when deliveries are resolved again and again; the surplus is
    /// dropped, for the first verdict on each is what counts.
    func resolve(_ tag: DeliveryTag, _ verdict: DeliveryLedger.Verdict) {
        _ = inbox.offer(Note(tag: tag, verdict: verdict))
    }

    func close() {
        mailbox.close()
        inbox.close()
    }
}
