package import RabbitMQ

/// What a batch still owes to the broker: messages shrink to those that were not confirmed, round by round.
package struct UnconfirmedBatch: Sendable {
    /// A message, and the deliveries that it answers.
    package struct Item: Hashable, Sendable {
        package let message: OutgoingMessage
        package let tags: [DeliveryTag]

        package init(message: OutgoingMessage, tags: [DeliveryTag]) {
            self.message = message
            self.tags = tags
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
    /// Deliveries whose answer can never be published, for it breaks the protocol's limits.
    package private(set) var unpublishable: Set<DeliveryTag> = []

    package init(_ items: [Item]) {
        self.items = items
    }

    package var messages: [OutgoingMessage] { items.map(\.message) }

    /// Takes in the broker's word on each message, in their order.
    package mutating func record(_ results: [Result<Void, RabbitMQError>]) -> Step {
        var left: [Item] = []
        var step = Step.done
        for (item, result) in zip(items, results) {
            guard case .failure(let error) = result else { continue }
            if case .invalidMessage = error {
                unpublishable.formUnion(item.tags)
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
