package import NIOCore

/// Cuts a stream of bytes into lines, however the bytes arrive; pure.
///
/// It keeps at most one incomplete line, and nothing of a line that is too long. It leaves blank lines out, and counts
/// them. (NDJSON)
package struct LineSplitter: Sendable {
    package enum Line: Sendable, Hashable {
        case text([UInt8])
        /// The line was longer than allowed; what it said is gone.
        case tooLong
    }

    private static let newline = UInt8(ascii: "\n")

    private let longest: Int
    private var unread = ByteBuffer()
    private var line: [UInt8] = []
    private var isTooLong = false
    /// Bytes of the current line, when it is too long, that are not counted in `dues` yet.
    private var skipped = 0
    private var dues = 0

    /// - Parameter longest: the most bytes of a line, without its end.
    package init(longest: Int) {
        self.longest = longest
    }

    /// Takes on what arrived; to be called once `next` has nothing more.
    package mutating func append(_ bytes: ByteBuffer) {
        unread.writeImmutableBuffer(bytes)
    }

    /// How many requests the bytes count as that made no line since the last call: one for each blank line, and one for
    /// each `longest` bytes of a line that is too long.
    package mutating func takeDues() -> Int {
        defer { dues = 0 }
        return dues
    }

    /// The next complete line.
    package mutating func next() -> Line? {
        while let end = unread.readableBytesView.firstIndex(of: Self.newline) {
            take(end - unread.readerIndex)
            unread.moveReaderIndex(forwardBy: 1)
            if let line = finish() { return line }
            dues += 1
        }
        take(unread.readableBytes)
        unread.clear()
        return nil
    }

    /// The line that the stream ended in, if there is one.
    package mutating func finish() -> Line? {
        defer { (line, isTooLong, skipped) = ([], false, 0) }
        if isTooLong { return .tooLong }
        return line.allSatisfy(Self.isSpace) ? nil : .text(line)
    }

    private mutating func take(_ length: Int) {
        if isTooLong || line.count + length > longest {
            skipped += line.count + length
            dues += skipped / longest
            skipped %= longest
            (line, isTooLong) = ([], true)
        } else {
            line.append(contentsOf: unread.readableBytesView.prefix(length))
        }
        unread.moveReaderIndex(forwardBy: length)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
