/// Which deliveries of the current channel are still to be resolved.
///
/// Pure bookkeeping. It lets nothing through that the broker would punish by closing the channel: a tag of an earlier
/// channel, or one resolved before.
package struct DeliveryLedger {
    /// What to tell the broker.
    package enum Verdict: Sendable, Hashable {
        case acknowledge, acknowledgeUpTo, reject, requeue
    }

    /// Each under its own number.
    private var outstanding = TagWindow<UInt64>()
    /// Which channel the numbers count in.
    package private(set) var generation: UInt64 = 0

    package init() {}

    /// How many deliveries are still to be resolved.
    package var count: Int { outstanding.count }

    /// A new channel: whatever was outstanding belongs to the broker again.
    package mutating func beginGeneration() {
        generation += 1
        outstanding = TagWindow()
    }

    /// Notes a delivery of the current channel, and gives its tag; `nil` when it is not the next one.
    ///
    /// A channel that only consumes counts its deliveries without a gap. One that went missing must not be acknowledged
    /// with those around it.
    package mutating func note(_ number: UInt64) -> DeliveryTag? {
        guard number == outstanding.nextTag else { return nil }
        outstanding.append(number)
        return DeliveryTag(number: number, generation: generation)
    }

    /// The number to send the verdict with, and it counts as sent then; `nil` when it must not be sent.
    ///
    /// A verdict on all up to one that is resolved already goes out for the last before it that is not: of a number
    /// that it knows no more the broker makes an error.
    package mutating func resolve(_ tag: DeliveryTag, _ verdict: Verdict) -> UInt64? {
        guard tag.generation == generation else { return nil }
        if verdict == .acknowledgeUpTo {
            guard tag.number < outstanding.nextTag else { return nil }
            return outstanding.removeAll(through: tag.number).last
        }
        return outstanding.remove(tag.number)
    }
}
