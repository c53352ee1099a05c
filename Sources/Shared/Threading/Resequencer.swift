import Synchronization

/// Brings what is done in any order back into the order of its numbers, which count from 0.
package final class Resequencer<Element: Sendable>: Sendable {
    private struct State {
        var next = 0
        var early: [Int: Element] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the element of this number; returns those whose turn has come with it, in order: none while one before it
    /// is missing.
    package func add(_ element: Element, number: Int) -> [Element] {
        state.withLock { state in
            state.early[number] = element
            var due: [Element] = []
            while let element = state.early.removeValue(forKey: state.next) {
                due.append(element)
                state.next += 1
            }
            return due
        }
    }
}
