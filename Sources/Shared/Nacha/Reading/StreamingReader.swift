/// Reads a file in chunks of bytes and yields its rows and breaches.
///
/// It keeps one line and the running sums, so memory depends on the size of a chunk and not on the file.
/// The reader takes files with LF, with CRLF, and without line breaks, with or without stripped trailing spaces, and
/// padded or not. Everything else that departs from the format is a breach, and the reader reads on.
package struct StreamingReader: Sendable {
    private var splitter = LineSplitter()
    private var checker = FileChecker()

    package init() {}

    /// Reads the next chunk of any size.
    package mutating func read(_ chunk: some Sequence<UInt8>) -> [ReadEvent] {
        var lines: [SplitLine] = []
        // The bytes of an array are read in place, because the iterator of another module costs a call for each byte.
        let inPlace: Void? = chunk.withContiguousStorageIfAvailable { bytes in
            for byte in bytes { splitter.take(byte, to: &lines) }
        }
        if inPlace == nil {
            for byte in chunk { splitter.take(byte, to: &lines) }
        }
        return events(lines)
    }

    /// Ends the file and yields what only its end decides. Do not read another chunk afterward.
    package mutating func finish() -> [ReadEvent] {
        var lines: [SplitLine] = []
        splitter.finish(to: &lines)
        return events(lines) + checker.finish().map(ReadEvent.breach)
    }

    /// The form of what was read so far. It is final after `finish`.
    package var form: FileForm {
        FileForm(
            lineBreak: splitter.lineBreak, isPadded: checker.padding.isComplete,
            endsWithLineBreak: splitter.endsWithLineBreak, hasStrippedSpaces: splitter.hasStrippedSpaces)
    }

    private mutating func events(_ lines: [SplitLine]) -> [ReadEvent] {
        var events: [ReadEvent] = []
        events.reserveCapacity(lines.count)
        for line in lines {
            switch line {
            case .breach(let breach): events.append(.breach(breach))
            case .line(let line): append(checker.check(line), to: &events)
            }
        }
        return events
    }

    private func append(_ checked: CheckedLine, to events: inout [ReadEvent]) {
        if !checked.isPadding { events.append(.row(Row(checked.line, record: checked.record))) }
        for breach in checked.breaches { events.append(.breach(breach)) }
    }
}
