import NIOCore
import Synchronization

/// Stands between the source of a batch's lines, the exchange that sends them, and the reader of the results.
final class LineFeed<Value: Sendable>: Sendable {
    private struct State {
        var ledger = LineLedger<Value>()
        /// Which exchange may take lines.
        var exchange = 0
        /// Why the source gave up.
        var failure: (any Error)?
    }

    /// A source that says nothing for so long is not waited for: the request ends, and the next line begins another.
    private static var linger: Duration { .milliseconds(5) }

    private let state = Mutex(State())
    private let hasRoom = Signal()
    private let hasWork = Signal()
    private let hasPart = Signal()

    // MARK: - For the source

    /// Takes a line as soon as there is room for it.
    func put(_ line: LineLedger<Value>.Line) async throws {
        while !state.withLock({ $0.ledger.hasRoom }) {
            await hasRoom.wait()
            try Task.checkCancellation()
        }
        state.withLock { $0.ledger.put(line) }
        hasWork.tell()
        hasPart.tell()
    }

    /// There are no more lines.
    func end(_ failure: (any Error)? = nil) {
        state.withLock { state in
            state.failure = failure
            state.ledger.end()
        }
        hasWork.tell()
        hasPart.tell()
    }

    // MARK: - For the exchange

    /// The body of the next exchange; the one before gets no more lines.
    func body() -> LineParts<Value> {
        let number = state.withLock { state in
            state.exchange += 1
            return state.exchange
        }
        hasPart.tell()
        return LineParts(feed: self, exchange: number)
    }

    /// The next lines to send; nil where the request ends.
    func part(of exchange: Int) async -> ByteBuffer? {
        var hasLingered = false
        while !Task.isCancelled {
            let step = state.withLock { $0.exchange == exchange ? $0.ledger.step() : .end }
            switch step {
            case .send(let lines): return lines
            case .end: return nil
            case .wait: await hasPart.wait()
            case .idle:
                if hasLingered { return nil }
                hasLingered = true
                try? await Task.sleep(for: Self.linger)
            }
        }
        return nil
    }

    /// Keeps an answer. False where no such line was sent.
    func note(_ answer: LineAnswer<Value>, isFinal: Bool) -> Bool {
        let (isKnown, isLast) = state.withLock { state in
            (state.ledger.note(answer, isFinal: isFinal), state.ledger.isAnswered)
        }
        // A body that waits for answers has none to wait for any more.
        if isLast { hasPart.tell() }
        return isKnown
    }

    func endExchange() -> (sent: Int, undecided: Int, refusals: [Refusal]) {
        state.withLock { state in
            state.exchange += 1
            return state.ledger.endExchange()
        }
    }

    // MARK: - For the reader

    /// Whether there is a line to send, as soon as there is; throws why the source gave up, once its lines are through.
    func awaitWork() async throws -> Bool {
        while true {
            if Task.isCancelled { throw PaylinksError.cancelled() }
            let (isReady, isAtEnd, failure) = state.withLock { state in
                (state.ledger.hasReady, state.ledger.isAtEnd, state.failure)
            }
            if isReady { return true }
            if let failure { throw failure }
            if isAtEnd { return false }
            await hasWork.wait()
        }
    }

    func take() -> BatchResult<Value>? {
        let (result, isBodyStale) = state.withLock { state in
            let wasFull = !state.ledger.hasRoom
            return (state.ledger.take(), wasFull && state.ledger.isAnswered)
        }
        guard let result else { return nil }
        hasRoom.tell()
        if isBodyStale { hasPart.tell() }
        return result
    }

    /// The keys of the lines that went out and whose result was not taken.
    var openKeys: [String] { state.withLock { $0.ledger.openKeys } }

    func giveUp() { state.withLock { $0.ledger.giveUp() } }
}

/// The body of one exchange, as many lines at a time as there are.
struct LineParts<Value: Sendable>: AsyncSequence, Sendable {
    let feed: LineFeed<Value>
    let exchange: Int

    func makeAsyncIterator() -> Iterator { Iterator(parts: self) }

    struct Iterator: AsyncIteratorProtocol {
        let parts: LineParts

        func next() async -> ByteBuffer? { await parts.feed.part(of: parts.exchange) }
    }
}
