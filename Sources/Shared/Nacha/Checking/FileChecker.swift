/// Checks the records of a file one at a time and in constant memory.
///
/// The reader passes what it found, the writer what it is about to write. So both follow the same rules.
struct FileChecker: Hashable, Sendable {
    /// Where in the file the next record stands.
    enum Stage: Hashable, Sendable {
        case start
        case betweenBatches
        case inBatch
        case afterControl
    }

    private(set) var stage = Stage.start
    private(set) var batch: BatchChecker?
    private(set) var tally = Tally()
    private(set) var batchCount: Int64 = 0
    private(set) var padding = PaddingChecker()
    private var lastBatchNumber: Int64?
    private var recordCount = 0
    private var lastLine = 0

    /// Reads the next record. The result has no record if the line is padding or has a breach of its own fields.
    mutating func check(_ line: Line) -> CheckedLine {
        lastLine = line.number
        if stage == .afterControl, line.columns[0] == .nine {
            return CheckedLine(line, isPadding: true, breaches: padding.check(line))
        }
        guard let type = RecordType(rawValue: line.columns[0]), !line.isAllNines else { return unknown(line) }
        if stage == .afterControl, type != .fileHeader { return misplaced(line) }
        var earlier = prepare(for: type, line)
        recordCount += 1
        let (record, breaches) = read(type, line)
        earlier += breaches
        return CheckedLine(line, record: record, breaches: earlier)
    }

    /// Ends the open entry before its next record is known. Only the writer needs it.
    mutating func closeEntry() -> [Breach] {
        batch?.closeEntry() ?? []
    }

    /// Ends the file and returns the breaches that only its end decides.
    mutating func finish() -> [Breach] {
        if stage == .start, recordCount == 0, lastLine == 0 {
            return [Breach(line: 1, .record, .emptyFile)]
        }
        if stage == .afterControl { return padding.finish() }
        var breaches = stage == .start ? [missing(.fileHeader, before: 1)] : []
        breaches += closeBatch(before: lastLine + 1)
        breaches.append(missing(.fileControl, before: lastLine + 1))
        return breaches
    }

    /// The number of the block that the file control record ends, if it is the next record.
    var blockCountAtControl: Int64 {
        Int64(recordCount + RecordType.blockingFactor) / Int64(RecordType.blockingFactor)
    }
}

extension FileChecker {
    /// Reports records that are missing before this one, and opens what it needs.
    private mutating func prepare(for type: RecordType, _ line: Line) -> [Breach] {
        if type == .fileHeader { return startFile(line) }
        var breaches: [Breach] = []
        if stage == .start {
            breaches.append(missing(.fileHeader, before: line.number))
            stage = .betweenBatches
        }
        switch type {
        case .batchHeader, .fileControl: breaches += closeBatch(before: line.number)
        case .entryDetail, .addenda, .batchControl: breaches += requireBatch(before: line.number)
        case .fileHeader: break
        }
        return breaches
    }

    private mutating func startFile(_ line: Line) -> [Breach] {
        if stage == .start { return [] }
        var breaches = stage == .afterControl ? padding.finish() : closeBatch(before: line.number)
        if stage != .afterControl { breaches.append(missing(.fileControl, before: line.number)) }
        breaches.append(Breach(line: line.number, FileHeaderLayout.recordTypeCode, .secondFile))
        self = FileChecker()
        lastLine = line.number
        return breaches
    }

    private mutating func requireBatch(before line: Int) -> [Breach] {
        if batch != nil { return [] }
        batch = BatchChecker(BatchFacts())
        batchCount += 1
        stage = .inBatch
        return [missing(.batchHeader, before: line)]
    }

    /// Ends a batch that has no control record, if one is open.
    private mutating func closeBatch(before line: Int) -> [Breach] {
        guard var open = batch else { return [] }
        let breaches = open.closeEntry()
        endBatch(open)
        return breaches + [missing(.batchControl, before: line)]
    }

    private mutating func endBatch(_ ended: BatchChecker) {
        tally.add(ended.tally)
        batch = nil
        stage = .betweenBatches
    }

    private func missing(_ type: RecordType, before line: Int) -> Breach {
        Breach(line: line, FileHeaderLayout.recordTypeCode, .missingRecord(type))
    }

    private mutating func unknown(_ line: Line) -> CheckedLine {
        recordCount += 1
        let rule: BreachRule = line.isAllNines ? .unexpectedRecord : .unknownRecordType
        var scanner = FieldScanner(line, layout: [])
        scanner.report(FileHeaderLayout.recordTypeCode, rule)
        return CheckedLine(line, breaches: scanner.breaches)
    }

    private func misplaced(_ line: Line) -> CheckedLine {
        let breach = Breach(line: line.number, FileHeaderLayout.recordTypeCode, .unexpectedRecord)
        return CheckedLine(line, breaches: [breach])
    }
}

extension FileChecker {
    private mutating func read(_ type: RecordType, _ line: Line) -> (NachaRecord?, [Breach]) {
        switch type {
        case .fileHeader: readFileHeader(line)
        case .batchHeader: readBatchHeader(line)
        case .entryDetail: readEntry(line)
        case .addenda: readAddenda(line)
        case .batchControl: readBatchControl(line)
        case .fileControl: readFileControl(line)
        }
    }

    private mutating func readFileHeader(_ line: Line) -> (NachaRecord?, [Breach]) {
        var scanner = FieldScanner(line, layout: FileHeaderLayout.fields)
        stage = .betweenBatches
        let record = FileHeader(scanning: &scanner)
        return (record.map(NachaRecord.fileHeader), scanner.breaches)
    }

    private mutating func readBatchHeader(_ line: Line) -> (NachaRecord?, [Breach]) {
        var scanner = FieldScanner(line, layout: BatchHeaderLayout.fields)
        let record = BatchHeader(scanning: &scanner)
        let facts = BatchFacts(line)
        if let number = facts.number, let lastBatchNumber, number <= lastBatchNumber {
            scanner.report(BatchHeaderLayout.batchNumber, .notAscending(previous: lastBatchNumber))
        }
        lastBatchNumber = facts.number ?? lastBatchNumber
        batch = BatchChecker(facts)
        batchCount += 1
        stage = .inBatch
        return (record.map(NachaRecord.batchHeader), scanner.breaches)
    }

    private mutating func readEntry(_ line: Line) -> (NachaRecord?, [Breach]) {
        let earlier = closeEntry()
        let isCorporate = batch?.facts.isCorporate ?? false
        let layout = isCorporate ? CorporateEntryDetailLayout.fields : EntryDetailLayout.fields
        var scanner = FieldScanner(line, layout: layout)
        let record = batch?.entry(&scanner)
        return (record.map(NachaRecord.entryDetail), earlier + scanner.breaches)
    }

    private mutating func readAddenda(_ line: Line) -> (NachaRecord?, [Breach]) {
        guard let layout = RecordLayout.addenda(in: line) else {
            var scanner = FieldScanner(line, layout: PaymentAddendaLayout.fields)
            scanner.report(PaymentAddendaLayout.addendaTypeCode, .unknownCode)
            batch?.unknownAddenda()
            return (nil, scanner.breaches)
        }
        var scanner = FieldScanner(line, layout: layout.fields)
        let record = batch?.addenda(&scanner, layout: layout)
        return (record.map(NachaRecord.addenda), scanner.breaches)
    }

    private mutating func readBatchControl(_ line: Line) -> (NachaRecord?, [Breach]) {
        let earlier = closeEntry()
        var scanner = FieldScanner(line, layout: BatchControlLayout.fields)
        let record = batch?.control(&scanner)
        if let batch { endBatch(batch) }
        return (record.map(NachaRecord.batchControl), earlier + scanner.breaches)
    }

    private mutating func readFileControl(_ line: Line) -> (NachaRecord?, [Breach]) {
        typealias Layout = FileControlLayout
        var scanner = FieldScanner(line, layout: Layout.fields)
        let record = FileControl(scanning: &scanner)
        if batchCount == 0 { scanner.report(Layout.batchCount, .noBatches) }
        scanner.compare(Layout.batchCount, batchCount)
        // The record itself is counted already.
        scanner.compare(Layout.blockCount, Int64((recordCount + 9) / RecordType.blockingFactor))
        scanner.compare(tally, Layout.totals)
        stage = .afterControl
        padding = PaddingChecker(recordCount: recordCount, controlLine: line.number)
        return (record.map(NachaRecord.fileControl), scanner.breaches)
    }
}
