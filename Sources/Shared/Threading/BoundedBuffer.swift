import Synchronization

/// Where what one task brings waits until another takes it: so much, and no more.
///
/// One task puts. Who takes gets all that has piled up, so that what comes one by one is still worked on many at a
/// time. Every wait ends: by the other side, or by `close`.
package final class BoundedBuffer<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var weight = 0
        var isFinished = false
        var isClosed = false
        /// How often something was taken.
        var takings = 0
        var putter: Waiter?
        var takers: [Taker] = []
    }

    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct Taker {
        let minimum: Int
        let waiter: Waiter
    }

    /// What was taken at once.
    package struct Taking: Sendable {
        /// How many were taken before this one.
        package let number: Int
        package let elements: [Element]
    }

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

    /// Puts an element, once there is room. False when nobody will take it any more.
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
        let takers = state.withLock { state in
            state.isFinished = true
            return Self.wakeAll(&state)
        }
        for taker in takers { taker.resume() }
    }

    /// Everything that waits, as soon as it weighs enough; `nil` at the end. Any number of tasks may take.
    ///
    /// - Parameter minimum: the least that what is taken weighs, or else there must be anything at all. What is left at
    ///   the end and weighs less is for others to take.
    package func take(weighing minimum: Int = 0) async -> Taking? {
        while true {
            let (taking, isOver, putter) = drain(minimum)
            putter?.resume()
            if taking != nil || isOver { return taking }
            await waitForElements(minimum)
        }
    }

    /// Ends every wait, those of the future too.
    package func close() {
        let (putter, takers) = state.withLock { state in
            state.isClosed = true
            return (Self.wake(&state.putter), Self.wakeAll(&state))
        }
        putter?.resume()
        for taker in takers { taker.resume() }
    }

    private func offer(_ element: Element) -> (isDone: Bool, isOpen: Bool, taker: Waiter?) {
        let weight = weigh(element)
        return state.withLock { state in
            if state.isClosed { return (false, false, nil) }
            guard state.weight < limit else { return (false, true, nil) }
            state.elements.append(element)
            state.weight += weight
            return (true, true, Self.wakeTaker(&state))
        }
    }

    private func drain(_ minimum: Int) -> (taking: Taking?, isOver: Bool, putter: Waiter?) {
        state.withLock { state in
            if state.isClosed { return (nil, true, nil) }
            guard Self.isEnough(state, minimum) else { return (nil, state.isFinished, nil) }
            defer {
                (state.elements, state.weight) = ([], 0)
                state.takings += 1
            }
            return (Taking(number: state.takings, elements: state.elements), false, Self.wake(&state.putter))
        }
    }

    private static func isEnough(_ state: State, _ minimum: Int) -> Bool {
        !state.elements.isEmpty && state.weight >= minimum
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, state.weight >= limit else { return false }
                state.putter = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func waitForElements(_ minimum: Int) async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, !state.isFinished, !Self.isEnough(state, minimum) else { return false }
                state.takers.append(Taker(minimum: minimum, waiter: continuation))
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private static func wake(_ waiter: inout Waiter?) -> Waiter? {
        defer { waiter = nil }
        return waiter
    }

    /// The first taker, of those who ask for least, for whom there is enough.
    private static func wakeTaker(_ state: inout State) -> Waiter? {
        let ready = state.takers.indices.filter { isEnough(state, state.takers[$0].minimum) }
        return ready.min { state.takers[$0].minimum < state.takers[$1].minimum }.map { state.takers.remove(at: $0).waiter }
    }

    private static func wakeAll(_ state: inout State) -> [Waiter] {
        defer { state.takers = [] }
        return state.takers.map(\.waiter)
    }
}
