/// The file control record: the totals of a file. The writer makes it; callers only read it.
package struct FileControl: Hashable, Sendable {
    package let batchCount: Int64
    /// How many blocks of ten lines the file has, the last one filled with lines of 9s.
    package let blockCount: Int64
    /// How many records of types 6 and 7 the file holds.
    package let entryAddendaCount: Int64
    /// The last ten digits of the sum of the batches' entry hashes.
    package let entryHash: Int64
    /// Cents.
    package let totalDebit: Int64
    /// Cents.
    package let totalCredit: Int64

    init(batchCount: Int64, blockCount: Int64, tally: Tally) {
        self.batchCount = batchCount
        self.blockCount = blockCount
        entryAddendaCount = tally.entryAddendaCount
        entryHash = tally.entryHash
        totalDebit = tally.totalDebit
        totalCredit = tally.totalCredit
    }

    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = FileControlLayout
        let batches = scanner.number(Layout.batchCount)
        let blocks = scanner.number(Layout.blockCount)
        let count = scanner.number(Layout.entryAddendaCount)
        let hash = scanner.number(Layout.entryHash)
        let debit = scanner.number(Layout.totalDebitAmount)
        let credit = scanner.number(Layout.totalCreditAmount)
        scanner.blank(Layout.reserved)
        guard scanner.isIntact, let batches, let blocks, let count, let hash, let debit, let credit else { return nil }
        batchCount = batches
        blockCount = blocks
        entryAddendaCount = count
        entryHash = hash
        totalDebit = debit
        totalCredit = credit
    }

    var encoded: EncodedRecord {
        typealias Layout = FileControlLayout
        var record = EncodedRecord(.fileControl)
        record.put(batchCount, Layout.batchCount)
        record.put(blockCount, Layout.blockCount)
        record.put(entryAddendaCount, Layout.entryAddendaCount)
        record.put(entryHash, Layout.entryHash)
        record.put(totalDebit, Layout.totalDebitAmount)
        record.put(totalCredit, Layout.totalCreditAmount)
        return record
    }
}
