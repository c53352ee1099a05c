/// Builds a file of rows that have no breach.
struct FileAssembler {
    private var header: FileHeader?
    private var batches: [NachaBatch] = []
    private var batchHeader: BatchHeader?
    private var entries: [NachaEntry] = []
    private var detail: EntryDetail?
    private var addenda: [Addenda] = []

    /// The file, or nil if a row has no record.
    static func file(of rows: [Row]) -> NachaFile? {
        var assembler = FileAssembler()
        for row in rows {
            guard let record = row.record else { return nil }
            assembler.take(record)
        }
        return assembler.header.map { NachaFile($0, batches: assembler.batches) }
    }

    private mutating func take(_ record: NachaRecord) {
        switch record {
        case .fileHeader(let record): header = record
        case .batchHeader(let record): batchHeader = record
        case .entryDetail(let record):
            endEntry()
            detail = record
        case .addenda(let record): addenda.append(record)
        case .batchControl(let record): endBatch(record)
        case .fileControl: break
        }
    }

    private mutating func endEntry() {
        if let detail { entries.append(NachaEntry(detail, addenda: addenda)) }
        detail = nil
        addenda = []
    }

    private mutating func endBatch(_ control: BatchControl) {
        endEntry()
        if let batchHeader {
            let code = control.messageAuthenticationCode
            batches.append(NachaBatch(batchHeader, entries: entries, messageAuthenticationCode: code))
        }
        batchHeader = nil
        entries = []
    }
}
