package import RabbitMQ

/// Messages that the broker has not confirmed yet: fewer with each round.
package struct UnconfirmedBatch<ID: Hashable & Sendable>: Sendable {
    /// A message, and what it is about, such as the deliveries that it answers.
    package struct Item: Hashable, Sendable {
        package let message: OutgoingMessage
        package let ids: [ID]

        package init(message: OutgoingMessage, ids: [ID]) {
            self.message = message
            self.ids = ids
        }
    }

    /// What to do after a round.
    package enum Step: Hashable, Sendable {
        /// Nothing is owed any more.
        case done
        /// Publish what is left after a pause; this is one of the reasons.
        case retry(RabbitMQError)
        /// The publisher has been shut down: leave the batch to the broker, which will deliver it again.
        case giveBack
    }

    package private(set) var items: [Item]
    /// What messages are about that break the protocol's limits, so that they can never be published.
    package private(set) var unpublishable: Set<ID> = []

    package init(_ items: [Item]) {
        self.items = items
    }

    package mutating func add(_ items: [Item]) { self.items += items }

    package mutating func takeUnpublishable() -> Set<ID> {
        defer { unpublishable = [] }
        return unpublishable
    }

    package var messages: [OutgoingMessage] { items.map(\.message) }

    /// Takes in the broker's word on each message, in their order.
    package mutating func record(_ results: [Result<Void, RabbitMQError>]) -> Step {
        var left: [Item] = []
        var step = Step.done
        for (item, result) in zip(items, results) {
            guard case .failure(let error) = result else { continue }
            if case .invalidMessage = error {
                unpublishable.formUnion(item.ids)
            } else {
                left.append(item)
                step = Self.worse(step, error)
            }
        }
        items = left
        return step
    }

    private static func worse(_ step: Step, _ error: RabbitMQError) -> Step {
        if error == .closed || error == .cancelled || step == .giveBack { return .giveBack }
        return .retry(error)
    }
}
