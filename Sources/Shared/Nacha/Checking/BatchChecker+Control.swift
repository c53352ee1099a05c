extension BatchChecker {
    /// Reads the batch control record and compares it with the header and with the entries. Call `closeEntry` first.
    func control(_ scanner: inout FieldScanner) -> BatchControl? {
        typealias Layout = BatchControlLayout
        let record = BatchControl(scanning: &scanner)
        if tally.entryAddendaCount == 0 {
            scanner.report(Layout.entryAddendaCount, .emptyBatch)
        }
        scanner.compare(Layout.serviceClassCode, facts.serviceClass.map { Int64($0.rawValue) })
        scanner.compare(tally, Layout.totals)
        if let text = facts.companyIdentification, let found = scanner.line.text(Layout.companyIdentification),
            text != found, !found.isBlank
        {
            scanner.report(Layout.companyIdentification, .differsFromHeader)
        }
        scanner.compare(Layout.originatingDFIIdentification, facts.institution)
        scanner.compare(Layout.batchNumber, facts.number)
        return record
    }
}

/// The fields of a control record that repeat a tally.
struct TotalFields {
    let count: Field
    let hash: Field
    let debit: Field
    let credit: Field
}

extension BatchControlLayout {
    static let totals = TotalFields(
        count: entryAddendaCount, hash: entryHash, debit: totalDebitAmount, credit: totalCreditAmount)
}

extension FileControlLayout {
    static let totals = TotalFields(
        count: entryAddendaCount, hash: entryHash, debit: totalDebitAmount, credit: totalCreditAmount)
}

extension FieldScanner {
    /// Compares a control record's totals with what was counted, as far as that was readable.
    mutating func compare(_ tally: Tally, _ fields: TotalFields) {
        compare(fields.count, tally.entryAddendaCount)
        if tally.isHashKnown { compare(fields.hash, tally.entryHash) }
        if tally.areTotalsKnown {
            compare(fields.debit, tally.totalDebit)
            compare(fields.credit, tally.totalCredit)
        }
    }
}
