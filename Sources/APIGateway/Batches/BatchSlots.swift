import Synchronization

/// Bounds how many batches a gateway works on at once.
package final class BatchSlots: Sendable {
    private let limit: Int
    private let taken = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    package var takenCount: Int { taken.load(ordering: .relaxed) }

    /// A slot, if one is free; it is free again once nobody holds on to it.
    package func take() -> BatchSlot? {
        guard taken.add(1, ordering: .relaxed).newValue <= limit else {
            release()
            return nil
        }
        return BatchSlot(of: self)
    }

    fileprivate func release() { taken.subtract(1, ordering: .relaxed) }
}

/// A batch's place among those that are worked on. The answer's body holds it, so that it is given back whether the
/// body is written to its end, breaks off, or is never asked for.
package final class BatchSlot: Sendable {
    private let slots: BatchSlots

    fileprivate init(of slots: BatchSlots) {
        self.slots = slots
    }

    deinit { slots.release() }
}
