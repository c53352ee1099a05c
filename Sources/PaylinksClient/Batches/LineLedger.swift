import NIOCore

/// Keeps the lines of a batch from their source's word to their result; pure.
///
/// A line is ready, then sent, then decided, then taken, which happens in the lines' order. One that is sent and is not
/// decided when its exchange ends is ready again, in front.
struct LineLedger<Value: Sendable> {
    struct Line: Sendable {
        let key: String
        let text: ByteBuffer
    }

    /// What the exchange's body does next.
    enum Step {
        case send(ByteBuffer)
        /// Wait: the lines in hand have to be answered first.
        case wait
        /// There is room, and the source has said nothing yet.
        case idle
        case end
    }

    private struct Entry {
        let line: Line
        var result: BatchResult<Value>?
        /// An answer that said "try again", until the line is sent again.
        var refused: BatchResult<Value>?
        /// Whether it ever went out.
        var wasSent = false

        var isAnswered: Bool { result != nil || refused != nil }
    }

    /// How many lines are in hand at a time, and about how many bytes of them.
    static var mostLines: Int { 1024 }
    static var mostBytes: Int { 1 << 20 }
    /// More than this the API does not take in one request.
    static var mostPerExchange: Int { 10_000 }

    private var entries: [Int: Entry] = [:]
    private var byteCount = 0
    private var firstIndex = 0
    private var nextIndex = 0
    private var ready: [Int] = []
    /// The lines of the exchange, in the order in which they are answered.
    private var sent: [Int] = []
    /// How many of them have no answer yet.
    private var unanswered = 0
    /// Whether the source has no more.
    private(set) var isAtEnd = false

    var hasRoom: Bool { entries.count < Self.mostLines && byteCount < Self.mostBytes }
    var hasReady: Bool { !ready.isEmpty }
    /// Whether every line of the exchange has its answer.
    var isAnswered: Bool { unanswered == 0 }
    /// Whether no line can be sent before the exchange ends: a line that is to be tried again holds up those behind it.
    private var isStuck: Bool { !hasRoom && isAnswered && entries[firstIndex]?.result == nil }
    /// The keys of those lines that went out and whose result is not taken, in their order.
    var openKeys: [String] {
        (firstIndex..<nextIndex).compactMap { entries[$0] }.filter(\.wasSent).map(\.line.key)
    }

    // MARK: - The source

    mutating func put(_ line: Line) {
        entries[nextIndex] = Entry(line: line)
        byteCount += line.text.readableBytes
        ready.append(nextIndex)
        nextIndex += 1
    }

    mutating func end() { isAtEnd = true }

    // MARK: - An exchange

    mutating func step() -> Step {
        let count = min(ready.count, Self.mostPerExchange - sent.count)
        guard count > 0 else {
            if sent.count == Self.mostPerExchange || isAtEnd || isStuck { return .end }
            return hasRoom ? .idle : .wait
        }
        return .send(send(count))
    }

    /// Earlier answers to the line are void from here on: its outcome is unknown.
    private mutating func send(_ count: Int) -> ByteBuffer {
        var lines = ByteBuffer()
        for index in ready.prefix(count) {
            guard var entry = entries[index] else { continue }
            lines.writeImmutableBuffer(entry.line.text)
            (entry.refused, entry.wasSent) = (nil, true)
            entries[index] = entry
        }
        sent += ready.prefix(count)
        unanswered += count
        ready.removeFirst(count)
        return lines
    }

    /// Keeps the answer to the line of that place. False where there is no such line.
    mutating func note(_ answer: LineAnswer<Value>, isFinal: Bool) -> Bool {
        guard sent.indices.contains(answer.index), let entry = entries[sent[answer.index]] else { return false }
        let index = sent[answer.index]
        let result = BatchResult(
            index: index, idempotencyKey: entry.line.key, status: answer.status, isReplayed: answer.isReplayed,
            outcome: answer.outcome)
        if !entry.isAnswered { unanswered -= 1 }
        if isFinal { entries[index]?.result = result } else { entries[index]?.refused = result }
        return true
    }

    /// Ends the exchange. Returns how many lines it had, and those answers among them that said "try again".
    mutating func endExchange() -> (sent: Int, undecided: Int, refusals: [Refusal]) {
        let undecided = sent.filter { entries[$0] != nil && entries[$0]?.result == nil }
        let refusals = undecided.compactMap { entries[$0]?.refused?.refusal }
        defer { (sent, unanswered) = ([], 0) }
        ready = undecided + ready
        return (sent.count, undecided.count, refusals)
    }

    /// Takes "try again" for the outcome of those lines that were told so last; the others' outcome stays unknown.
    mutating func giveUp() {
        for index in ready {
            let refused = entries[index]?.refused
            entries[index]?.result = refused
        }
        ready.removeAll { entries[$0]?.result != nil }
    }

    /// The next line's result, once there is one.
    mutating func take() -> BatchResult<Value>? {
        guard let entry = entries[firstIndex], let result = entry.result else { return nil }
        entries[firstIndex] = nil
        byteCount -= entry.line.text.readableBytes
        firstIndex += 1
        return result
    }
}

extension BatchResult {
    fileprivate var refusal: Refusal? {
        if case .failure(let refusal) = outcome { refusal } else { nil }
    }
}
