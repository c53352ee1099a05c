import Synchronization

/// Collects the results of calls that were begun together, each of which completes once, on any thread.
final class Gathering<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value?]
        var missing: Int
        var continuation: CheckedContinuation<[Value], Never>?

        /// All results, once the last is there.
        var all: [Value]? { missing == 0 ? values.compactMap(\.self) : nil }
    }

    private let state: Mutex<State>

    /// Begins so many calls before it returns.
    init(_ count: Int, _ begin: (_ set: @escaping @Sendable (Int, Value) -> Void) -> Void) {
        state = Mutex(State(values: Array(repeating: nil, count: count), missing: count))
        begin { [self] index, value in set(value, at: index) }
    }

    /// The results in the order of the calls, once the last is there; to be asked for once.
    var values: [Value] {
        get async {
            await withCheckedContinuation { continuation in
                let all = state.withLock { state in
                    let all = state.all
                    if all == nil { state.continuation = continuation }
                    return all
                }
                if let all { continuation.resume(returning: all) }
            }
        }
    }

    private func set(_ value: Value, at index: Int) {
        let finished = state.withLock { state -> (CheckedContinuation<[Value], Never>, [Value])? in
            if state.values[index] == nil { state.missing -= 1 }
            state.values[index] = value
            guard let all = state.all, let continuation = state.continuation else { return nil }
            state.continuation = nil
            return (continuation, all)
        }
        if let (continuation, values) = finished { continuation.resume(returning: values) }
    }
}
