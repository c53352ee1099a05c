/// Which deliveries of the current channel are still to be settled.
///
/// Pure bookkeeping. It lets nothing through that the broker would punish by closing the channel: a tag of an earlier
/// channel, or one settled before.
package struct DeliveryLedger {
    /// What to tell the broker.
    package enum Verdict: Sendable, Hashable {
        case acknowledge, acknowledgeUpTo, reject, requeue
    }

    private var outstanding = TagWindow<Void>()
    /// Which channel the numbers count in.
    package private(set) var generation: UInt64 = 0

    package init() {}

    /// How many deliveries are still to be settled.
    package var count: Int { outstanding.count }

    /// A new channel: whatever was outstanding belongs to the broker again.
    package mutating func beginGeneration() {
        generation += 1
        outstanding = TagWindow()
    }

    /// Notes a delivery of the current channel, and gives its tag.
    package mutating func note(_ number: UInt64) -> DeliveryTag {
        outstanding.skip(to: number)
        outstanding.append(())
        return DeliveryTag(number: number, generation: generation)
    }

    /// Whether the verdict is to be sent; if so, it counts as sent.
    package mutating func settle(_ tag: DeliveryTag, _ verdict: Verdict) -> Bool {
        guard tag.generation == generation else { return false }
        if verdict == .acknowledgeUpTo {
            guard tag.number < outstanding.nextTag else { return false }
            return !outstanding.removeAll(through: tag.number).isEmpty
        }
        return outstanding.remove(tag.number) != nil
    }
}
