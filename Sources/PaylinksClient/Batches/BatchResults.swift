import Foundation
import NIOCore
import NIOFoundationCompat

/// What becomes of the lines of a batch, in their order, each as soon as it and those before it are decided.
///
/// Nothing is sent before the first result is asked for, and the source is read at most 1,024 lines ahead of the
/// results. A stream that breaks, and a line that must be retried, are taken up with the lines that have no
/// outcome, under the keys that they had. Where that does not help, such a line's outcome is its refusal, and a broken
/// stream is thrown, after every result that came: with the keys of the lines whose outcome is not known, the first of
/// them that of the line behind the last result. Send those lines again with these keys.
///
/// Lines without a key of their own get one from their place, the same at every iteration of one value: iterating again
/// sends every line again, and does none twice. A source that goes on where it was read to, rather than begin again, is
/// to be iterated once only.
public struct BatchResults<Value: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Element = BatchResult<Value>

    let transport: Transport
    let path: String
    let wait: Duration?
    let pump: @Sendable (LineFeed<Value>) async throws -> Void

    init<Lines: AsyncSequence & Sendable>(_ lines: Lines, to path: String, wait: Duration?, over transport: Transport)
    where Lines.Element: BatchLine {
        self.transport = transport
        self.path = path
        self.wait = wait
        let id = Transport.freshKey()
        pump = { feed in
            var index = 0
            for try await line in lines {
                try await feed.put(LineLedger.Line(line, defaultKey: "\(id)-\(index)"))
                index += 1
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(run: BatchRun(self)) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let run: BatchRun<Value>

        public mutating func next() async throws -> BatchResult<Value>? { try await run.next() }
    }
}

extension LineLedger.Line {
    init(_ line: some BatchLine, defaultKey: String) throws(PaylinksError) {
        var line = line
        let key = line.idempotencyKey ?? defaultKey
        line.idempotencyKey = key
        var text = ByteBuffer(data: try JSON.encode(line))
        text.writeString("\n")
        self.init(key: key, text: text)
    }
}

/// A sequence whose elements are there at once, as one that may have to wait.
struct Immediate<Base: Sequence & Sendable>: AsyncSequence, Sendable where Base.Element: Sendable {
    let base: Base

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.Iterator

        mutating func next() async -> Base.Element? { base.next() }
    }
}
