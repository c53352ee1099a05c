internal import Synchronization
internal import Threading

/// One message on its way, and whom to tell.
struct Publish: Sendable {
    let message: OutgoingMessage
    let ticket: PublishTicket
    /// The message's place in its batch.
    let index: Int
    let deadline: ContinuousClock.Instant

    func resolve(_ outcome: Result<Void, RabbitMQError>) {
        ticket.resolve(index, outcome)
    }
}

/// What a publisher's tasks and its thread share.
final class PublisherCore: Sendable {
    let inbox: Inbox<Publish>
    let isReady = Atomic(false)
    let statistics = Mutex(PublisherStatistics())
    private let unresolved = Atomic(0)
    private let drainDeadline = Mutex<ContinuousClock.Instant?>(nil)

    init(capacity: Int) {
        inbox = Inbox(capacity: capacity)
    }

    /// Takes the messages on if the bound allows for all of them.
    func admit(_ publishes: [Publish]) -> Inbox<Publish>.Offer {
        let total = unresolved.add(publishes.count, ordering: .relaxed).newValue
        let offer = total > inbox.capacity ? .full : inbox.offer(contentsOf: publishes)
        if offer != .accepted { release(publishes.count) }
        return offer
    }

    /// Gives back the room of messages that the thread is done with.
    func release(_ count: Int) {
        unresolved.subtract(count, ordering: .relaxed)
    }

    /// Takes no more messages; the thread ends once all are resolved, or at the deadline. The first deadline counts.
    func close(drainUntil deadline: ContinuousClock.Instant) {
        drainDeadline.withLock { $0 = $0 ?? deadline }
        inbox.close()
    }

    /// When to stop at the latest, once that is decided.
    var closing: ContinuousClock.Instant? { drainDeadline.withLock(\.self) }
}
