/// Writes a file record by record in constant memory. The caller takes the bytes whenever it wants to.
///
/// The writer passes every record through the reader's own checks first, so it never writes what the reader refuses.
/// The bytes depend only on the values and the form: the same calls give the same bytes.
package struct StreamingWriter: Sendable {
    private let form: FileForm
    private let keepsTracesUnique: Bool
    private var checker = FileChecker()
    private var batchHeader: BatchHeader?
    private var lastTraces: [DFIIdentification: TraceNumber] = [:]
    private var lineCount = 0
    private var position = 0
    private var bytes: [UInt8] = []
    private var rows: [Row] = []

    /// Starts a file with its header record.
    ///
    /// With `keepsTracesUnique`, trace numbers of an originating DFI ascend through all batches. Turn it off only to
    /// write a file of another originator again.
    package init(
        _ header: FileHeader, form: FileForm = FileForm(), keepsTracesUnique: Bool = true
    ) throws(NachaWriterError) {
        self.form = form
        self.keepsTracesUnique = keepsTracesUnique
        try write([.fileHeader(header)])
    }

    /// How many bytes wait to be taken.
    package var pendingBytes: Int { bytes.count }

    /// The counts and totals of the batches that ended.
    package var tally: Tally { checker.tally }

    /// The counts and totals of the open batch, or nil if none is open.
    package var batchTally: Tally? { checker.batch?.tally }

    package mutating func beginBatch(_ header: BatchHeader) throws(NachaWriterError) {
        guard checker.stage == .betweenBatches else { throw .outOfOrder }
        if checker.batchCount == 999_999 { throw .overflow(field: FileControlLayout.batchCount.name) }
        try write([.batchHeader(header)])
        batchHeader = header
    }

    package mutating func append(_ entry: NachaEntry) throws(NachaWriterError) {
        guard checker.stage == .inBatch else { throw .outOfOrder }
        let trace = entry.detail.trace
        if keepsTracesUnique, batchTally?.entryAddendaCount == 0, let last = lastTraces[trace.institution],
            trace <= last
        {
            throw .repeatedTrace(trace)
        }
        if entry.detail.declaredAddenda != nil, batchHeader?.standardEntryClass != .ctx {
            let field = CorporateEntryDetailLayout.numberOfAddendaRecords
            throw .breach(Breach(line: lineCount + 1, field, .notAllowedInBatch))
        }
        try write([.entryDetail(entry.detail)] + entry.addenda.map(NachaRecord.addenda))
        lastTraces[trace.institution] = trace
    }

    /// Ends the batch with its control record.
    package mutating func endBatch(messageAuthenticationCode: NachaText = .blank) throws(NachaWriterError) {
        guard let batchHeader, let tally = checker.batch?.tally else { throw .outOfOrder }
        let control = BatchControl(batchHeader, tally, messageAuthenticationCode: messageAuthenticationCode)
        try write([.batchControl(control)])
        self.batchHeader = nil
    }

    /// Ends the file with its control record and the padding.
    package mutating func finish() throws(NachaWriterError) {
        guard checker.stage == .betweenBatches else { throw .outOfOrder }
        let control = FileControl(
            batchCount: checker.batchCount, blockCount: checker.blockCountAtControl, tally: checker.tally)
        try write([.fileControl(control)])
        if form.isPadded { pad() }
        if !form.endsWithLineBreak { bytes.removeLast(form.lineBreak.bytes.count) }
    }

    /// Hands over the bytes and rows written since the last call.
    package mutating func take() -> WrittenChunk {
        let chunk = WrittenChunk(bytes: bytes, rows: rows)
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        return chunk
    }
}

extension StreamingWriter {
    /// Checks all records, then writes all of them or none.
    private mutating func write(_ records: [NachaRecord]) throws(NachaWriterError) {
        var next = checker
        var lines: [Line] = []
        for (index, record) in records.enumerated() {
            let line = line(of: record, after: index)
            if let breach = next.check(line).breaches.first { throw .breach(breach) }
            lines.append(line)
        }
        if let breach = next.closeEntry().first { throw .breach(breach) }
        if let field = next.overflow { throw .overflow(field: field.name) }
        checker = next
        for (line, record) in zip(lines, records) { append(line, record) }
    }

    private func line(of record: NachaRecord, after earlier: Int) -> Line {
        let width = RecordType.columns + form.lineBreak.bytes.count
        return Line(
            number: lineCount + earlier + 1, offset: position + earlier * width, bytes: record.columns,
            length: RecordType.columns)
    }

    private mutating func append(_ line: Line, _ record: NachaRecord) {
        rows.append(Row(line, record: record))
        append(line.columns)
    }

    private mutating func append(_ columns: [UInt8]) {
        bytes += columns
        bytes += form.lineBreak.bytes
        lineCount += 1
        position += columns.count + form.lineBreak.bytes.count
    }

    private mutating func pad() {
        let nines = [UInt8](repeating: .nine, count: RecordType.columns)
        while !lineCount.isMultiple(of: RecordType.blockingFactor) { append(nines) }
    }
}
