/// Splits chunks of bytes into records, whatever line breaks the file has.
///
/// It keeps at most 94 bytes of a line and only counts the rest, so memory does not depend on the input.
struct LineSplitter: Sendable {
    private enum Mode {
        /// No line break came yet, and fewer than 95 bytes.
        case undecided
        case lines
        /// Every 94 bytes are a record.
        case unbroken
    }

    private var mode = Mode.undecided
    private var columns: [UInt8] = []
    private var length = 0
    private var position = 0
    private var number = 1
    private var offset = 0
    private var holdsCarriageReturn = false
    private var firstBreak: FileForm.LineBreak?
    private var hasReportedMixedBreaks = false
    private(set) var endsWithLineBreak = false
    private(set) var hasStrippedSpaces = false

    /// The line break of the first line; none until one came.
    var lineBreak: FileForm.LineBreak { mode == .unbroken ? .none : firstBreak ?? .none }

    /// Takes one byte and passes on what it completes.
    mutating func take(_ byte: UInt8, to sink: inout [SplitLine]) {
        position += 1
        if byte == .lineFeed {
            endLine(holdsCarriageReturn ? .carriageReturnLineFeed : .lineFeed, to: &sink)
            return
        }
        if holdsCarriageReturn { put(.carriageReturn, to: &sink) }
        holdsCarriageReturn = byte == .carriageReturn
        if !holdsCarriageReturn { put(byte, to: &sink) }
    }

    /// Passes on the last line if no line break ended it.
    mutating func finish(to sink: inout [SplitLine]) {
        if holdsCarriageReturn { put(.carriageReturn, to: &sink) }
        holdsCarriageReturn = false
        if length > 0 { emit(to: &sink) }
    }

    private mutating func put(_ byte: UInt8, to sink: inout [SplitLine]) {
        if endsWithLineBreak, mode == .unbroken { reportMixedBreaks(to: &sink) }
        endsWithLineBreak = false
        if mode == .undecided, length == RecordType.columns { decide(at: byte, to: &sink) }
        if length < RecordType.columns { columns.append(byte) }
        length += 1
        if mode == .unbroken, length == RecordType.columns { emit(to: &sink) }
    }

    /// Byte 95 shows whether another record follows without a line break.
    private mutating func decide(at byte: UInt8, to sink: inout [SplitLine]) {
        mode = RecordType(rawValue: byte) == nil ? .lines : .unbroken
        if mode == .unbroken { emit(to: &sink, before: 1) }
    }

    private mutating func endLine(_ lineBreak: FileForm.LineBreak, to sink: inout [SplitLine]) {
        holdsCarriageReturn = false
        if mode == .unbroken {
            endUnbrokenLine(lineBreak, to: &sink)
            return
        }
        mode = .lines
        if let firstBreak, firstBreak != lineBreak { reportMixedBreaks(to: &sink) }
        firstBreak = firstBreak ?? lineBreak
        if length == 0 { sink.append(.breach(Breach(line: number, .record, .emptyLine))) }
        emit(to: &sink)
        endsWithLineBreak = true
    }

    /// One line break may end a file without line breaks. Any other one is a breach.
    ///
    /// Within the second record it shows that the first line was only too long. Elsewhere the record continues after it.
    private mutating func endUnbrokenLine(_ lineBreak: FileForm.LineBreak, to sink: inout [SplitLine]) {
        if length > 0 || endsWithLineBreak { reportMixedBreaks(to: &sink) }
        if length > 0, number == 2 {
            mode = .lines
            firstBreak = lineBreak
            emit(to: &sink)
        }
        if length == 0 { offset = position }
        endsWithLineBreak = true
    }

    private mutating func reportMixedBreaks(to sink: inout [SplitLine]) {
        if hasReportedMixedBreaks { return }
        hasReportedMixedBreaks = true
        let column = min(length, RecordType.columns) + 1
        sink.append(
            .breach(Breach(line: number, column: column, field: Field.record.name, rule: .mixedLineBreaks)))
    }

    /// Passes the line on and starts the next one. `taken` bytes of the input belong to the next line already.
    private mutating func emit(to sink: inout [SplitLine], before taken: Int = 0) {
        if length > 0 {
            if length < RecordType.columns { hasStrippedSpaces = true }
            sink.append(.line(Line(number: number, offset: offset, bytes: columns, length: length)))
        }
        number += 1
        offset = position - taken
        columns.removeAll(keepingCapacity: true)
        length = 0
    }
}

/// What the splitter passes on.
enum SplitLine {
    case line(Line)
    case breach(Breach)
}
