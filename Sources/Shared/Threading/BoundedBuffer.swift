import Synchronization

/// Where what one task brings waits until another takes it: so much, and no more.
///
/// One task puts, one takes. Who takes gets all that has piled up, so that what comes one by one is still worked on
/// many at a time. Every wait ends: by the other side, or by `close`.
package final class BoundedBuffer<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var weight = 0
        /// The least that is taken at once.
        var minimum = 0
        var isFinished = false
        var isClosed = false
        var putter: Waiter?
        var taker: Waiter?

        /// Whether who takes need not wait.
        var isEnough: Bool { !elements.isEmpty && (weight >= minimum || isFinished) }
    }

    private typealias Waiter = CheckedContinuation<Void, Never>

    private let limit: Int
    private let weigh: @Sendable (Element) -> Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: nothing more is let in while what waits weighs as much.
    ///   - weigh: what an element weighs.
    package init(limit: Int, weigh: @escaping @Sendable (Element) -> Int) {
        self.limit = limit
        self.weigh = weigh
    }

    /// Puts an element, once there is room. False when the buffer is closed.
    package func put(_ element: Element) async -> Bool {
        while true {
            let (isDone, isOpen, taker) = offer(element)
            taker?.resume()
            if isDone || !isOpen { return isOpen }
            await waitForRoom()
        }
    }

    /// Says that no more will come.
    package func finish() {
        state.withLock { state in
            state.isFinished = true
            return Self.wake(&state.taker)
        }?.resume()
    }

    /// Says how much must wait from now on before it is taken; less is taken at the end only. At first, anything is.
    package func require(_ minimum: Int) {
        state.withLock { state in
            state.minimum = minimum
            return state.isEnough ? Self.wake(&state.taker) : nil
        }?.resume()
    }

    /// Everything that waits, as soon as there is enough; `nil` at the end.
    package func take() async -> [Element]? {
        while true {
            let (elements, isOver, putter) = drain()
            putter?.resume()
            if elements != nil || isOver { return elements }
            await waitForElements()
        }
    }

    /// Ends every wait, those of the future too.
    package func close() {
        let (putter, taker) = state.withLock { state in
            state.isClosed = true
            return (Self.wake(&state.putter), Self.wake(&state.taker))
        }
        putter?.resume()
        taker?.resume()
    }

    private func offer(_ element: Element) -> (isDone: Bool, isOpen: Bool, taker: Waiter?) {
        let weight = weigh(element)
        return state.withLock { state in
            if state.isClosed { return (false, false, nil) }
            guard state.weight < limit else { return (false, true, nil) }
            state.elements.append(element)
            state.weight += weight
            return (true, true, state.isEnough ? Self.wake(&state.taker) : nil)
        }
    }

    private func drain() -> (elements: [Element]?, isOver: Bool, putter: Waiter?) {
        state.withLock { state in
            if state.isClosed { return (nil, true, nil) }
            guard state.isEnough else { return (nil, state.isFinished, nil) }
            defer { (state.elements, state.weight) = ([], 0) }
            return (state.elements, false, Self.wake(&state.putter))
        }
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, state.weight >= limit else { return false }
                precondition(state.putter == nil, "one task puts at a time")
                state.putter = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func waitForElements() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, !state.isFinished, !state.isEnough else { return false }
                precondition(state.taker == nil, "one task takes at a time")
                state.taker = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private static func wake(_ waiter: inout Waiter?) -> Waiter? {
        defer { waiter = nil }
        return waiter
    }
}
