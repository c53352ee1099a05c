import Synchronization

/// Collects the results of calls that were begun together, each of which completes once, on any thread.
final class Gathering<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value?]
        var missing: Int
        var continuation: CheckedContinuation<[Value], Never>?
    }

    private let state: Mutex<State>

    /// Begins so many calls, and gives their results in order once the last is there.
    static func all(
        _ count: Int, _ begin: (_ set: @escaping @Sendable (Int, Value) -> Void) -> Void
    ) async -> [Value] {
        if count == 0 { return [] }
        return await withCheckedContinuation { continuation in
            let gathering = Gathering(count: count, continuation)
            begin { gathering.set($1, at: $0) }
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
