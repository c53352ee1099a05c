import Synchronization

/// A bounded queue from any number of tasks to one driver thread.
///
/// What tasks put in while the thread is busy piles up, and the thread takes it all at once: the pile is its next
/// batch. The bound is the caller's back-pressure; an inbox never blocks and never drops.
package final class Inbox<Element: Sendable>: Sendable {
    /// What became of an offered element.
    package enum Offer: Sendable, Equatable {
        /// The driver thread will see it.
        case accepted
        /// The inbox holds `capacity` elements already; the element was not taken.
        case full
        /// The inbox is closed for good; the element was not taken.
        case closed
    }

    private struct State {
        var elements: [Element] = []
        var isClosed = false
    }

    /// The most elements that may wait at once.
    package let capacity: Int
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    package init(capacity: Int) {
        precondition(capacity > 0, "an inbox needs room for at least one element")
        self.capacity = capacity
    }

    /// Readable when elements wait or the inbox has closed; for the driver thread's `poll`.
    package var descriptor: Int32 { wakeup.descriptor }

    package var count: Int { state.withLock { $0.elements.count } }

    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Puts one element in, and wakes the driver thread if it may be asleep.
    package func offer(_ element: Element) -> Offer {
        offer(contentsOf: CollectionOfOne(element))
    }

    /// Puts all elements in, in order, or none of them.
    package func offer(contentsOf elements: some Collection<Element>) -> Offer {
        let (offer, wasEmpty) = state.withLock { state -> (Offer, Bool) in
            if state.isClosed { return (.closed, false) }
            if state.elements.count + elements.count > capacity { return (.full, false) }
            let wasEmpty = state.elements.isEmpty
            state.elements.append(contentsOf: elements)
            return (.accepted, wasEmpty)
        }
        if offer == .accepted && wasEmpty { wakeup.signal() }
        return offer
    }

    /// Takes everything that waits, oldest first. Only the driver thread calls this.
    package func takeAll() -> [Element] {
        wakeup.clear()
        return state.withLock { state in
            defer { state.elements = [] }
            return state.elements
        }
    }

    /// Refuses every later offer, and wakes the driver thread so that it can drain what is left and return.
    package func close() {
        state.withLock { $0.isClosed = true }
        wakeup.signal()
    }
}
