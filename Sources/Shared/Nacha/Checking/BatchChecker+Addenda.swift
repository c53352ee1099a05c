extension BatchChecker {
    /// Checks an addenda record against its entry and its batch.
    func check(addenda layout: RecordLayout, of entry: OpenEntry, _ scanner: inout FieldScanner) {
        if layout == .paymentAddenda {
            checkPayment(entry, &scanner)
        } else {
            checkReturn(layout, entry, &scanner)
        }
    }

    private func checkPayment(_ entry: OpenEntry, _ scanner: inout FieldScanner) {
        typealias Layout = PaymentAddendaLayout
        if entry.isReturn || facts.standardEntryClass == .cor {
            scanner.report(Layout.addendaTypeCode, .addendaNotAllowed)
        } else if let limit = facts.standardEntryClass?.addendaLimit, entry.addendaCount >= limit {
            scanner.report(Layout.recordTypeCode, .addendaLimit(limit))
        }
        scanner.compare(Layout.addendaSequenceNumber, Int64(entry.addendaCount + 1))
        scanner.compare(Layout.entryDetailSequenceNumber, entry.trace.map { $0 % 10_000_000 })
    }

    private func checkReturn(_ layout: RecordLayout, _ entry: OpenEntry, _ scanner: inout FieldScanner) {
        let belongsToCOR = layout == .changeAddenda
        let isInCOR = facts.standardEntryClass.map { $0 == .cor } ?? belongsToCOR
        let isReturn = entry.code.map { $0.purpose == .returned } ?? true
        if !isReturn || belongsToCOR != isInCOR {
            scanner.report(ReturnAddendaLayout.addendaTypeCode, .addendaNotAllowed)
        }
        if entry.addendaCount > 0 {
            scanner.report(ReturnAddendaLayout.recordTypeCode, .addendaLimit(1))
        }
        scanner.compare(ReturnAddendaLayout.traceNumber, entry.trace)
    }
}

extension FieldScanner {
    /// Reports a readable number that differs from the expected one.
    mutating func compare(_ field: Field, _ expected: Int64?) {
        guard let expected, let found = line.digits(field), found != expected else { return }
        report(field, .differs(expected: expected))
    }
}
