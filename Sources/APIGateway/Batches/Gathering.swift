import Synchronization

/// Collects the results of calls that were begun together, each of which completes once, on any thread.
final class Gathering<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value?]
        var missing: Int
        var continuation: CheckedContinuation<[Value], Never>?
    }

    private let state: Mutex<State>

    /// Begins a call for each element, and gives their results in order once the last is there.
    static func all<Element>(
        _ elements: [Element], _ begin: (Element, @escaping @Sendable (Value) -> Void) -> Void
    ) async -> [Value] {
        if elements.isEmpty { return [] }
        return await withCheckedContinuation { continuation in
            let gathering = Gathering(count: elements.count, continuation)
            for (index, element) in elements.enumerated() {
                begin(element) { gathering.set($0, at: index) }
            }
        }
    }

    private init(count: Int, _ continuation: CheckedContinuation<[Value], Never>) {
        state = Mutex(
            State(values: Array(repeating: nil, count: count), missing: count, continuation: continuation))
    }

    private func set(_ value: Value, at index: Int) {
        let finished = state.withLock { state -> (CheckedContinuation<[Value], Never>, [Value])? in
            if state.values[index] == nil { state.missing -= 1 }
            state.values[index] = value
            guard state.missing == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            return (continuation, state.values.compactMap(\.self))
        }
        if let (continuation, values) = finished { continuation.resume(returning: values) }
    }
}
