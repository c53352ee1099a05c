import Synchronization

/// Some lines of a batch, one after the other.
package struct Chunk: Sendable {
    /// The place of the first line in the batch, from 0.
    package let firstIndex: Int
    package let lines: [LineSplitter.Line]
}

/// Where the lines that were read wait until they are worked on: a bounded number of them.
///
/// One task puts, one takes. Who takes gets all that has piled up, so that lines which come one by one are still worked
/// on many at a time. Every wait ends: by the other side, or by `close`.
package final class LineBuffer: Sendable {
    private struct State {
        var lines: [LineSplitter.Line] = []
        var byteCount = 0
        var firstIndex = 0
        var isFinished = false
        var isClosed = false
        var putter: CheckedContinuation<Void, Never>?
        var taker: CheckedContinuation<Void, Never>?
    }

    private let lineLimit: Int
    private let byteLimit: Int
    private let state = Mutex(State())

    package init(lineLimit: Int, byteLimit: Int) {
        self.lineLimit = lineLimit
        self.byteLimit = byteLimit
    }

    /// Puts a line, once there is room. False when nobody will take it any more.
    package func put(_ line: LineSplitter.Line) async -> Bool {
        while true {
            let (isDone, isOpen, taker) = offer(line)
            taker?.resume()
            if isDone || !isOpen { return isOpen }
            await waitForRoom()
        }
    }

    /// Says that no more lines will come.
    package func finish() {
        state.withLock { state in
            state.isFinished = true
            return Self.wake(&state.taker)
        }?.resume()
    }

    /// Everything that waits, as soon as there is anything; `nil` at the end.
    package func take() async -> Chunk? {
        while true {
            let (chunk, isOver, putter) = drain()
            putter?.resume()
            if chunk != nil || isOver { return chunk }
            await waitForLines()
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

    private typealias Waiter = CheckedContinuation<Void, Never>

    private func offer(_ line: LineSplitter.Line) -> (isDone: Bool, isOpen: Bool, taker: Waiter?) {
        state.withLock { state in
            if state.isClosed { return (false, false, nil) }
            guard hasRoom(state) else { return (false, true, nil) }
            state.lines.append(line)
            state.byteCount += line.byteCount
            return (true, true, Self.wake(&state.taker))
        }
    }

    private func drain() -> (chunk: Chunk?, isOver: Bool, putter: Waiter?) {
        state.withLock { state in
            if state.isClosed { return (nil, true, nil) }
            if state.lines.isEmpty { return (nil, state.isFinished, nil) }
            let chunk = Chunk(firstIndex: state.firstIndex, lines: state.lines)
            state.firstIndex += state.lines.count
            (state.lines, state.byteCount) = ([], 0)
            return (chunk, false, Self.wake(&state.putter))
        }
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, !hasRoom(state) else { return false }
                state.putter = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func waitForLines() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard !state.isClosed, !state.isFinished, state.lines.isEmpty else { return false }
                state.taker = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func hasRoom(_ state: State) -> Bool {
        state.lines.count < lineLimit && state.byteCount < byteLimit
    }

    private static func wake(_ waiter: inout Waiter?) -> Waiter? {
        defer { waiter = nil }
        return waiter
    }
}

extension LineSplitter.Line {
    fileprivate var byteCount: Int {
        if case .text(let bytes) = self { bytes.count } else { 0 }
    }
}
